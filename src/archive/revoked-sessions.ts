/** Which sessions of the console were ended before their time. */
import { eq, lte } from 'drizzle-orm'
import { revokedSessions } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

export async function revokeSession(
  store: Store,
  session: typeof revokedSessions.$inferInsert,
): Promise<void> {
  const insert = sqlWriter.insert(revokedSessions).values(session).onConflictDoNothing()
  await store.atomically([insert.toSQL()])
}

/** One row by its key, for every page of the console asks. */
export async function isRevoked({ db }: Store, idHash: string): Promise<boolean> {
  const found = await db
    .select({ untilMs: revokedSessions.untilMs })
    .from(revokedSessions)
    .where(eq(revokedSessions.idHash, idHash))
  return found.length > 0
}

/** Forgets those that would be over by now anyway. */
export async function forgetOverSessions(store: Store, nowMs: number): Promise<void> {
  await store.atomically([
    sqlWriter.delete(revokedSessions).where(lte(revokedSessions.untilMs, nowMs)).toSQL(),
  ])
}
