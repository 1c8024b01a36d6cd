import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../support/archive.ts'
import { deliverMessage } from '../support/requests.ts'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'
import { useBrowser } from './browser.ts'
import { over } from './console.ts'

const visit = useBrowser()

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

describe('the live page', () => {
  it('shows what arrives, each once, also after the server was stopped and started again', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const settings = { ...SETTINGS, DATABASE_PATH: path, PORT: String(await freePort()) }
    const server = await startServerProcess(settings)
    const archive = over(() => server.url)
    const arrive = async (content: string) => {
      const fields = { msgUID: content, content: JSON.stringify({ content }) }
      expect((await deliverMessage(archive, fields)).status).toBe(200)
    }
    await arrive('before')
    const lost = [/net::ERR/]
    const page = await visit(`${server.url}/console/live`, { expected: lost })
    const lines = page.locator('#live > li')
    await page.getByRole('status').filter({ hasText: /./ }).waitFor()
    await arrive('first')
    await lines.filter({ hasText: 'first' }).waitFor()

    server.child.kill('SIGTERM')
    await server.exited
    await startServerProcess(settings)
    await arrive('meanwhile')
    await arrive('after')
    await lines.filter({ hasText: 'after' }).waitFor()
    const order = ['after', 'meanwhile', 'first', 'before']
    expect(await lines.count()).toBe(order.length)
    for (const [at, content] of order.entries()) expect(await lines.nth(at).textContent()).toContain(content)
  })

  it('stands still while one reads, and then goes on from there', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const archive = over(() => server.url)
    const page = await visit(`${server.url}/console/live`)
    await page.getByRole('button', { name: 'Pause' }).click()
    await deliverMessage(archive, { content: '{"content":"later"}' })
    await page.locator('body').press('Space')
    await page.locator('#live > li', { hasText: 'later' }).waitFor()
    expect(await page.locator('#live > li').count()).toBe(1)
  })
})
