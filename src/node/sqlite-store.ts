/** The store on Node: SQLite in threads, one writer and a few readers. */
import type { CommitNoter, Store } from '../archive/store.ts'
import { migrateDatabase, requireMigrated } from './sqlite/migrate.ts'
import { MIGRATIONS } from './sqlite/migrations.ts'
import { startReaders } from './sqlite/reader-pool.ts'
import { storeOver } from './sqlite/store-over.ts'
import { startWriter } from './sqlite/writer-thread.ts'

export type OpenOptions = {
  migrationsFolder?: string
  /** False for who comes beside a server, which may be of an older version: then it has to be up to date already. */
  migrates?: boolean
  readers?: number
  /** Who waits too long is told so: for callbacks, which come again. */
  isHurried?: boolean
  onCommit?: CommitNoter
}

/**
 * Opens the archive in a file, migrating it first unless told not to. Close it to let the process end.
 * @throws an error for the operator when the file cannot be written or is of a newer version
 */
export function openSqliteStore(
  path: string,
  {
    migrationsFolder = MIGRATIONS,
    migrates = true,
    readers: count = 3,
    isHurried = false,
    onCommit,
  }: OpenOptions = {},
): Store {
  if (migrates) migrateDatabase(path, migrationsFolder)
  else requireMigrated(path, migrationsFolder)
  const writer = startWriter(path, { isHurried, onCommit })
  const readers = startReaders(path, count)

  return storeOver({
    ask: readers.ask,
    run: writer.run,
    vitals: writer.vitals,
    close: async () => {
      // The writer last: whoever closes last folds the write-ahead log into the file.
      await readers.close()
      await writer.close()
    },
  })
}
