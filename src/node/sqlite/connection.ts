import Database from 'better-sqlite3'

// Statement texts are few and fixed but for lists of filters; the bound keeps a hostile mix from growing memory.
const PREPARED_MAX = 500

/**
 * How long a statement waits for another process's lock before the caller is told to come back. What comes to the
 * writer meanwhile waits for as long again, and is to be answered within a second.
 */
const BUSY_TIMEOUT_MS = 300

export type Question = { sql: string; params: unknown[] }

export type Connection = { database: Database.Database; prepare: (sql: string) => Database.Statement }

/** Opens with the archive's settings and keeps prepared statements by their text. */
export function openConnection(path: string, options: { readonly: boolean }): Connection {
  const database = new Database(path, { readonly: options.readonly, timeout: BUSY_TIMEOUT_MS })
  if (!options.readonly) {
    database.pragma('journal_mode = WAL')
    // FULL: a commit is on the disk when it returns. WAL's default, NORMAL, may lose the last ones.
    database.pragma('synchronous = FULL')
    // 64 MB of log instead of 4, so that pages which change often reach the file once. Ingest at 64 connections in
    // one run each: 7,450 messages a second at 4 MB, 8,830 at 64 MB, 11,270 at 128 MB, which costs a longer recovery.
    database.pragma('wal_autocheckpoint = 16384')
  }
  // The system's own cache lies behind this one, which each of the threads has: those that read make do with less.
  database.pragma(`cache_size = ${options.readonly ? -4096 : -16384}`)
  database.pragma('temp_store = MEMORY')
  return { database, prepare: cacheOf(database) }
}

/** Rows as arrays of values in the order of the columns, as drizzle's proxy wants them. @throws an error of SQLite */
export function rowsOf(prepare: Connection['prepare'], { sql, params }: Question): unknown[][] {
  return prepare(sql)
    .raw(true)
    .all(...params) as unknown[][]
}

function cacheOf(database: Database.Database) {
  const statements = new Map<string, Database.Statement>()
  return (sql: string) => {
    let statement = statements.get(sql)
    if (!statement) {
      if (statements.size >= PREPARED_MAX) statements.clear()
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
}
