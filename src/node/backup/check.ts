/** Whether a database file is sound: as SQLite sees it, and as the archive does. */
import Database from 'better-sqlite3'
import { DERIVED, ORPHANS } from '../../archive/derived.ts'
import { MISCOUNTED_HOURS } from '../../archive/message-counts.ts'
import { MISINDEXED } from '../../archive/search-index.ts'
import type { MessageChange } from '../../domain/message-change.ts'
import { saidBy, windowEndSql, windowSql } from '../../ingest/rederive-changes.ts'
import { versionOf } from '../sqlite/migrations.ts'

const COUNTED = [
  'messages',
  'message_changes',
  'conversations',
  'callback_events',
  'deliveries',
  'sellers',
] as const

export type Check = {
  /** It is no archive that this program could use: damaged, of another program, or of a newer version. */
  isUsable: boolean
  /** Of an older version: what is derived was not compared. */
  isOlder: boolean
  /** Why it is not usable; otherwise what `archive rebuild` is for. */
  problems: string[]
  counts: Record<string, number>
}

/** What is wrong with the search index is no damage: it can be made again. */
export type Integrity = { damage: string[]; index: string[] }

const COMPARED = [
  { what: 'messages without conversation', sql: ORPHANS },
  ...DERIVED.map(({ name, differing }) => ({
    what: `${name} that differ from what the messages say`,
    sql: differing,
  })),
  { what: 'hours whose numbers are not those of the messages', sql: MISCOUNTED_HOURS },
  { what: 'messages missing in the search index, or rows of none in it', sql: MISINDEXED },
]

/** Integrity, counts, references, and what messages say of others. */
export const STEPS = 4 + COMPARED.length

/** Reads the whole file; writes nothing. @param step one of {@link STEPS} is done */
export function checkDatabase(path: string, step: () => void = () => undefined): Check {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  const check: Check = { isUsable: true, isOlder: false, problems: [], counts: {} }
  try {
    const { damage, index } = integrityOf(database, 'integrity_check')
    step()
    if (damage.length > 0) return { ...check, isUsable: false, problems: damage }
    const version = versionOf(database)
    const problem = whyUnusable(version)
    if (problem !== null) return { ...check, isUsable: false, problems: [problem] }
    const counts = countsOf(database)
    step()
    if (version?.behind !== 0) return { ...check, isOlder: true, counts }
    const problems = [...index, ...foreignKeys(database)]
    step()
    for (const { what, sql } of COMPARED) {
      problems.push(...tellOf(database.prepare(sql).pluck().all() as number[], what))
      step()
    }
    problems.push(...tellOf(withUnrecorded(database), 'messages that say of others what is not recorded'))
    step()
    return { ...check, problems, counts }
  } finally {
    database.close()
  }
}

/** What SQLite finds without comparing indexes with their tables. */
export function findDamage(path: string): Integrity {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    return integrityOf(database, 'quick_check')
  } finally {
    database.close()
  }
}

function integrityOf(database: Database.Database, pragma: 'integrity_check' | 'quick_check'): Integrity {
  try {
    const told = database.prepare(`PRAGMA ${pragma}`).pluck().all() as string[]
    const wrong = told.filter((line) => line !== 'ok')
    const index = wrong.filter((line) => /fts5/i.test(line))
    return { damage: wrong.filter((line) => !index.includes(line)), index }
  } catch (error) {
    return { damage: [(error as Error).message], index: [] }
  }
}

function whyUnusable(version: ReturnType<typeof versionOf>): string | null {
  if (!version || version.applied === 0) return 'is no database of this archive'
  return version.isNewer ? 'was written by a newer version of this program' : null
}

function countsOf(database: Database.Database): Record<string, number> {
  const there = database.prepare('SELECT name FROM sqlite_master').pluck().all()
  const counted = COUNTED.filter((table) => there.includes(table))
  const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  return Object.fromEntries(counted.map((table) => [table, count(table)]))
}

function foreignKeys(database: Database.Database): string[] {
  const { length } = database.pragma('foreign_key_check') as unknown[]
  return length === 0 ? [] : [`${length} rows refer to rows that are not there`]
}

function tellOf(found: readonly number[], what: string): string[] {
  return found.length === 0 ? [] : [`${found.length} ${what}, such as ${found.slice(0, 3).join(', ')}`]
}

function withUnrecorded(database: Database.Database): number[] {
  const find = database.prepare('SELECT 1 FROM message_changes WHERE app_key = ? AND identity = ?')
  const isRecorded = ({ appKey, identity }: MessageChange) => find.get(appKey, identity.toWellFormed())
  return windowsIn(database)
    .flatMap((rows) => rows.map(saidBy))
    .flatMap(({ id, changes }) => (changes.every(isRecorded) ? [] : [id]))
    .toArray()
}

function* windowsIn(database: Database.Database): Generator<string[]> {
  for (let afterId = 0; ;) {
    const endId = database.prepare(windowEndSql(afterId)).pluck().get() as number | null
    if (endId === null) return
    yield database.prepare(windowSql(afterId, endId)).pluck().all() as string[]
    afterId = endId
  }
}
