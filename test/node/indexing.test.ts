import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Store } from '../../src/archive/store.ts'
import { startIndexing } from '../../src/node/indexing.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

it('a failure is logged with its cause, and without what the archive was given', async () => {
  const failure = new Error('SQLITE_CORRUPT: the file is damaged')
  const logged = new Promise<string>((resolve) => {
    const db = drizzle(() => Promise.reject(failure))
    const atomically = () => Promise.reject(new Error('Failed query: … params: private', { cause: failure }))
    const log = { ...silent, error: (...line: unknown[]) => resolve(JSON.stringify(line)) }
    const indexing = startIndexing({ db, replica: db, atomically } as unknown as Store, log)
    onTestFinished(() => indexing.stop())
  })
  expect(await logged).toContain('SQLITE_CORRUPT')
  expect(await logged).not.toMatch(/Failed query|private/)
})

it('the index follows the messages until it is stopped', async () => {
  const archive = await openArchive()
  const progress = () => getJson(archive, '/api/v1/search/progress')
  const indexing = startIndexing(archive.store, silent)
  await deliverMessage(archive, { msgUID: 'a' })
  await vi.waitFor(async () => expect(await progress()).toEqual({ indexedUpTo: 1, newestId: 1 }), 5000)
  await indexing.stop()
  await deliverMessage(archive, { msgUID: 'b' })
  expect(await progress()).toEqual({ indexedUpTo: 1, newestId: 2 })
})
