/**
 * Pages that end by bytes as well as by rows: whoever asks for many rows is given fewer where they are long. The database
 * decides it by the lengths alone, so that what is beyond the end is never read.
 */
import { sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'

/** What the long columns of a page hold together, at most: a row that is longer by itself is a page of its own. */
export const PAGE_BYTES = 2 ** 19

/** `more`: others stand behind the last of these. A page of fewer rows than were asked for may have more. */
export type Page<Row> = { rows: Row[]; more: boolean }

/** Most rows and most bytes of a page; at least one row is given. */
export type PageSize = { limit: number; bytes?: number }

/** Decides between any two rows. */
export type Order = { by: readonly SQLiteColumn[]; direction: 'ASC' | 'DESC' }

type Asked = {
  table: SQLiteTable & { id: SQLiteColumn }
  where: SQL | undefined
  order: Order
  /** Of one row, from the header of its record where `octet_length` is of a column. */
  bytes: SQL
}

/**
 * A SELECT, to be joined with its table as `page`: the ids of a page with their `place` from 1, and in `more` how many of those
 * that were looked at stand behind each. Rows come into order by `place`.
 */
export function pageOf({ table, where, order, bytes }: Asked, size: PageSize): SQL {
  const { limit, bytes: most = PAGE_BYTES } = size
  const columns = order.by.map((column) => sql`${column} AS ${sql.identifier(column.name)}`)
  // One more than asked for tells whether there is more.
  const looked = sql`SELECT ${table.id} AS row_id, ${sql.join(columns, sql`, `)}, ${bytes} AS row_bytes FROM ${table}
    ${where ? sql`WHERE ${where}` : sql``} ORDER BY ${inOrder(order)} LIMIT ${limit + 1}`
  return sql`(SELECT row_id, place, of_all - place AS more FROM (
    SELECT row_id, row_number() OVER sorted AS place, sum(row_bytes) OVER sorted AS bytes, count(*) OVER () AS of_all
    FROM (${looked}) WINDOW sorted AS (ORDER BY ${inOrder(order, nameOf)} ROWS UNBOUNDED PRECEDING)
  ) WHERE place <= ${limit} AND (bytes <= ${most} OR place = 1)) AS page`
}

/** What stands behind ORDER BY. */
export function inOrder(
  { by, direction }: Order,
  written = (column: SQLiteColumn): SQL => sql`${column}`,
): SQL {
  return sql.join(
    by.map((column) => sql`${written(column)} ${sql.raw(direction)}`),
    sql`, `,
  )
}

function nameOf(column: SQLiteColumn): SQL {
  return sql`${sql.identifier(column.name)}`
}

/** To be selected with the columns of the table. */
export const MORE = { more: sql<number>`page.more` }

/** In the order of the page. */
export const BY_PLACE = sql`page.place`

export const isOnPage = ({ id }: { id: SQLiteColumn }) => sql`${id} = page.row_id`

/** The page that was found by {@link pageOf}. */
export function toPage<Row extends { more: number }>(found: readonly Row[]): Page<Omit<Row, 'more'>> {
  const rows = found.map(without)
  return { rows, more: (found.at(-1)?.more ?? 0) > 0 }
}

function without<Row extends { more: number }>(found: Row): Omit<Row, 'more'> {
  const { more: _, ...row } = found
  return row
}

/** Of rows that are all short: one more than `limit` was asked for and tells whether there is more. */
export function firstOf<Row>(found: readonly Row[], limit: number): Page<Row> {
  return { rows: found.slice(0, limit), more: found.length > limit }
}
