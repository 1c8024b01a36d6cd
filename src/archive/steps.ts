/**
 * Work that goes through the messages does so in steps of so many messages, not of so many ids: ids have gaps, and after
 * an import of old records wide ones.
 */
import { sql } from 'drizzle-orm'
import type { Store } from './store.ts'

/**
 * SQL of the id of the last of the next messages; null behind the newest.
 * @param after an id, or SQL of one
 * @param rows how many messages at most, or `?`
 */
export function lastOfNext(after: number | string, rows: number | '?'): string {
  return `(SELECT max(id) FROM (SELECT id FROM messages WHERE id > ${after} ORDER BY id LIMIT ${rows}))`
}

export async function findLastOfNext(store: Store, after: number, rows: number): Promise<number | null> {
  const [row] = await store.db.all<[number | null]>(sql.raw(`SELECT ${lastOfNext(after, rows)}`))
  return row?.[0] ?? null
}
