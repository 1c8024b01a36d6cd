import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { temporaryFolder } from '../support/server-process.ts'

const WRITE = { sql: 'INSERT INTO write_checks (id, at_ms) VALUES (1, 1) ON CONFLICT DO NOTHING', params: [] }
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'stored',
    (error: { code: string }) => error.code,
  )

it('refuses at once what is more than may wait, takes what came before, and then all again', async () => {
  const store = openSqliteStore(join(temporaryFolder(), 'archive.db'), { isHurried: true })
  const answered: string[] = []
  const writes = Array.from(
    { length: 5000 },
    async () => void answered.push(await outcomeOf(store.atomically([WRITE]))),
  )
  await Promise.all(writes)
  const refused = answered.filter((outcome) => outcome === 'overloaded').length
  expect(refused).toBeGreaterThanOrEqual(1000)
  // Those over the limit are told before anybody who waits.
  expect(answered.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, () => 'overloaded'))
  expect(refused + answered.filter((outcome) => outcome === 'stored').length).toBe(5000)
  expect(await outcomeOf(store.atomically([WRITE]))).toBe('stored')
  await store.close()
})

it('tells all that wait when another process holds the lock, none of them stored, and then stores again', async () => {
  const path = join(temporaryFolder(), 'archive.db')
  const store = openSqliteStore(path, { isHurried: true })
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  const outcomes = await Promise.all(Array.from({ length: 2000 }, () => outcomeOf(store.atomically([WRITE]))))
  expect(outcomes.filter((outcome) => outcome !== 'unavailable' && outcome !== 'overloaded')).toEqual([])
  other.exec('ROLLBACK')
  expect(other.prepare('SELECT count(*) FROM write_checks').pluck().get()).toBe(0)
  other.close()
  expect(await outcomeOf(store.atomically([WRITE]))).toBe('stored')
  await store.close()
})
