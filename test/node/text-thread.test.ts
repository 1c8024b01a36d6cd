import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { expect, it, onTestFinished, vi } from 'vitest'
import { getSearchProgress } from '../../src/archive/search-index.ts'
import type { Store } from '../../src/archive/store.ts'
import { ArchiveError } from '../../src/domain/errors.ts'
import { parseQuery } from '../../src/domain/search-query.ts'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { startText } from '../../src/node/text/thread.ts'
import { createArchive } from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'
import { deliverMessage, getJson } from '../support/requests.ts'
import { temporaryFolder } from '../support/server-process.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const templates = { member: 'u{id}', seller: 'shop_{id}' }

/** An archive in a file, whose messages a thread follows and searches. */
function openFollowed({ given = (store: Store) => store, log = silent } = {}) {
  const path = join(temporaryFolder(), 'archive.db')
  const store = openSqliteStore(path)
  const text = startText({ path, templates, store: given(store), log })
  onTestFinished(async () => {
    await text.close()
    await store.close()
  })
  return { archive: createArchive(store, hashing, {}), store, text }
}

const ask = (q: string) => ({ q: parseQuery(q) })

it('follows the messages and finds them, and its archive has no part in it but to write', async () => {
  const nothing = drizzle(() => Promise.reject(new Error('the main thread reads no texts')))
  const { archive, store, text } = openFollowed({
    given: (whole) => ({ ...whole, db: nothing, replica: nothing }),
  })
  await deliverMessage(archive, { msgUID: 'a' })
  const { items, next } = await text.find(ask('你好'), 10)
  expect(items).toMatchObject([
    {
      message: { msgUID: 'a', state: { versions: [] } },
      snippet: { text: '你好', marks: [{ start: 0, length: 2 }] },
    },
  ])
  expect(next).toBe(null)
  await vi.waitFor(
    async () => expect(await getSearchProgress(store)).toMatchObject({ indexedUpTo: 1 }),
    10_000,
  )
})

it('says what is wrong with a question in the words of the archive', async () => {
  const { text } = openFollowed()
  const error = await text.find({ ...ask('x'), cursor: [1] }, 10).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ArchiveError)
  expect(error).toMatchObject({
    code: 'invalid_request',
    fields: [{ field: 'cursor', message: 'is of a search in another order' }],
  })
})

it('tries again what cannot be written for the moment, and logs what fails for good', async () => {
  const failures: Error[] = [new ArchiveError('overloaded', 'later'), new Error('SQLITE_CORRUPT: damaged')]
  const logged: string[] = []
  const log = { ...silent, error: (...line: unknown[]) => void logged.push(JSON.stringify(line)) }
  const { archive } = openFollowed({
    log,
    given: (store) => ({
      ...store,
      atomically: (...write) => {
        const failure = failures.shift()
        return failure ? Promise.reject(failure) : store.atomically(...write)
      },
    }),
  })
  await deliverMessage(archive)
  await vi.waitFor(() => expect(logged).toHaveLength(1), 10_000)
  expect(logged[0]).toContain('SQLITE_CORRUPT')
})

it('lets callbacks pass while it searches long texts', { timeout: 120_000 }, async () => {
  const { archive, store, text } = openFollowed()
  await deliverMessage(archive, { msgUID: 'first' })
  await store.atomically([
    {
      sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
          sent_at_ms, received_at_ms, origin)
        SELECT app_key, 'long' || i, conversation_id, listing, from_user_id, target_id, object_name,
          json_object('content', replace(hex(zeroblob(60000)), '00', 'a ')), sent_at_ms + i, 1, 'callback'
        FROM n, messages`,
      params: [],
    },
  ])
  const answered: string[] = []
  const searches = Array.from({ length: 8 }, async () => {
    expect((await text.find({ ...ask('a'), order: 'relevance' }, 100)).items).toHaveLength(4)
    answered.push('search')
  })
  for (const msgUID of ['new', 'another']) {
    expect((await deliverMessage(archive, { msgUID })).status).toBe(200)
    answered.push(msgUID)
  }
  await Promise.all(searches)
  expect(answered.slice(0, 2)).toEqual(['new', 'another'])
  expect(await getJson(archive, '/api/v1/search/progress')).toMatchObject({ newestId: 103 })
})

it('leaves nobody waiting who asked it before it was closed, or asks it later', async () => {
  const { archive, text } = openFollowed()
  await deliverMessage(archive)
  const asked = Array.from({ length: 9 }, () => text.find(ask('你好'), 10).catch((error: unknown) => error))
  await text.close()
  const closed = { code: 'unavailable', message: 'the archive is closed' }
  for (const outcome of await Promise.all(asked))
    if (outcome instanceof Error) expect(outcome).toMatchObject(closed)
    else expect(outcome).toMatchObject({ items: [{}] })
  await expect(text.find(ask('你好'), 10)).rejects.toMatchObject(closed)
})
