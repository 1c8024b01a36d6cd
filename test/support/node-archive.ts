/** The archive under test on Node: the real app on a real SQLite file, asked without a socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { Store } from '../../src/archive/store.ts'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { createArchive, EMPTY, type ArchiveUnderTest } from './archive.ts'
import { hashing } from './hashing.ts'

export { openDownload } from '../../src/node/log-downloads.ts'

// Starting a store's threads takes longer than most tests, so a store is emptied and used again.
const idle: Store[] = []
const folder = mkdtempSync(join(tmpdir(), 'archive-test-'))
let opened = 0

afterAll(async () => {
  await Promise.all(idle.map((store) => store.close()))
  rmSync(folder, { recursive: true })
})

export function openArchive(settings: Record<string, string> = {}): Promise<ArchiveUnderTest> {
  const store = idle.pop() ?? openSqliteStore(join(folder, `${++opened}.db`))
  onTestFinished(async () => {
    // A test that closed its store has nothing to give back.
    const emptied = await store.atomically(EMPTY).catch(() => null)
    if (emptied) idle.push(store)
  })
  return Promise.resolve(createArchive(store, hashing, settings))
}
