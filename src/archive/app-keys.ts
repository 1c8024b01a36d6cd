/** Which apps the messages of the archive are of. */
import { sql } from 'drizzle-orm'
import type { Store } from './store.ts'

/** From each key of an index to the next: as quick among ten million messages as among ten. */
export const APP_KEYS_SQL = `WITH RECURSIVE found (app_key) AS (
  SELECT min(app_key) FROM conversations
  UNION ALL
  SELECT (SELECT min(app_key) FROM conversations WHERE app_key > found.app_key) FROM found WHERE app_key IS NOT NULL
) SELECT app_key FROM found WHERE app_key IS NOT NULL LIMIT 100`

export async function listAppKeys({ db }: Store): Promise<string[]> {
  const rows = await db
    .select({ appKey: sql<string>`app_key` })
    .from(sql`(${sql.raw(APP_KEYS_SQL)}) AS app_keys`)
  return rows.map(({ appKey }) => appKey)
}
