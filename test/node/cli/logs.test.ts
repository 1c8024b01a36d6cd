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
import { runArchive, spawnArchive } from './archive-process.ts'

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
      failed: [],
    })
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
