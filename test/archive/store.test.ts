import { openArchive } from '#open-archive'
import { count } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { writeChecks } from '../../src/archive/schema.ts'
import type { Store } from '../../src/archive/store.ts'

const put = (id: number) => ({
  sql: 'INSERT INTO write_checks (id, at_ms) VALUES (?, 1) RETURNING id',
  params: [id],
})
const broken = { sql: 'INSERT INTO write_checks (id, at_ms) VALUES (99, NULL)', params: [] }

async function countRows(store: Store): Promise<number | undefined> {
  const [row] = await store.db.select({ rows: count() }).from(writeChecks)
  return row?.rows
}

/** What an error and its causes say. */
const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${textOf(error.cause)}` : ''

describe('a store', () => {
  it('gives each statement its rows, in order', async () => {
    const { store } = await openArchive()
    const rows = await store.atomically([
      put(1),
      { sql: 'SELECT count(*) AS n FROM write_checks', params: [] },
      put(2),
    ])
    expect(rows).toEqual([[{ id: 1 }], [{ n: 1 }], [{ id: 2 }]])
  })

  it('writes all statements or none', async () => {
    const { store } = await openArchive()
    await expect(store.atomically([put(1), broken])).rejects.toThrow('NOT NULL')
    expect(await countRows(store)).toBe(0)
  })

  it('lets a bad unit fail alone, however many wait beside it', async () => {
    const { store } = await openArchive()
    const units = Array.from({ length: 50 }, (_, i) =>
      store.atomically(i === 20 ? [put(1000), broken] : [put(i)]),
    )
    const results = await Promise.allSettled(units)
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([20])
    expect(await countRows(store)).toBe(49)
  })

  it('shows a finished write to the next read', async () => {
    const { store } = await openArchive()
    for (let id = 0; id < 50; id++) {
      await store.atomically([put(id)])
      expect(await countRows(store)).toBe(id + 1)
    }
  })

  it('names what is wrong with a statement', async () => {
    const { store } = await openArchive()
    const write = store.atomically([{ sql: 'INSERT INTO nowhere VALUES (1)', params: [] }])
    expect(await write.then(() => '', textOf)).toContain('nowhere')
  })
})
