import { is, Param, Placeholder, type Query } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { drizzle } from 'drizzle-orm/sqlite-proxy'

/** Either door's database. Always await its builders; never use its `.transaction()`. */
export type ArchiveDatabase = BaseSQLiteDatabase<'async', unknown>

/** One statement ready to run: SQL text with `?` for each bound value. */
export type Statement = { sql: string; params: unknown[] }

/** A row as the driver gives it: column names as in SQL. */
export type Row = Record<string, unknown>

/** Where the archive is kept. Rejects with `unavailable` when it cannot be reached or written now. */
export type Store = {
  readonly db: ArchiveDatabase
  /** For long or wide questions: may answer from a copy that lags a moment behind. */
  readonly replica: ArchiveDatabase
  /**
   * Runs all statements or none, in order, durably; they cannot use each other's results.
   * Gives each one's rows (of a `RETURNING` or a `SELECT`).
   * @param turn `next`: it ends what is half done, so it need not queue behind what has not begun
   */
  readonly atomically: (statements: readonly Statement[], turn?: 'next') => Promise<Row[][]>
  readonly size: () => Promise<DatabaseSize>
  readonly vitals: () => Vitals
  readonly close: () => Promise<void>
}

/** Told of each commit: how many units shared it, and how long it took. */
export type CommitNoter = (commit: { units: number; ms: number }) => void

/** `mostBytes` null: as much as there is room on the disk. */
export type DatabaseSize = { bytes: number; mostBytes: number | null }

/** Of this process. Null: nobody knows, or never. */
export type Vitals = { writesWaiting: number | null; lastCommitAtMs: number | null }

/** Writes SQL and runs nothing: statements of the hot path are built once, when their module is loaded. */
export const sqlWriter = drizzle(() => Promise.reject(new Error('sqlWriter only writes SQL')))

/**
 * Turns a builder with `sql.placeholder`s into a function from their values to a statement.
 * Building with Drizzle for each row would cost ten times as much as filling the places.
 */
export function prepared(builder: { toSQL: () => Query }): (values: Record<string, unknown>) => Statement {
  const { sql, params } = builder.toSQL()
  const places = params.map(toPlace)
  return (values) => ({ sql, params: places.map((place) => place(values)) })
}

type Place = (values: Record<string, unknown>) => unknown

// Drizzle's own fillPlaceholders finds out anew for each value what it is.
function toPlace(param: unknown): Place {
  if (is(param, Placeholder)) return (values) => valueAt(values, param.name)
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { name } = param.value
    return (values) => param.encoder.mapToDriverValue(valueAt(values, name))
  }
  return () => param
}

function valueAt(values: Record<string, unknown>, name: string): unknown {
  const value = values[name]
  if (value === undefined) throw new Error(`no value for ${name}`)
  return value
}
