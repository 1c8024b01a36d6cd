/** Callbacks that brought no new row, by the hour of their arrival. */
import { and, eq, gte, sql } from 'drizzle-orm'
import { callbackCounts } from './schema.ts'
import type { Store } from './store.ts'

export type CallbackCount = typeof callbackCounts.$inferSelect

/** Adds all of them or none. */
export async function addCallbackCounts(store: Store, counts: readonly CallbackCount[]): Promise<void> {
  const rows = counts.map(({ hourStartMs, appKey, kind, outcome, reason, callbacks }) => [
    hourStartMs,
    appKey,
    kind,
    outcome,
    reason,
    callbacks,
  ])
  await store.atomically([
    {
      sql: `INSERT INTO callback_counts (hour_start_ms, app_key, kind, outcome, reason, callbacks)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) WHERE true
        ON CONFLICT DO UPDATE SET callbacks = callbacks + excluded.callbacks`,
      params: [JSON.stringify(rows)],
    },
  ])
}

export type OutcomeCount = Pick<CallbackCount, 'outcome' | 'reason' | 'callbacks'>

/** Of all hours from the one that begins at `fromMs`, the most frequent first. */
export function sumCallbackCounts(
  store: Store,
  { fromMs, appKey }: { fromMs: number; appKey?: string | undefined },
): Promise<OutcomeCount[]> {
  const { hourStartMs, outcome, reason } = callbackCounts
  const callbacks = sql<number>`sum(${callbackCounts.callbacks})`
  return store.db
    .select({ outcome, reason, callbacks })
    .from(callbackCounts)
    .where(
      and(gte(hourStartMs, fromMs), appKey === undefined ? undefined : eq(callbackCounts.appKey, appKey)),
    )
    .groupBy(outcome, reason)
    .orderBy(sql`${callbacks} DESC`, outcome, reason)
}
