import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, describe, expect, it } from 'vitest'
import { APP, KEYS, SETTINGS } from '../support/archive.ts'
import { bearer, messageFields, signedQuery } from '../support/requests.ts'
import { temporaryFolder } from '../support/server-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** Runs what `npm run dev:worker` runs, until it answers. */
async function startDevWorker(settings: Record<string, string>, options: string[] = []): Promise<string> {
  const port = await freePort()
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const place = ['--port', String(port), '--persist-to', temporaryFolder()]
  const child = spawn(process.execPath, ['scripts/dev-worker.ts', ...place, ...variables, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that wrangler's processes end with it.
    detached: true,
    env: { ...process.env, CI: 'true' },
  })
  onTestFinished(() => endGroup(child))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)))
  const url = `http://127.0.0.1:${port}`
  for (let i = 0; i < 300; i++) {
    const answer = await fetch(`${url}/healthz`).catch(() => null)
    if (answer?.ok) return url
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the Worker did not start: ${printed}`)
}

async function endGroup(child: ChildProcess) {
  if (child.exitCode !== null || child.pid === undefined) return
  process.kill(-child.pid, 'SIGKILL')
  await once(child, 'close')
}

async function deliver(url: string, msgUID: string): Promise<number> {
  const body = new URLSearchParams(
    messageFields({ msgUID, content: `{"content":"第${msgUID}条"}` }),
  ).toString()
  const answer = await fetch(`${url}/callbacks/messages?${await signedQuery(APP)}`, { method: 'POST', body })
  return answer.status
}

async function archived(url: string): Promise<Map<string, string>> {
  const answer = await fetch(`${url}/api/v1/messages?limit=500`, { headers: bearer(KEYS.all) })
  const { items } = (await answer.json()) as { items: { msgUID: string; content: string }[] }
  return new Map(items.map(({ msgUID, content }) => [msgUID, content]))
}

describe('npm run dev:worker', () => {
  it('answers signed callbacks from a local D1 that has all migrations', async () => {
    const url = await startDevWorker(SETTINGS)
    expect(await deliver(url, 'A')).toBe(200)
    expect(await archived(url)).toEqual(new Map([['A', '{"content":"第A条"}']]))
    expect((await fetch(`${url}/docs/swagger-ui.css`)).status).toBe(200)
  }, 60_000)

  it('with the queue of wrangler.toml stores in the background what it answered 200', async () => {
    const url = await startDevWorker(SETTINGS, ['--config', withQueue()])
    const uids = Array.from({ length: 150 }, (_, i) => `Q${i}`)
    expect(new Set(await Promise.all(uids.map((uid) => deliver(url, uid))))).toEqual(new Set([200]))
    await expect.poll(async () => (await archived(url)).size, { timeout: 30_000 }).toBe(uids.length)
  }, 90_000)
})

/** The project's wrangler.toml with its commented queue block switched on. */
function withQueue(): string {
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  const switchedOn = toml
    .replaceAll(/^# (\[\[queues|binding|queue|max_|dead_)/gm, '$1')
    .replaceAll(/^#$/gm, '')
    .replaceAll(/"(src|drizzle|node_modules)(?=[/"])/g, `"${ROOT}$1`)
  const path = join(temporaryFolder(), 'wrangler.toml')
  writeFileSync(path, switchedOn)
  expect(switchedOn).toContain('\n[[queues.producers]]')
  return path
}
