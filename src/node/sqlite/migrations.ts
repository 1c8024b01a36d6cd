/** Which migrations a database file has had, beside those of this program. */
import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'

export const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/** `behind`: how many the file has not had. */
export type Version = { applied: number; behind: number; isNewer: boolean }

/** Null for a database of another program. */
export function versionOf(database: Database.Database, migrationsFolder = MIGRATIONS): Version | null {
  const names = database.prepare('SELECT name FROM sqlite_master').pluck().all()
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis)
  if (names.length === 0) return { applied: 0, behind: known.length, isNewer: false }
  if (!names.includes('__drizzle_migrations')) return null
  const rows = database.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all() as number[]
  const newest = Math.max(0, ...rows.map(Number))
  return {
    applied: rows.length,
    behind: known.filter((millis) => millis > newest).length,
    isNewer: newest > Math.max(...known),
  }
}
