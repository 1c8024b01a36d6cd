import { count } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeChecks } from '../../src/archive/schema.ts'
import { insist } from '../../src/worker/d1-failure.ts'
import { openD1Store } from '../../src/worker/d1-store.ts'
import { DB } from './bindings.ts'

const put = {
  sql: 'INSERT INTO write_checks (id, at_ms) VALUES (1, 1) ON CONFLICT DO NOTHING RETURNING id',
  params: [],
}

/** D1 that fails `times` times before it does what it is asked, or after it when `late`. */
function failing(times: number, message: string, { late = false } = {}): D1Database {
  let left = times
  const fault = async <T>(work: () => Promise<T>): Promise<T> => {
    const fails = left-- > 0
    if (fails && !late) throw new Error(message)
    const result = await work()
    if (fails) throw new Error(message)
    return result
  }
  const bound = (statement: D1PreparedStatement) =>
    Object.assign(Object.create(statement) as D1PreparedStatement, {
      raw: () => fault(() => statement.raw()),
    })
  return {
    prepare: (sql: string) => DB.prepare(sql),
    batch: (statements: D1PreparedStatement[]) => fault(() => DB.batch(statements)),
    withSession: () => ({
      prepare: (sql: string) => ({ bind: (...params: unknown[]) => bound(DB.prepare(sql).bind(...params)) }),
    }),
  } as unknown as D1Database
}

const TRANSIENT = [
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
  'D1_ERROR: internal error; reference = abc',
]

beforeEach(() => DB.exec('DELETE FROM write_checks'))

describe('D1', () => {
  it.each(TRANSIENT)('that says %j is asked again', async (message) => {
    const store = openD1Store(failing(2, message))
    expect(await store.atomically([put])).toEqual([[{ id: 1 }]])
    const [row] = await openD1Store(failing(1, message)).db.select({ rows: count() }).from(writeChecks)
    expect(row).toEqual({ rows: 1 })
  })

  it('that lost the connection after it committed is asked again without harm', async () => {
    const store = openD1Store(failing(1, 'Network connection lost.', { late: true }))
    expect(await store.atomically([put])).toEqual([[]])
  })

  it('that lacks a table, as before its migrations, is unavailable and not asked again', async () => {
    let asked = 0
    const refuse = () => {
      asked++
      return Promise.reject(new Error('D1_ERROR: no such table: nowhere'))
    }
    await expect(insist(refuse)).rejects.toMatchObject({ code: 'unavailable' })
    expect(asked).toBe(1)
  })

  it('that stays unusable is given up within RongCloud’s five seconds, as unavailable', async () => {
    let slept = 0
    const sleep = (ms: number) => {
      slept += ms
      return Promise.resolve()
    }
    const startedAt = Date.now()
    const attempt = () => Promise.reject(new Error('D1 DB is overloaded'))
    await expect(insist(attempt, { sleep, now: () => startedAt + slept })).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(slept).toBeGreaterThan(500)
    expect(slept).toBeLessThan(2000)
  })
})

describe('D1 that hangs', () => {
  it('is not waited for: the callback is answered in time to be tried again', async () => {
    const hanging = {
      prepare: (sql: string) => DB.prepare(sql),
      batch: () => new Promise<never>(() => {}),
    } as unknown as D1Database
    await expect(openD1Store(hanging).atomically([put])).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a statement that is at fault', () => {
  it('is told from a D1 that is', async () => {
    let asked = 0
    const refuse = () => {
      asked++
      return Promise.reject(new Error('D1_ERROR: NOT NULL constraint failed: SQLITE_CONSTRAINT'))
    }
    await expect(insist(refuse)).rejects.toThrow('NOT NULL')
    expect(asked).toBe(1)
  })
})

describe('units that share a commit on D1', () => {
  it('fail alone', async () => {
    const store = openD1Store(DB, { shared: true })
    const unit = (id: number) => [{ sql: 'INSERT INTO write_checks (id, at_ms) VALUES (?, 1)', params: [id] }]
    const broken = [
      ...unit(1000),
      { sql: 'INSERT INTO write_checks (id, at_ms) VALUES (99, NULL)', params: [] },
    ]
    const results = await Promise.allSettled(
      Array.from({ length: 120 }, (_, i) => store.atomically(i === 70 ? broken : unit(i))),
    )
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([70])
    const [row] = await store.db.select({ rows: count() }).from(writeChecks)
    expect(row).toEqual({ rows: 119 })
  })

  it('make one transaction of many', async () => {
    let batches = 0
    const counting = {
      batch: (statements: D1PreparedStatement[]) => (batches++, DB.batch(statements)),
      prepare: (sql: string) => DB.prepare(sql),
    }
    const store = openD1Store(counting as unknown as D1Database, { shared: true })
    await Promise.all(Array.from({ length: 100 }, () => store.atomically([put])))
    expect(batches).toBe(2)
  })
})
