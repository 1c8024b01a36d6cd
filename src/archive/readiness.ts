import { sql } from 'drizzle-orm'
import { writeChecks } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

/** Commits one small row, for nothing less proves that a callback could be stored. Rejects when it could not. */
export async function proveWritable(store: Store, nowMs: number): Promise<void> {
  const upsert = sqlWriter
    .insert(writeChecks)
    .values({ id: 1, atMs: nowMs })
    .onConflictDoUpdate({ target: writeChecks.id, set: { atMs: sql`excluded.at_ms` } })
  await store.atomically([upsert.toSQL()])
}
