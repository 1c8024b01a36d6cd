/** Where a moment lies among rows that are numbered in the order of their arrival. */
import { sql, type SQL } from 'drizzle-orm'
import type { deliveries, messages } from './schema.ts'

/**
 * A scalar: the id after which all rows arrived at `sinceMs` or later, found by halving. What was replayed or waited in a
 * queue has its first time of receipt and may put that off by a few.
 */
export function lastIdBefore(table: typeof messages | typeof deliveries, sinceMs: number): SQL<number> {
  const middle = sql`(low + high) / 2`
  const isEarlier = sql`(SELECT received_at_ms FROM ${table} WHERE id > ${middle} ORDER BY id LIMIT 1) < ${sinceMs}`
  return sql`(WITH RECURSIVE halves (low, high) AS (
    SELECT 0, coalesce((SELECT max(id) FROM ${table}), 0)
    UNION ALL SELECT iif(${isEarlier}, ${middle} + 1, low), iif(${isEarlier}, high, ${middle}) FROM halves WHERE low < high
  ) SELECT low FROM halves WHERE low = high)`
}
