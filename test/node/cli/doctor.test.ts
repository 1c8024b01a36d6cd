import { chmodSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { recordProvenHour } from '../../../src/archive/history-logs.ts'
import { UTC } from '../../../src/domain/log-zone.ts'
import { findInDatabase } from '../../../src/node/doctor/database.ts'
import { findingOfDisk } from '../../../src/node/doctor/files.ts'
import { APP, CONSOLE_PASSWORD, OTHER_APP } from '../../support/archive.ts'
import { startFakeApi } from '../../support/fake-api-server.ts'
import { deliver, deliverMessage, signedQuery } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './cli-in-process.ts'

type Found = Record<string, { level: string; what: string; todo: string | null }>

async function examine(settings: Record<string, string>, ...parameters: string[]) {
  const { exitCode, stdout } = await runArchive(['doctor', '--json', ...parameters], settings)
  const { findings } = JSON.parse(stdout) as {
    findings: { about: string; level: string; what: string; todo: string | null }[]
  }
  for (const { level, todo } of findings) expect(todo === null).toBe(level === 'ok')
  const found: Found = Object.fromEntries(findings.map((finding) => [finding.about, finding]))
  return {
    exitCode,
    found,
    levels: Object.fromEntries(Object.entries(found).map(([about, { level }]) => [about, level])),
  }
}

describe('archive doctor', () => {
  it('finds nothing wrong with a sound archive that has just been written to', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      archive.clock.nowMs = Date.now()
      await deliverMessage(archive, { msgTimestamp: String(Date.now()) })
    })
    chmodSync(path, 0o600)
    const { exitCode, levels } = await examine(settingsFor(path), '--full')
    expect(exitCode).toBe(0)
    expect(levels).toMatchObject({
      settings: 'ok',
      secrets: 'ok',
      migrations: 'ok',
      integrity: 'ok',
      clock: 'ok',
      callbacks: 'ok',
      'search index': 'ok',
      'kept aside': 'ok',
      'write-ahead log': 'ok',
      'file modes': 'ok',
    })
  })

  it('warns of silence, of a weak key, of what was kept aside and of who may read the file', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      await deliverMessage(archive)
      await deliver(archive, 'nothing=readable')
    })
    chmodSync(path, 0o644)
    const { exitCode, levels } = await examine({ ...settingsFor(path), CONSOLE_PASSWORD: 'twelve-chars' })
    expect(exitCode).toBe(0)
    expect(levels).toMatchObject({
      secrets: 'warn',
      callbacks: 'warn',
      'kept aside': 'warn',
      'file modes': 'warn',
    })
  })

  it('fails for a clock that went back and for a database of another version', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      archive.clock.nowMs = Date.now() + 3_600_000
      await deliverMessage(archive)
    })
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { clock: 'fail' } })
    const database = new Database(path)
    database.exec('UPDATE __drizzle_migrations SET created_at = created_at + 1e12')
    database.close()
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { migrations: 'fail' } })
  })

  it('says which hour is the newest that history logs prove, and warns when that is a day ago', async () => {
    const path = join(temporaryFolder(), 'a.db')
    const nowMs = Date.now()
    const counts = { read: 1, known: 1, filled: 0, different: 0, unreadable: 0 }
    const prove = (appKey: string, hoursAgo: number) =>
      fillArchive(path, ({ store }) =>
        recordProvenHour(store, {
          appKey,
          hourStartMs: nowMs - hoursAgo * 3_600_000,
          provenAtMs: nowMs,
          ...counts,
        }),
      )
    const proven = async (more = {}) =>
      (await examine({ ...settingsFor(path), ...more })).found['history logs']
    await prove(APP.appKey, 3)
    expect(await proven()).toMatchObject({
      level: 'warn',
      what: `no hour of ${OTHER_APP.appKey} is proven yet`,
    })
    await prove(OTHER_APP.appKey, 30)
    expect(await proven()).toMatchObject({
      level: 'warn',
      what: expect.stringContaining(OTHER_APP.appKey) as string,
    })
    await prove(OTHER_APP.appKey, 2)
    expect(await proven()).toMatchObject({ level: 'ok' })
    expect(await proven({ RONGCLOUD_API: 'off' })).toBe(undefined)
  })

  it('says on which host RongCloud has the logs, and whether it is allowed; downloads nothing', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, (archive) => deliverMessage(archive))
    const api = await startFakeApi(APP.secret)
    const settings = {
      ...settingsFor(path),
      RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}`,
      RONGCLOUD_API: api.url,
    }
    const logHost = async (given = {}) => (await examine({ ...settings, ...given })).found['log host']
    const named = (url: string) => api.answers.push(() => Response.json({ code: 200, url }))
    api.download = () => {
      throw new Error('downloaded')
    }
    expect(await logHost()).toMatchObject({ level: 'ok', what: expect.stringContaining('no log') as string })
    expect(api.asked).toHaveLength(3)
    named('http://203.0.113.9/1/2024121916/x.zip')
    expect(await logHost()).toMatchObject({
      level: 'fail',
      what: expect.stringMatching(/^203\.0\.113\.9 .*RONGCLOUD_LOG_HOSTS$/) as string,
    })
    named('http://203.0.113.9/1/2024121916/x.zip')
    expect(await logHost({ RONGCLOUD_LOG_HOSTS: '203.0.113.0/24' })).toMatchObject({
      level: 'ok',
      what: expect.stringContaining('203.0.113.9, which is allowed') as string,
    })
    named('http://localhost/x.zip')
    expect(await logHost({ RONGCLOUD_LOG_HOSTS: '203.0.113.0/24' })).toMatchObject({
      level: 'fail',
      what: expect.stringMatching(/^localhost leads to .*not listed.*RONGCLOUD_LOG_HOSTS$/) as string,
    })
    api.answers.push(() => Response.json({ code: 1009 }))
    expect(await logHost()).toMatchObject({ level: 'warn', what: expect.stringContaining('1009') as string })
    expect(await logHost({ RONGCLOUD_API: 'http://127.0.0.1:1' })).toMatchObject({ level: 'warn' })
    expect(await logHost({ RONGCLOUD_API: 'off' })).toBe(undefined)
  })

  it('finds what is wrong with a file that it cannot open or that is of another program', async () => {
    const folder = temporaryFolder()
    expect(
      findInDatabase(join(folder, 'gone.db'), { nowMs: 0, apps: [], withLogs: [], logZone: UTC }),
    ).toMatchObject([
      { about: 'database', level: 'fail', todo: expect.stringContaining('user of the archive') as string },
    ])
    const path = join(folder, 'other.db')
    const database = new Database(path)
    database.exec('CREATE TABLE a (b)')
    database.close()
    const { exitCode, found } = await examine(settingsFor(path), '--full')
    expect([exitCode, found.database?.todo]).toEqual([1, expect.stringContaining('DATABASE_PATH')])
  })

  it('tells in which unit the times of callbacks are signed, and warns of those refused for another', async () => {
    const path = join(temporaryFolder(), 'a.db')
    const settings = { CALLBACK_MAX_AGE_SECONDS: '600' }
    await fillArchive(
      path,
      async (archive) => {
        archive.clock.nowMs = Date.now()
        await deliver(archive, 'a=1', { query: await signedQuery(APP, { time: String(Date.now()) }) })
        await archive.settled()
      },
      settings,
    )
    const first = await examine(settingsFor(path))
    expect(first.found['signed times']).toMatchObject({ level: 'ok', what: `${APP.appKey} in ms` })
    await fillArchive(
      path,
      async (archive) => {
        archive.clock.nowMs = Date.now()
        const time = String(Math.floor(Date.now() / 1000))
        await deliver(archive, 'a=1', { query: await signedQuery(APP, { time }) })
        await archive.settled()
      },
      settings,
    )
    const { found } = await examine(settingsFor(path))
    expect(found['signed times']).toMatchObject({
      level: 'warn',
      what: expect.stringMatching(/^1 callbacks .* in ms$/) as string,
      todo: expect.stringContaining('CALLBACK_TIME_UNIT') as string,
    })
  })

  it('finds credentials that cannot be read', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'credentials.json'), '{', { mode: 0o600 })
    const { exitCode, found } = await examine({ DATABASE_PATH: join(folder, 'a.db') })
    expect([exitCode, found.settings?.what]).toEqual([1, expect.stringContaining('credentials.json')])
  })

  it('warns of a write-ahead log that has grown, and of a disk that has little room', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, (archive) => deliverMessage(archive))
    writeFileSync(`${path}-wal`, '')
    truncateSync(`${path}-wal`, 600 * 1024 ** 2)
    expect((await examine(settingsFor(path))).found['write-ahead log']).toMatchObject({ level: 'warn' })
    const gigabyte = 1024 ** 3
    const levels = [50, 5, 0.1].map((free) => findingOfDisk(free * gigabyte, 100 * gigabyte, gigabyte).level)
    expect(levels).toEqual(['ok', 'warn', 'fail'])
  })

  it('fails where there is no archive, no app, and settings that cannot be read', async () => {
    const path = join(temporaryFolder(), 'a.db')
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { database: 'fail' } })
    const none = { DATABASE_PATH: path, CONSOLE_PASSWORD }
    expect(await examine(none)).toMatchObject({ exitCode: 1, levels: { settings: 'fail' } })
    const wrong = { ...settingsFor(path), TIME_ZONE: 'Nowhere' }
    expect(await examine(wrong)).toMatchObject({ exitCode: 1, levels: { settings: 'fail' } })
  })
})
