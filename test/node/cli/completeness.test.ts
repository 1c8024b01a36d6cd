import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordProvenHour } from '../../../src/archive/history-logs.ts'
import { openSqliteStore } from '../../../src/node/sqlite-store.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { runArchive } from './archive-process.ts'

const HOUR_MS = 3_600_000

describe('archive completeness show', () => {
  it('lists the hours of the last days with their states', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const store = openSqliteStore(path)
    const hourStartMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS
    const log = { read: 3, known: 2, filled: 1, different: 0, unreadable: 0 }
    await recordProvenHour(store, { appKey: 'k1', hourStartMs, provenAtMs: hourStartMs + 1, ...log })
    await store.close()
    const show = (...more: string[]) =>
      runArchive(['completeness', 'show', '--database', path, ...more], { RONGCLOUD_APPS: 'k1:secret-of-k1' })
    const json = await show('--json', '--days', '1')
    const { items } = JSON.parse(json.stdout) as { items: { startMs: number; state: string; log: unknown }[] }
    expect(json.exitCode).toBe(0)
    expect(items).toHaveLength(25)
    expect(items.filter(({ state }) => state === 'proven')).toMatchObject([{ startMs: hourStartMs, log }])
    const { stdout } = await show('--app-key', 'k2', '--days', '4')
    expect(stdout.split('\n')[0]).toMatch(/^k2 \d{4}-\d\d-\d\d \d\d:00 open: 0 received/)
    expect(stdout).toContain(' too_old: ')
    expect((await show('--days', '99')).exitCode).toBe(2)
  })
})
