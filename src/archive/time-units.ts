/** In which unit the callbacks of each app are signed. */
import { signedTimeUnits } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

export type SignedTimeUnit = typeof signedTimeUnits.$inferSelect

export function listTimeUnits({ db }: Store): Promise<SignedTimeUnit[]> {
  return db.select().from(signedTimeUnits)
}

/** Whoever wrote first is right: isolates learn by themselves. */
export async function recordTimeUnits(store: Store, learned: readonly SignedTimeUnit[]): Promise<void> {
  await store.atomically(
    learned.map((unit) => sqlWriter.insert(signedTimeUnits).values(unit).onConflictDoNothing().toSQL()),
  )
}
