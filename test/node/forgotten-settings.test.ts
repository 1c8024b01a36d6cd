import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { credentialsFor } from '../../src/node/credentials.ts'
import { appKeysIn } from '../../src/node/sqlite/app-keys.ts'
import { APP, KEYS, OTHER_APP, SETTINGS } from '../support/archive.ts'
import { deliver, deliverMessage } from '../support/requests.ts'
import { spawnServer, startServerProcess, temporaryFolder } from '../support/server-process.ts'
import { fillArchive, settingsFor } from './cli/archive-file.ts'
import { runArchive } from './cli/cli-in-process.ts'

const CREDENTIALS = ['RONGCLOUD_APPS', 'API_KEYS', 'MEMBER_TOKEN_SECRET', 'CONSOLE_PASSWORD']

/** A database with messages of these apps. */
async function archiveOf(...apps: { appKey: string; secret: string }[]): Promise<string> {
  const path = join(temporaryFolder(), 'archive.db')
  await fillArchive(path, async (archive) => {
    for (const app of apps) await deliverMessage(archive, {}, app)
  })
  return path
}

async function startedWithNothing(path: string) {
  const server = spawnServer({ DATABASE_PATH: path })
  return { code: await server.exited, printed: server.printed() }
}

const beside = (path: string) => join(path, '..', 'credentials.json')

type Doctor = { findings: { about: string; level: string; what: string; todo: string | null }[] }

async function doctorSays(about: string, settings: Record<string, string>) {
  const { stdout } = await runArchive(['doctor', '--json'], settings)
  return (JSON.parse(stdout) as Doctor).findings.find((finding) => finding.about === about)
}

describe('a start without any credential', () => {
  it('is refused where the database has messages of an app, and says which and what is missing', async () => {
    const path = await archiveOf(APP, OTHER_APP)
    const { code, printed } = await startedWithNothing(path)
    expect(code).toBe(1)
    for (const word of [path, APP.appKey, OTHER_APP.appKey, ...CREDENTIALS]) expect(printed).toContain(word)
    expect(existsSync(beside(path))).toBe(false)
  })

  it('is refused though there are credentials that were made up for a demonstration', async () => {
    const path = await archiveOf(APP)
    const madeUp = JSON.stringify({ RONGCLOUD_APPS: 'made-up:secret', API_KEYS: `a:${KEYS.read}:read` })
    writeFileSync(beside(path), madeUp, { mode: 0o600 })
    const { code, printed } = await startedWithNothing(path)
    expect([code, printed]).toEqual([1, expect.stringContaining(APP.appKey)])
    expect(printed).not.toContain('made-up')
    expect(readFileSync(beside(path), 'utf8')).toBe(madeUp)
  })

  it('is refused where a message of another app came to a demonstration', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const madeUp = credentialsFor({}, path)
    const [appKey = '', secret = ''] = (madeUp?.settings.RONGCLOUD_APPS ?? '').split(':')
    const settings = { RONGCLOUD_APPS: `${appKey}:${secret},${APP.appKey}:${APP.secret}` }
    await fillArchive(path, (archive) => deliverMessage(archive, {}, APP), settings)
    expect(() => credentialsFor({}, path)).toThrow(APP.appKey)
  })

  it('is a demonstration for an empty database, and goes on with its own messages', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const madeUp = credentialsFor({}, path)
    expect(madeUp?.isNew).toBe(true)
    const [appKey = '', secret = ''] = (madeUp?.settings.RONGCLOUD_APPS ?? '').split(':')
    const settings = { RONGCLOUD_APPS: `${appKey}:${secret}` }
    await fillArchive(path, (archive) => deliverMessage(archive, {}, { appKey, secret }), settings)
    expect(appKeysIn(path)).toEqual([appKey])
    const server = await startServerProcess({ DATABASE_PATH: path })
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ok' })
  })

  it('is a demonstration where nothing but callbacks kept aside is of another app', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    await fillArchive(path, (archive) => deliver(archive, 'no message'))
    expect(credentialsFor({}, path)).toMatchObject({ isNew: true })
  })

  it('does not take a file that cannot be read for an empty one', () => {
    const path = join(temporaryFolder(), 'archive.db')
    writeFileSync(path, 'no database at all, but a text of more than a few bytes'.repeat(100))
    expect(() => credentialsFor({}, path)).toThrow('not a database')
    expect(existsSync(beside(path))).toBe(false)
  })
})

describe('settings of one app where the archive knows another', () => {
  it('are a warning in the log, at /readyz and of the doctor, and the service starts', async () => {
    const path = await archiveOf(APP, OTHER_APP)
    const settings = { ...settingsFor(path), RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}` }
    const server = await startServerProcess(settings)
    const answer = await fetch(`${server.url}/readyz`)
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', warnings: [expect.stringContaining(`app key ${OTHER_APP.appKey} `)] },
    ])
    expect(server.printed()).toContain(`"appKeys":["${OTHER_APP.appKey}"]`)
    expect(await doctorSays('apps', settings)).toMatchObject({
      level: 'warn',
      what: expect.stringContaining(OTHER_APP.appKey) as string,
    })
    expect(await doctorSays('apps', settingsFor(path))).toMatchObject({ level: 'ok' })
  })

  it('are one without any app, too', async () => {
    const path = await archiveOf(APP)
    const { RONGCLOUD_APPS: _, ...others } = SETTINGS
    const server = await startServerProcess({ ...others, DATABASE_PATH: path })
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      warnings: [expect.stringContaining(APP.appKey)],
    })
  })
})

describe('a command without any credential', () => {
  it('does not go by those of a demonstration where the database is of another app', async () => {
    const path = await archiveOf(APP)
    writeFileSync(
      beside(path),
      JSON.stringify({ RONGCLOUD_APPS: 'made-up:secret', API_KEYS: `a:${KEYS.read}:read` }),
      { mode: 0o600 },
    )
    const settings = { DATABASE_PATH: path }
    expect(await doctorSays('settings', settings)).toMatchObject({
      level: 'fail',
      todo: 'set RONGCLOUD_APPS',
    })
    expect(await doctorSays('apps', settings)).toMatchObject({
      what: expect.stringContaining(APP.appKey) as string,
    })
    const copy = join(path, '..', 'copy.db')
    expect((await runArchive(['backup', 'create', copy], settings)).exitCode).toBe(0)
  })
})

describe('the doctor', () => {
  it('tells of callbacks that came to addresses that do not exist', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    await fillArchive(path, async (archive) => {
      await deliver(archive, 'a=1', { path: '/callback/messages' })
      await deliver(archive, 'a=2', { path: '/callbacks/message' })
    })
    expect(await doctorSays('addresses', settingsFor(path))).toMatchObject({
      level: 'warn',
      what: '2 callbacks came to addresses that do not exist, the newest to /callbacks/message',
    })
  })
})

describe('the app keys of an archive', () => {
  it('are found by steps along an index, whatever the number of conversations', async () => {
    const path = await archiveOf(APP, OTHER_APP)
    const database = new Database(path)
    onTestFinished(() => void database.close())
    database.exec(`INSERT INTO conversations (app_key, channel_type, user_id, target_id, bus_channel)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      SELECT 'app-' || (i % 5), 'GROUP', '', 'g' || i, '' FROM n`)
    expect(appKeysIn(path)).toEqual([
      'app-0',
      'app-1',
      'app-2',
      'app-3',
      'app-4',
      OTHER_APP.appKey,
      APP.appKey,
    ])
  })
})
