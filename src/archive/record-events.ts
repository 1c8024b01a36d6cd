/** The archive's one way to take in what else RongCloud tells. One callback is one atomic unit. */
import { and, count, eq, sql } from 'drizzle-orm'
import { groupNameStatements, type GroupName } from './group-names.ts'
import { jsonRows } from './json-rows.ts'
import { callbackEvents } from './schema.ts'
import { sessionStatements, type Session } from './sessions.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

type Row = typeof callbackEvents.$inferSelect

/** What all events of one callback share. */
export type EventArrival = Pick<Row, 'appKey' | 'kind' | 'nonceReused' | 'receivedAtMs'>
export type EventRecord = Omit<Row, 'id' | keyof EventArrival>

/**
 * Keeps the events of one callback, each once; repeating it is harmless.
 * @param events at least one
 * @param sessions what the events tell of sessions
 * @param groupNames what they say that groups are called
 * @param alongside statements that share the transaction
 */
export async function recordEvents(
  store: Store,
  arrival: EventArrival,
  {
    events,
    sessions,
    groupNames,
    alongside,
  }: {
    events: readonly EventRecord[]
    sessions: readonly Session[]
    groupNames: readonly GroupName[]
    alongside: readonly Statement[]
  },
): Promise<'recorded' | 'known'> {
  const inserts = insertStatements(arrival, events)
  const { appKey } = arrival
  const unit = [
    ...inserts,
    ...sessionStatements(appKey, sessions),
    ...groupNameStatements(appKey, groupNames),
    ...alongside,
  ]
  const rows = await store.atomically(unit)
  return rows.slice(0, inserts.length).some((inserted) => inserted.length > 0) ? 'recorded' : 'known'
}

/** Whether every one of these is here already. */
export async function areEventsKnown(
  { db }: Store,
  { appKey, kind }: Pick<EventArrival, 'appKey' | 'kind'>,
  events: readonly EventRecord[],
): Promise<boolean> {
  const identities = new Set(events.map(({ identity }) => identity))
  const [row] = await db
    .select({ known: count() })
    .from(callbackEvents)
    .where(
      and(
        eq(callbackEvents.appKey, appKey),
        eq(callbackEvents.kind, kind),
        sql`${callbackEvents.identity} IN (SELECT value FROM json_each(${JSON.stringify([...identities])}))`,
      ),
    )
  return row?.known === identities.size
}

function insertStatements(arrival: EventArrival, events: readonly EventRecord[]): Statement[] {
  const shared = { ...arrival, nonceReused: Number(arrival.nonceReused) }
  const rows = events.map(({ identity, body, occurredAtMs, userId, targetId, msgUID, problem }) => [
    identity,
    body,
    occurredAtMs,
    userId,
    targetId,
    msgUID,
    problem,
  ])
  return jsonRows(rows).map((json) => insertEvents({ ...shared, rows: json }))
}

const place = (name: string) => sql.placeholder(name)

const insertEvents = prepared(
  sqlWriter
    .insert(callbackEvents)
    .select(
      sql`SELECT NULL, ${place('appKey')}, ${place('kind')}, value ->> 0, value ->> 1, value ->> 2, value ->> 3,
        value ->> 4, value ->> 5, value ->> 6, ${place('nonceReused')}, ${place('receivedAtMs')}
        FROM json_each(${place('rows')}) WHERE true`,
    )
    .onConflictDoNothing()
    .returning({ id: callbackEvents.id }),
)
