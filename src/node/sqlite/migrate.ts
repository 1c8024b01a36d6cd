/** Brings a database file to the schema of this program, or says plainly why not. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { openConnection, type Connection } from './connection.ts'

/** Creates the file and its folder when missing. Throws an error with a message for the operator. */
export function migrateDatabase(path: string, migrationsFolder: string): void {
  const connection = openWritable(path)
  try {
    refuseForeign(connection, path)
    refuseNewer(connection, path, migrationsFolder)
    migrate(drizzle(connection.database), { migrationsFolder })
  } finally {
    connection.database.close()
  }
}

function openWritable(path: string): Connection {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const connection = openConnection(path, { readonly: false })
    // Opening a read-only file succeeds; taking the write lock does not.
    connection.database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return connection
  } catch (error) {
    throw new Error(`the database ${path} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

// Drizzle's migrator would put our tables among them.
function refuseForeign({ database }: Connection, path: string) {
  const names = database.prepare('SELECT name FROM sqlite_master').pluck().all()
  if (names.length > 0 && !names.includes('__drizzle_migrations'))
    throw new Error(`the database ${path} is of another program; name the archive's`)
}

// Drizzle's migrator ignores migrations it does not know; writing to a newer schema would corrupt it.
function refuseNewer({ database }: Connection, path: string, migrationsFolder: string) {
  const known = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get()
  if (!known) return
  const applied = database.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as
    number | null
  const newest = Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis))
  if (applied !== null && applied > newest)
    throw new Error(`the database ${path} was written by a newer version of this program; update the program`)
}
