/** The archive under test on Node: the real app on a real SQLite file, asked without a socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { nodeHashing } from '../../src/node/hashing.ts'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { SETTINGS, type ArchiveUnderTest } from './archive.ts'

export async function openArchive(settings: Record<string, string> = {}): Promise<ArchiveUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'archive-test-'))
  const store = openSqliteStore(join(folder, 'archive.db'))
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const clock = { nowMs: Date.parse('2024-12-20T00:00:00Z') }
  const peer = { address: '192.0.2.10' }
  const logged: string[] = []
  const log = (event: string, facts?: Record<string, unknown>) =>
    void logged.push(JSON.stringify({ event, ...facts }))
  const { app, endpoints } = createApp({
    store,
    settings: parseConfig({ ...SETTINGS, ...settings }),
    hashing: nodeHashing,
    log: { debug: log, info: log, warn: log, error: log },
    now: () => clock.nowMs,
    remoteAddress: () => peer.address,
    docsAsset: () => Promise.resolve(null),
  })
  return {
    request: async (path, init) => app.request(path, init),
    store,
    endpoints,
    clock,
    peer,
    logged,
  }
}
