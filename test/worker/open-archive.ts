/** The archive under test on Workers: the real app on real D1, inside workerd. */
import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, onTestFinished } from 'vitest'
import { openD1Store } from '../../src/worker/d1-store.ts'
import { workerHashing } from '../../src/worker/hashing.ts'
import { createArchive, EMPTY, type ArchiveUnderTest } from '../support/archive.ts'

const { DB, MIGRATIONS } = env as unknown as { DB: D1Database; MIGRATIONS: D1Migration[] }

beforeAll(() => applyD1Migrations(DB, MIGRATIONS))

export function openArchive(settings: Record<string, string> = {}): Promise<ArchiveUnderTest> {
  onTestFinished(async () => {
    await openD1Store(DB).atomically(EMPTY)
  })
  return Promise.resolve(createArchive(openD1Store(DB), workerHashing, settings))
}
