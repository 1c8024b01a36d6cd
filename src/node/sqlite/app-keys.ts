/** Which apps a database file has messages of, before anybody opens it as an archive. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { APP_KEYS_SQL } from '../../archive/app-keys.ts'

/** @throws an error of SQLite when the file cannot be read */
export function appKeysIn(path: string): string[] {
  if (!existsSync(path)) return []
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    return readAppKeys(database)
  } finally {
    database.close()
  }
}

export function readAppKeys(database: Database.Database): string[] {
  // An empty file, or that of another program: whoever opens it says so.
  const isArchive = database
    .prepare("SELECT 1 FROM pragma_table_info('conversations') WHERE name = 'app_key'")
    .get()
  return isArchive === undefined ? [] : (database.prepare(APP_KEYS_SQL).pluck().all() as string[])
}
