/** What tells whether messages are coming in as they should. */
import { desc, sql, type SQL } from 'drizzle-orm'
import { lastIdBefore } from './arrivals.ts'
import { DELIVERY_REASONS } from './deliveries.ts'
import { callbackEvents, deliveries, messageCounts, messages } from './schema.ts'
import type { Store } from './store.ts'

/** More than these are not counted. */
export const WAITING_MAX = 1000

export type NewestMessage = { id: number; sentAtMs: number; receivedAtMs: number }

/** Null in an empty archive. */
export async function findNewestMessage({ db }: Store): Promise<NewestMessage | null> {
  const { id, sentAtMs, receivedAtMs } = messages
  const [newest] = await db.select({ id, sentAtMs, receivedAtMs }).from(messages).orderBy(desc(id)).limit(1)
  return newest ?? null
}

// Behind so many rows that logs, imports or the API brought, the hour of the last callback will do.
const LOOKED_AT = 1000

/**
 * When the last callback came that brought a row, whatever kind of row; null when none ever did. To the hour in which
 * its message was sent, once a thousand messages that no callback brought have come since.
 */
export async function findLastCallbackMs({ db }: Store): Promise<number | null> {
  const rows = [
    sql`coalesce(${lastOf(messages, sql`origin = 'callback'`)}, ${LAST_COUNTED_HOUR})`,
    lastOf(callbackEvents, sql`true`),
    lastOf(deliveries, sql`kind NOT IN ('history-log', 'history-query')`),
  ].map((atMs) => sql`SELECT ${atMs} AS at_ms`)
  const [last] = await db
    .select({ atMs: sql<number | null>`max(at_ms)` })
    .from(sql`(${sql.join(rows, sql` UNION ALL `)}) AS last`)
  return last?.atMs ?? null
}

// What was replayed or imported has its first time of receipt, so the newest row need not be the last that came.
function lastOf(table: typeof messages | typeof callbackEvents | typeof deliveries, isByCallback: SQL): SQL {
  return sql`(SELECT max(received_at_ms) FROM ${table}
    WHERE id > (SELECT max(id) FROM ${table}) - ${LOOKED_AT} AND ${isByCallback})`
}

const LAST_COUNTED_HOUR = sql`(SELECT start_ms FROM ${messageCounts}
  WHERE hours = 1 AND origin = 'callback' AND messages > 0 ORDER BY start_ms DESC LIMIT 1)`

/** Messages that arrived since then, but for a few that were replayed. */
export async function countArrivedSince({ db }: Store, sinceMs: number): Promise<number> {
  const newestId = sql`coalesce((SELECT max(id) FROM ${messages}), 0)`
  const [found] = await db
    .select({ count: sql<number>`${newestId} - ${lastIdBefore(messages, sinceMs)}` })
    .from(sql`(SELECT 1) AS one`)
  return found?.count ?? 0
}

export type Waiting = Record<(typeof DELIVERY_REASONS)[number], number>

/** Callbacks kept aside that were never replayed; of each reason {@link WAITING_MAX} at most. */
export async function countWaiting({ db }: Store): Promise<Waiting> {
  const [waiting] = await db.select(WAITING).from(sql`(SELECT 1) AS one`)
  return waiting ?? (Object.fromEntries(DELIVERY_REASONS.map((reason) => [reason, 0])) as Waiting)
}

const WAITING = Object.fromEntries(DELIVERY_REASONS.map((reason) => [reason, waitingFor(reason)])) as Record<
  keyof Waiting,
  SQL<number>
>

/** The path to which the newest of those came that are kept aside for it and were never replayed. */
export async function findNewestMisaddressed({ db }: Store): Promise<string | null> {
  const [newest] = await db
    .select({ path: deliveries.detail })
    .from(deliveries)
    .where(sql`replayed_at_ms IS NULL AND reason = 'unknown_address'`)
    .orderBy(desc(deliveries.id))
    .limit(1)
  return newest?.path ?? null
}

function waitingFor(reason: keyof Waiting): SQL<number> {
  return sql<number>`(SELECT count(*) FROM (
    SELECT 1 FROM ${deliveries} WHERE replayed_at_ms IS NULL AND reason = ${reason} LIMIT ${sql.raw(String(WAITING_MAX))}
  ))`
}
