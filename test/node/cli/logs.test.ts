import { existsSync, mkdirSync, statSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { credentialsFor } from '../../../src/node/credentials.ts'
import { startFakeApi } from '../../support/fake-api-server.ts'
import { zipOf } from '../../support/fake-rongcloud-api.ts'
import { aRecord, linesOfRecords } from '../../support/history-log.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive } from './archive-file.ts'
import { spawnArchive } from './archive-process.ts'
import { runArchive } from './cli-in-process.ts'

type Report = {
  read: number
  known: number
  filled: number
  unreadable: number
  files: number
  skipped: number
  failed: unknown[]
}

const uids = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => aRecord({ msgUID: `UID-${from + i}` }))
/** All that an import writes, but when. */
function rowsOf(path: string) {
  const database = new Database(path, { readonly: true })
  try {
    return [
      'SELECT id, msg_uid, conversation_id, content, sent_at_ms, origin, listing, log_flags FROM messages',
      'SELECT id, listed_count, last_message_id, last_listed_id FROM conversations',
      'SELECT reason, detail, body FROM deliveries',
    ].map((sql) => database.prepare(sql).all())
  } finally {
    database.close()
  }
}

const reportOf = (stdout: string) => JSON.parse(stdout) as Report

async function someFiles() {
  const folder = temporaryFolder()
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  writeFileSync(
    join(logs, '1.zip'),
    await zipOf({ 'a/1.log': linesOfRecords(uids(0, 3)), '2.log': linesOfRecords(uids(3, 3)) }),
  )
  writeFileSync(
    join(logs, '2.zip'),
    await zipOf({ '3.log': linesOfRecords(uids(6, 3)) }, { forceZip64Format: true }),
  )
  writeFileSync(join(logs, '3.gz'), gzipSync(linesOfRecords(uids(9, 3))))
  writeFileSync(join(logs, '4'), linesOfRecords(uids(11, 3)))
  return { folder, logs, database: join(folder, 'archive.db') }
}

