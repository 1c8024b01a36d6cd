/** Whether a database file is sound: as SQLite sees it, and as the archive does. */
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { DERIVED, ORPHANS } from '../../archive/derived.ts'
import { MISCOUNTED_HOURS } from '../../archive/message-counts.ts'
import type { MessageChange } from '../../domain/message-change.ts'
import { saidBy, windowsOf } from '../../ingest/rederive-changes.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))
const COUNTED = [
  'messages',
  'message_changes',
  'conversations',
  'callback_events',
  'deliveries',
  'sellers',
] as const

export type Check = { problems: string[]; counts: Record<string, number> }

export const STEPS = 5 + DERIVED.length

/** Reads the whole file; writes nothing. @param step one of {@link STEPS} is done */
export function checkDatabase(path: string, step: () => void = () => undefined): Check {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    const damage = integrityOf(database)
    step()
    if (damage.length > 0) return { problems: damage, counts: {} }
    const strange = versionProblem(database)
    if (strange) return { problems: [strange], counts: {} }
    const counts = Object.fromEntries(
      COUNTED.map((table) => [
        table,
        Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
      ]),
    )
    step()
    const problems = [
      ...foreignKeys(database),
      ...differing(database, 'messages without conversation', ORPHANS),
    ]
    step()
    for (const { name, differing: sql } of DERIVED) {
      problems.push(...differing(database, `${name} that differ from what the messages say`, sql))
      step()
    }
    problems.push(
      ...differing(database, 'hours whose numbers are not those of the messages', MISCOUNTED_HOURS),
    )
    step()
    problems.push(...tellOf(withUnrecorded(database), 'messages that say of others what is not recorded'))
    step()
    return { problems, counts }
  } finally {
    database.close()
  }
}

function integrityOf(database: Database.Database): string[] {
  try {
    const told = database.pragma('integrity_check') as { integrity_check: string }[]
    return told.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  } catch (error) {
    return [(error as Error).message]
  }
}

/** Migrations that this program knows and the file has not had, and the other way round. */
export function migrationsOf(database: Database.Database): {
  applied: number
  behind: number
  isNewer: boolean
} {
  const known = readMigrationFiles({ migrationsFolder: MIGRATIONS }).map(({ folderMillis }) => folderMillis)
  const rows = database.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all() as number[]
  const newest = Math.max(0, ...rows.map(Number))
  return {
    applied: rows.length,
    behind: known.filter((millis) => millis > newest).length,
    isNewer: newest > Math.max(...known),
  }
}

function versionProblem(database: Database.Database): string | null {
  const isArchive = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get()
  if (!isArchive) return 'is no database of this archive'
  const { behind, isNewer } = migrationsOf(database)
  if (isNewer) return 'was written by a newer version of this program'
  return behind > 0
    ? 'was written by an older version: start this one on it first, which brings it up to date'
    : null
}

function foreignKeys(database: Database.Database): string[] {
  const { length } = database.pragma('foreign_key_check') as unknown[]
  return length === 0 ? [] : [`${length} rows refer to rows that are not there`]
}

function differing(database: Database.Database, what: string, sql: string): string[] {
  return tellOf(database.prepare(sql).pluck().all() as number[], what)
}

function tellOf(found: readonly number[], what: string): string[] {
  return found.length === 0 ? [] : [`${found.length} ${what}, such as ${found.slice(0, 3).join(', ')}`]
}

function withUnrecorded(database: Database.Database): number[] {
  const newestId = Number(database.prepare('SELECT coalesce(max(id), 0) FROM messages').pluck().get())
  const find = database.prepare('SELECT 1 FROM message_changes WHERE app_key = ? AND identity = ?')
  const isRecorded = ({ appKey, identity }: MessageChange) => find.get(appKey, identity.toWellFormed())
  return [...windowsOf(0, newestId)].flatMap((window) => {
    const said = (database.prepare(window).pluck().all() as string[]).map(saidBy)
    return said.flatMap(({ id, changes }) => (changes.every(isRecorded) ? [] : [id]))
  })
}
