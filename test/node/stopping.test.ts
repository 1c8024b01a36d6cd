import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONSOLE_PASSWORD, KEYS, SETTINGS } from '../support/archive.ts'
import { bearer } from '../support/requests.ts'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'

describe('the server, when it is told to stop', () => {
  // Cut off after three seconds, they would not end but fail.
  it('ends at once what waits for arrivals', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const signedIn = await fetch(`${server.url}/console/sign-in`, {
      method: 'POST',
      headers: { Origin: server.url },
      body: new URLSearchParams({ password: CONSOLE_PASSWORD }),
      redirect: 'manual',
    })
    const Cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const stream = await fetch(`${server.url}/console/live/stream`, { headers: { Cookie } })
    const waiting = fetch(`${server.url}/api/v1/changes?wait=30`, { headers: bearer(KEYS.all) })
    await fetch(`${server.url}/livez`)
    server.child.kill('SIGTERM')
    expect(await stream.text()).toContain('event: beat')
    expect(await (await waiting).json()).toMatchObject({ items: [] })
    expect(await server.exited).toBe(0)
  })
})
