/**
 * Ids of up to 64 bits in tables. SQLite keeps and compares such an INTEGER exactly, but its drivers bind and give
 * numbers as doubles. So an id is bound as text, which SQLite takes for a number beside a column of integers, and it is
 * read as text (decision 12).
 */
import { sql, type SQL } from 'drizzle-orm'
import { customType, type SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { LongId } from '../../domain/long-id.ts'

export const longIdColumn = customType<{ data: LongId; driverData: LongId }>({
  dataType: () => 'integer',
  fromDriver: (given: unknown) => {
    // A rounded id is another member's.
    throw new Error(`an id was read as ${typeof given}: select it by asText`)
  },
})

/** What a statement selects to read the ids of a column; null where an outer join found no row. */
export function asText(column: SQLiteColumn): SQL<LongId | null> {
  return sql<LongId | null>`CAST(${column} AS TEXT)`
}