describe('archive logs import', () => {
  it('takes zips of many members, gzip and plain files, and folders of them', async () => {
    const { logs, database } = await someFiles()
    const { exitCode, stdout, stderr } = await runArchive([
      'logs',
      'import',
      '--json',
      '--database',
      database,
      logs,
    ])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(reportOf(stdout)).toEqual({
      read: 15,
      known: 1,
      filled: 14,
      different: 0,
      unreadable: 0,
      files: 4,
      skipped: 0,
      foreign: [],
      failed: [],
    })
  })

  it('passes over what lies beside logs, in a zip and in a folder, and names it', async () => {
    const { logs, database } = await someFiles()
    const zip = {
      '__MACOSX/._2022-01-21-15': 'junk',
      '2022-01-21-15': linesOfRecords(uids(20, 1)),
      'bad\u001b]0;name\u0007': 'no log',
    }
    writeFileSync(join(logs, '5.zip'), await zipOf(zip))
    writeFileSync(join(logs, '.DS_Store'), 'x')
    writeFileSync(join(logs, 'readme.txt'), 'What this is.\n')
    const parameters = ['logs', 'import', '--database', database, logs]
    const { exitCode, stdout, stderr } = await runArchive(parameters)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const name of [
      '5.zip/__MACOSX/._2022-01-21-15',
      '5.zip/bad\uFFFD]0;name\uFFFD',
      '.DS_Store',
      'readme.txt',
    ])
      expect(stdout).toContain(`no log, passed over: ${name.includes('zip') ? name : join(logs, name)}`)
    expect(reportOf((await runArchive([...parameters, '--json'])).stdout)).toMatchObject({
      known: 16,
      failed: [],
    })
  })

  it('refuses a zip, a named file and a folder without any log', async () => {
    const { folder, database } = await someFiles()
    const junk = join(folder, 'junk')
    mkdirSync(junk)
    writeFileSync(join(junk, 'readme.txt'), 'What this is.\n')
    const run = (path: string) => runArchive(['logs', 'import', '--database', database, path])
    expect(await run(junk)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no history log') as string,
    })
    expect(await run(join(junk, 'readme.txt'))).toMatchObject({ exitCode: 1 })
    writeFileSync(join(junk, 'a.zip'), await zipOf({ 'readme.txt': 'What this is.\n' }))
    expect(await run(junk)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('none of its members') as string,
    })
  })

  it('reads times in the zone of the data centre, or in that of RONGCLOUD_LOG_ZONE', async () => {
    const { folder, database } = await someFiles()
    const log = join(folder, 'log')
    const path = { DATABASE_PATH: database }
    writeFileSync(log, linesOfRecords([aRecord({ msgUID: 'A' })]))
    const sentAt = () => (rowsOf(database)[0]![0] as { sent_at_ms: number }).sent_at_ms
    await runArchive(['logs', 'import', log], { ...path, RONGCLOUD_API: 'beijing' })
    expect(sentAt()).toBe(Date.parse('2024-12-19T08:00:00.123Z'))
    await runArchive(['logs', 'import', log], { ...path, RONGCLOUD_API: 'singapore' })
    expect(sentAt()).toBe(Date.parse('2024-12-19T16:00:00.123Z'))
    await runArchive(['logs', 'import', log], {
      ...path,
      RONGCLOUD_API: 'off',
      RONGCLOUD_LOG_ZONE: 'Asia/Riyadh',
    })
    expect(sentAt()).toBe(Date.parse('2024-12-19T13:00:00.123Z'))
  })

  it('brings what is to nobody in particular, which is whole, and goes along into another archive', async () => {
    const { folder, database } = await someFiles()
    const log = join(folder, 'log')
    const broadcast = aRecord({ targetId: undefined, msgUID: '', isDiscard: 'true' })
    writeFileSync(
      log,
      linesOfRecords([broadcast, aRecord({ msgUID: 'B', targetId: '', targetType: undefined })]),
    )
    await runArchive(['logs', 'import', '--database', database, log])
    const [exported, other] = [join(folder, 'a.ndjson'), join(folder, 'other.db')]
    for (const parameters of [
      ['verify', '--database', database],
      ['export', '--database', database, '--output', exported],
      ['import', '--database', other, exported],
      ['verify', '--database', other],
    ])
      expect([parameters, await runArchive(parameters)]).toMatchObject([parameters, { exitCode: 0 }])
    expect(rowsOf(other)).toEqual(rowsOf(database))
  })

  it('goes on with --resume where it ended, whatever the files are called by now', async () => {
    const { logs, database } = await someFiles()
    await runArchive(['logs', 'import', '--database', database, join(logs, '1.zip')])
    const { stdout } = await runArchive([
      'logs',
      'import',
      '--json',
      '--resume',
      '--database',
      database,
      logs,
    ])
    expect(reportOf(stdout)).toMatchObject({ read: 9, files: 3, skipped: 1 })
  })

  it('goes on with --resume for each app by itself, where --app-key narrows to one', async () => {
    const { folder, database } = await someFiles()
    const log = join(folder, 'two-apps')
    writeFileSync(log, linesOfRecords([aRecord(), aRecord({ msgUID: 'B', appId: 'another' })]))
    const narrowed = async (...appKey: string[]) => {
      const options = ['logs', 'import', '--json', '--resume', '--database', database]
      return reportOf((await runArchive([...options, ...appKey, log])).stdout)
    }
    expect(await narrowed('--app-key', 'another')).toMatchObject({ read: 1, filled: 1, unreadable: 0 })
    expect(await narrowed('--app-key', 'another')).toMatchObject({ read: 0, skipped: 1 })
    expect(await narrowed('--app-key', 'uwd1c0sxdlx2')).toMatchObject({ read: 1, filled: 1, skipped: 0 })
    expect(await narrowed()).toMatchObject({ read: 2, known: 2, skipped: 0 })
    expect(await narrowed()).toMatchObject({ read: 0, skipped: 1 })
  })

  it('tells which file is broken, takes the others, and exits with 1', async () => {
    const { logs, database } = await someFiles()
    writeFileSync(join(logs, '0.zip'), 'PK and no more')
    const { exitCode, stdout, stderr } = await runArchive([
      'logs',
      'import',
      '--json',
      '--database',
      database,
      logs,
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('0.zip')
    expect(reportOf(stdout)).toMatchObject({ filled: 14, files: 4, failed: [{ file: join(logs, '0.zip') }] })
  })

  it('names a file that is not there', async () => {
    const { exitCode, stderr } = await runArchive(['logs', 'import', '/nowhere/x.zip'])
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('/nowhere/x.zip') as string,
    })
  })

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'loses and doubles nothing when it is ended by %s and run again',
    async (signal) => {
      const { folder, database } = await someFiles()
      const log = join(folder, 'large.log')
      writeFileSync(log, linesOfRecords(uids(0, 20_000)) + 'no record\n')
      const parameters = ['logs', 'import', '--json', '--resume', '--database', database, log]
      const { child, ended } = spawnArchive(parameters)
      const { promise, resolve } = Promise.withResolvers<void>()
      // Its log grows as soon as the first batch is written.
      const watcher = watch(folder, () => {
        const wal = `${database}-wal`
        if (existsSync(wal) && statSync(wal).size > 1_000_000) resolve()
      })
      await promise
      watcher.close()
      child.kill(signal)
      const { exitCode, stderr } = await ended
      expect(exitCode).toBe(signal === 'SIGINT' ? 1 : null)
      if (signal === 'SIGINT') expect(stderr).toContain('--resume')
      const again = reportOf((await runArchive(parameters)).stdout)
      expect(again.known).toBeGreaterThan(0)
      expect(again.known + again.filled).toBe(20_000)
      const whole = join(folder, 'whole.db')
      await runArchive(['logs', 'import', '--database', whole, log])
      expect(rowsOf(database)).toEqual(rowsOf(whole))
      expect(reportOf((await runArchive(parameters)).stdout)).toMatchObject({ read: 0, skipped: 1 })
    },
  )
})

