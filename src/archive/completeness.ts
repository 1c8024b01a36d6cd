/** What else tells of the completeness of hours, besides the messages: proofs, and callbacks that brought none. */
import { and, eq, gte, inArray, lt, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { lastIdBefore } from './arrivals.ts'
import type { ProvenHour } from './history-logs.ts'
import { callbackCounts, deliveries, provenHours } from './schema.ts'
import type { Store } from './store.ts'

/** Hours of these apps that begin from `fromMs` on and before `untilMs`. */
export type Hours = { appKeys: readonly string[]; fromMs: number; untilMs: number }

type OfHour<T> = { appKey: string; hourStartMs: number } & T

const HOUR_MS = 3_600_000

/** What was made of the logs of these hours. @param zoneAheadMs in another zone it was the log of another hour */
export function listProofs(
  { replica }: Store,
  { appKeys, fromMs, untilMs }: Hours,
  zoneAheadMs: number,
): Promise<ProvenHour[]> {
  const { appKey, hourStartMs } = provenHours
  const isWithin = and(gte(hourStartMs, fromMs), lt(hourStartMs, untilMs))
  return replica
    .select()
    .from(provenHours)
    .where(and(isOneOf(appKey, appKeys), isWithin, eq(provenHours.zoneAheadMs, zoneAheadMs)))
}

/** Callbacks to the address of messages, by the hour of their arrival; up to ten seconds old. */
export function countOutcomes(
  { replica }: Store,
  { appKeys, fromMs, untilMs }: Hours,
): Promise<OfHour<{ duplicates: number; refused: number; notStored: number }>[]> {
  const { appKey, hourStartMs, kind, outcome, callbacks } = callbackCounts
  const sumOf = (...names: string[]) => sql<number>`sum(iif(${inArray(outcome, names)}, ${callbacks}, 0))`
  return replica
    .select({
      appKey,
      hourStartMs,
      duplicates: sumOf('known'),
      refused: sumOf('refused'),
      notStored: sumOf('not_stored', 'overloaded'),
    })
    .from(callbackCounts)
    .where(
      and(gte(hourStartMs, fromMs), lt(hourStartMs, untilMs), isOneOf(appKey, appKeys), eq(kind, 'messages')),
    )
    .groupBy(appKey, hourStartMs)
}

/**
 * Callbacks of messages kept aside, or of what may be one, by the hour of their arrival. `missing`: those whose message the archive did not get,
 * then or by a replay.
 */
export function countKeptAside(
  { replica }: Store,
  { appKeys, fromMs, untilMs }: Hours,
): Promise<OfHour<{ keptAside: number; missing: number }>[]> {
  const { id, appKey, kind, reason, replayOutcome, receivedAtMs, body } = deliveries
  const hourStartMs = sql<number>`${receivedAtMs} - ${receivedAtMs} % ${sql.raw(String(HOUR_MS))}`
  const became = sql`coalesce(${replayOutcome}, ${reason})`
  return replica
    .select({
      appKey,
      hourStartMs,
      keptAside: sql<number>`count(*)`,
      // An empty body, which only tells that somebody tried the address, was no message.
      missing: sql<number>`sum(${became} IN ('unreadable', 'failed', 'unknown_address') AND ${body} <> '')`,
    })
    .from(deliveries)
    .where(
      and(
        // An hour more at both ends, for what had waited in a queue.
        sql`${id} > ${lastIdBefore(deliveries, fromMs - HOUR_MS)}`,
        sql`${id} <= ${lastIdBefore(deliveries, untilMs + HOUR_MS)}`,
        sql`+${receivedAtMs} >= ${fromMs} AND +${receivedAtMs} < ${untilMs}`,
        sql`+${kind} IN ('messages', 'unknown-address')`,
        sql`+${appKey} IN (SELECT value FROM json_each(${JSON.stringify(appKeys)}))`,
      ),
    )
    .groupBy(sql`1`, sql`2`)
}

function isOneOf(column: SQLiteColumn, values: readonly string[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
}
