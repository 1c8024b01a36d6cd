/** Brings a database file to the schema of this program, or says plainly why not. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { openConnection, type Connection } from './connection.ts'
import { versionOf } from './migrations.ts'

/** Creates the file and its folder when missing. Throws an error with a message for the operator. */
export function migrateDatabase(path: string, migrationsFolder: string): void {
  const connection = openWritable(path)
  try {
    refuseOthers(connection, path, migrationsFolder)
    migrate(drizzle(connection.database), { migrationsFolder })
  } finally {
    connection.database.close()
  }
}

/** For whoever comes to a file that a server of an older version may have open. Throws as above. */
export function requireMigrated(path: string, migrationsFolder: string): void {
  const connection = openWritable(path)
  try {
    const { behind } = refuseOthers(connection, path, migrationsFolder)
    if (behind > 0)
      throw new Error(
        `the database ${path} was written by an older version of this program: start the server of this version on it once, which brings it up to date`,
      )
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

function refuseOthers({ database }: Connection, path: string, migrationsFolder: string) {
  const version = versionOf(database, migrationsFolder)
  // Drizzle's migrator would put our tables among them.
  if (!version) throw new Error(`the database ${path} is of another program; name the archive's`)
  // Drizzle's migrator ignores migrations it does not know; writing to a newer schema would corrupt it.
  if (version.isNewer)
    throw new Error(`the database ${path} was written by a newer version of this program; update the program`)
  return version
}
