import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { APP, KEYS, SETTINGS } from '../support/archive.ts'
import { bearer, messageFields, signedQuery } from '../support/requests.ts'
import { messageSamples } from '../support/samples.ts'
import {
  spawnServer,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
} from '../support/server-process.ts'

type Item = { id: number; msgUID: string; content: string }

async function deliver(
  server: ServerProcess,
  query: string,
  body: string,
  contentType = 'application/x-www-form-urlencoded',
) {
  return fetch(`${server.url}/callbacks/messages?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
  })
}

async function read(server: ServerProcess, path: string): Promise<{ items: Item[]; next: string | null }> {
  const answer = await fetch(server.url + path, { headers: bearer(KEYS.all) })
  return (await answer.json()) as { items: Item[]; next: string | null }
}

describe('a first start with nothing configured', () => {
  it('prints where it listens, where the data is, and lines that work when pasted', async () => {
    const folder = temporaryFolder()
    const server = await startServerProcess({ DATABASE_PATH: join(folder, 'archive.db') })
    expect(server.printed()).toContain(`data: ${join(folder, 'archive.db')}`)
    const [send = '', readBack = ''] = server
      .printed()
      .split('\n')
      .filter((line) => line.includes('curl'))
    await expect(run(send)).resolves.toBe('ok')
    expect(JSON.parse(await run(readBack))).toMatchObject({ items: [{ msgUID: 'SAMP-LE00-0000-0001' }] })
    expect(server.printed()).toContain(`open ${server.url}/docs`)
    const [, password = ''] = /\/console and sign in with (\S+)/.exec(server.printed()) ?? []
    const signedIn = await fetch(`${server.url}/console/sign-in`, {
      method: 'POST',
      headers: { Origin: server.url },
      body: new URLSearchParams({ password }),
      redirect: 'manual',
    })
    expect(signedIn.status).toBe(303)
  })

  it('keeps made-up credentials for its owner alone, and uses them again without printing them', async () => {
    const folder = temporaryFolder()
    const credentials = join(folder, 'credentials.json')
    const first = await startServerProcess({ DATABASE_PATH: join(folder, 'archive.db') })
    expect(statSync(credentials).mode & 0o777).toBe(0o600)
    const made = readFileSync(credentials, 'utf8')
    first.child.kill('SIGTERM')
    await first.exited
    const second = await startServerProcess({ DATABASE_PATH: join(folder, 'archive.db') })
    expect(readFileSync(credentials, 'utf8')).toBe(made)
    const settings = Object.values(JSON.parse(made) as Record<string, string>)
    const secrets = settings.flatMap((setting) => setting.split(':')).filter((part) => part.length > 12)
    expect(secrets.length).toBeGreaterThan(3)
    expect(secrets.filter((secret) => first.printed().includes(secret))).not.toEqual([])
    expect(secrets.filter((secret) => second.printed().includes(secret))).toEqual([])
    expect(second.printed()).not.toContain('signature=')
    expect(second.printed()).toContain(credentials)
    expect(second.printed()).toContain(`console: ${second.url}/console`)
  })

  it('makes up nothing once any credential is configured', async () => {
    const folder = temporaryFolder()
    const server = await startServerProcess({
      DATABASE_PATH: join(folder, 'archive.db'),
      API_KEYS: `a:${KEYS.all}:read`,
    })
    expect(() => statSync(join(folder, 'credentials.json'))).toThrow('ENOENT')
    expect(server.printed()).not.toContain('curl')
    expect((await deliver(server, await signedQuery(), 'a=b')).status).toBe(401)
  })

  it('serves the page of the API description from its own address', async () => {
    const server = await startServerProcess({ DATABASE_PATH: join(temporaryFolder(), 'archive.db') })
    const script = await fetch(`${server.url}/docs/swagger-ui-bundle.js`)
    expect(script.headers.get('content-type')).toContain('javascript')
    expect((await script.text()).length).toBeGreaterThan(100_000)
    expect((await fetch(`${server.url}/docs/package.json`)).status).toBe(404)
  })
})

describe('the running server', () => {
  it('archives every sample so that its content reads back byte for byte', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    for (const { name, query, body, contentType } of messageSamples) {
      const answer = await deliver(server, new URLSearchParams(query).toString(), body, contentType)
      expect(`${name} ${answer.status}`).toBe(`${name} ${name.includes('-bad-') ? 401 : 200}`)
    }
    const expected = new Map<string, string>()
    for (const { name, body } of messageSamples.filter((sample) => !sample.name.includes('-bad-'))) {
      const fields = new URLSearchParams(body)
      const uid = fields.get('msgUID') ?? name
      expected.set(uid, expected.get(uid) ?? fields.get('content') ?? '')
    }
    const { items } = await read(server, '/api/v1/messages?limit=500')
    const archived = items.map(({ msgUID, content }) => [
      msgUID.startsWith('sha256:') ? 'legacy-2015-timestamp-field-no-msguid' : msgUID,
      content,
    ])
    expect(new Map(archived as [string, string][])).toEqual(expected)
    expect(items).toHaveLength(expected.size)
  })

  it('has every message it answered 200 after being killed, exactly once', async () => {
    const settings = { ...SETTINGS, DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    const server = await startServerProcess(settings)
    const acknowledged: string[] = []
    const senders = Array.from({ length: 20 }, async (_, sender) => {
      for (let i = 0; ; i++) {
        const msgUID = `K-${sender}-${i}`
        const body = new URLSearchParams(messageFields({ msgUID })).toString()
        const answer = await deliver(server, await signedQuery(), body).catch(() => null)
        if (!answer) return
        if (answer.status === 200) acknowledged.push(msgUID)
        if (acknowledged.length > 500) server.child.kill('SIGKILL')
      }
    })
    await Promise.all(senders)
    await server.exited
    const again = await startServerProcess(settings)
    const archived = await readAll(again)
    const found = archived.map(({ msgUID }) => msgUID)
    expect(acknowledged.filter((msgUID) => !found.includes(msgUID))).toEqual([])
    expect(new Set(found).size).toBe(found.length)
  })

  it('ends with exit code 0 on SIGTERM and leaves one file', async () => {
    const folder = temporaryFolder()
    const server = await startServerProcess({ ...SETTINGS, DATABASE_PATH: join(folder, 'archive.db') })
    await deliver(server, await signedQuery(), new URLSearchParams(messageFields()).toString())
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(() => statSync(join(folder, 'archive.db-wal'))).toThrow('ENOENT')
  })

  it('stores before it ends what an answer did not wait for', async () => {
    const settings = { ...SETTINGS, DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    const server = await startServerProcess(settings)
    const asked = Array.from({ length: 200 }, async (_, i) => {
      const body = `fromUserId=u1&targetId=g1&messageId=P-${i}`
      const path = `/callbacks/pre-messages?${await signedQuery()}`
      return (await fetch(server.url + path, { method: 'POST', body })).text()
    })
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['{"pass":1}']))
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    const again = await startServerProcess(settings)
    expect((await read(again, '/api/v1/events?limit=500')).items).toHaveLength(200)
  })

  it('stores what is answered already as soon as the database lets it', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const server = await startServerProcess({ ...SETTINGS, DATABASE_PATH: path })
    const holder = new Database(path)
    holder.exec('BEGIN IMMEDIATE')
    const asked = { method: 'POST', body: 'fromUserId=u1&targetId=g1&messageId=P-1' }
    const answer = await fetch(`${server.url}/callbacks/pre-messages?${await signedQuery()}`, asked)
    expect(await answer.text()).toBe('{"pass":1}')
    // A callback that could come again is given up after 350 ms.
    await sleep(700)
    holder.exec('ROLLBACK')
    holder.close()
    await vi.waitFor(async () => expect((await read(server, '/api/v1/events')).items).toHaveLength(1), 5000)
  })

  it('never writes content or secrets to its log', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      LOG_LEVEL: 'debug',
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const body = new URLSearchParams(messageFields({ content: 'VERY-PRIVATE' })).toString()
    await deliver(server, await signedQuery(), body)
    await deliver(server, 'signature=wrong', body)
    await fetch(`${server.url}/api/v1/messages`, { headers: bearer('no-such-key-at-all') })
    expect(server.printed()).toContain('callback refused')
    for (const secret of ['VERY-PRIVATE', APP.secret, KEYS.all, 'no-such-key-at-all'])
      expect(server.printed()).not.toContain(secret)
  })
})

describe('what Node refuses before the app sees it', () => {
  const REFUSED: [what: string, request: string, status: number][] = [
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a method that nobody has', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    ['20 KB of headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ]

  it('is answered by a status and nothing to read', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const { hostname, port } = new URL(server.url)
    for (const [what, request, status] of REFUSED) {
      const socket = connect(Number(port), hostname)
      socket.write(request)
      const [head = '', body] = (await text(socket)).split(/\r\n\r\n(.*)/s)
      expect([what, head.split(' ')[1]]).toEqual([what, String(status)])
      // `0` ends a body that comes in pieces.
      expect([what, body?.replace('0\r\n\r\n', '')]).toEqual([what, ''])
    }
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

describe('a start that cannot succeed', () => {
  it('names every wrong setting at once and starts nothing', async () => {
    const folder = temporaryFolder()
    const server = spawnServer({
      DATABASE_PATH: join(folder, 'archive.db'),
      PORT: '99999',
      TIME_ZONE: 'Mars/Base',
      RONGCLOUD_APPS: 'no-secret',
      MEMBER_USER_ID: 'u',
    })
    expect(await server.exited).toBe(1)
    for (const name of ['PORT', 'TIME_ZONE', 'RONGCLOUD_APPS', 'MEMBER_USER_ID'])
      expect(server.printed()).toContain(name)
    expect(() => statSync(join(folder, 'archive.db'))).toThrow('ENOENT')
  })

  it('says that the address is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const server = spawnServer({
      ...SETTINGS,
      PORT: String(port),
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(`cannot listen on 127.0.0.1 port ${port}`)
    expect(server.printed()).not.toContain('    at ')
    taken.close()
  })

  it('says that the database cannot be written', async () => {
    const folder = join(temporaryFolder(), 'data')
    mkdirSync(folder)
    // Root may write anywhere, so the obstacle is a folder where the file should be.
    const path = join(folder, 'archive.db')
    mkdirSync(path)
    const server = spawnServer({ ...SETTINGS, DATABASE_PATH: path })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(`the database ${path} cannot be written`)
  })

  it('says that the file is no database', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    writeFileSync(path, 'this is a letter, not a database, and long enough to be read as a header'.repeat(20))
    const server = spawnServer({ ...SETTINGS, DATABASE_PATH: path })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(path)
  })
})

async function run(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command])
  return stdout
}

async function readAll(server: ServerProcess): Promise<Item[]> {
  const items: Item[] = []
  let next: string | null = null
  do {
    const page: { items: Item[]; next: string | null } = await read(
      server,
      `/api/v1/messages?limit=500${next ? `&cursor=${next}` : ''}`,
    )
    items.push(...page.items)
    next = page.next
  } while (next)
  return items
}
