/** The archive under test on Workers: the real app on real D1, inside workerd. */
import { onTestFinished } from 'vitest'
import { openD1Store } from '../../src/worker/d1-store.ts'
import { workerHashing } from '../../src/worker/hashing.ts'
import { createArchive, EMPTY, type ArchiveUnderTest } from '../support/archive.ts'
import { DB } from './bindings.ts'

export { openDownload } from '../../src/worker/log-downloads.ts'

export function openArchive(settings: Record<string, string> = {}): Promise<ArchiveUnderTest> {
  onTestFinished(async () => {
    await openD1Store(DB).atomically(EMPTY)
  })
  return Promise.resolve(createArchive(openD1Store(DB), workerHashing, settings))
}
