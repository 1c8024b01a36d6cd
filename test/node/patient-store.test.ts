import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { logFetching } from '../../src/node/log-downloads.ts'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { temporaryFolder } from '../support/server-process.ts'

const WRITE = { sql: 'INSERT INTO write_checks (id, at_ms) VALUES (1, 1) ON CONFLICT DO NOTHING', params: [] }

function open() {
  const store = openSqliteStore(join(temporaryFolder(), 'archive.db'), { isHurried: true })
  onTestFinished(() => store.close())
  const stopping = new AbortController()
  const silent = () => undefined
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const fetching = logFetching(parseConfig({ RONGCLOUD_APPS: 'app:secret' }), {
    store,
    log,
    signal: stopping.signal,
  })
  if (!fetching) throw new Error('RongCloud is not asked')
  /** More than the server has patience for. */
  const flood = () => Promise.allSettled(Array.from({ length: 5000 }, () => store.atomically([WRITE])))
  return { store, logs: fetching.store, stopping, flood }
}

it('a log waits for its turn where callbacks are told that there are too many', async () => {
  const { store, logs, flood } = open()
  const callbacks = flood()
  await expect(store.atomically([WRITE])).rejects.toMatchObject({ code: 'overloaded' })
  await expect(logs.atomically([WRITE])).resolves.toEqual([[]])
  await callbacks
})

it('a log waits no longer when the server stops', async () => {
  const { logs, stopping, flood } = open()
  const callbacks = flood()
  stopping.abort()
  await expect(logs.atomically([WRITE])).rejects.toMatchObject({ code: 'overloaded' })
  await callbacks
})