describe('archive logs fetch', () => {
  it('asks for an hour in the zone of RONGCLOUD_LOG_ZONE, and says when the log is of other times', async () => {
    const api = await startFakeApi('secret')
    const { database, logs } = await someFiles()
    const records = linesOfRecords([aRecord({ appId: 'app', dateTime: '2024-12-19 23:00:00.000' })])
    api.files.set('2024121916', await zipOf({ 'a/.DS_Store': 'x', log: records }))
    const settings = {
      RONGCLOUD_APPS: 'app:secret',
      RONGCLOUD_API: api.url,
      RONGCLOUD_LOG_ZONE: 'UTC',
      DATABASE_PATH: database,
    }
    await runArchive(['logs', 'import', join(logs, '4')], settings)
    const { exitCode, stdout } = await runArchive(['logs', 'fetch', '--hour', '2024121916'], settings)
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(
        /^app 2024121916 gap: times of the log do not fit its hour: 1 of 1 .*zone UTC.*log\/a\/\.DS_Store/,
      ),
    ])
  })

  it('proves the hours that are asked for', async () => {
    const api = await startFakeApi('secret')
    const { database, logs } = await someFiles()
    api.files.set('2024121916', await zipOf({ log: linesOfRecords([aRecord({ appId: 'app' })]) }))
    const settings = { RONGCLOUD_APPS: 'app:secret', RONGCLOUD_API: api.url, DATABASE_PATH: database }
    await runArchive(['logs', 'import', join(logs, '4')], settings)
    const { exitCode, stdout } = await runArchive(
      ['logs', 'fetch', '--json', '--hour', '2024121916'],
      settings,
    )
    expect(JSON.parse(stdout)).toMatchObject([
      { appKey: 'app', hour: '2024121916', counts: { filled: 1 }, reason: null },
    ])
    expect(exitCode).toBe(0)
  })

  it('does not ask RongCloud for an app that was made up', async () => {
    const { folder, database } = await someFiles()
    credentialsFor({}, database)
    await fillArchive(database, () => Promise.resolve())
    const { exitCode, stderr } = await runArchive(['logs', 'fetch'], {
      DATABASE_PATH: database,
      // Nobody is asked if the command is wrong.
      RONGCLOUD_API: 'http://127.0.0.1:1',
    })
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('RONGCLOUD_APPS is not set') as string,
    })
    expect(existsSync(join(folder, 'credentials.json'))).toBe(true)
  })

  it('refuses what is no hour', async () => {
    const { exitCode, stderr } = await runArchive(['logs', 'fetch', '--hour', '2024-12-19'])
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('yyyyMMddHH') as string,
    })
  })
})
