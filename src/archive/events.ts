/** What else RongCloud told, by the questions that the back end asks of it. */
import { and, eq, getTableColumns, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import { BY_PLACE, isOnPage, MORE, pageOf, toPage, type Page, type PageSize } from './page.ts'
import { callbackEvents } from './schema.ts'
import type { Store } from './store.ts'

export type ArchivedEvent = Omit<typeof callbackEvents.$inferSelect, 'identity'>

export type EventFilter = {
  appKey?: string | undefined
  kind?: string | undefined
  userId?: string | undefined
  targetId?: string | undefined
  msgUID?: string | undefined
  hasProblem?: boolean | undefined
  /** Of when it happened, or came in when it does not say. No index serves these: narrow by something else too. */
  fromMs?: number | undefined
  untilMs?: number | undefined
}

/** Newest first, those with an id below `before`. */
export async function listEvents(
  store: Store,
  filter: EventFilter,
  { before, ...size }: PageSize & { before: number | null },
): Promise<Page<ArchivedEvent>> {
  const { identity: _, ...columns } = getTableColumns(callbackEvents)
  const where = and(conditionsOf(filter), before === null ? undefined : lt(callbackEvents.id, before))
  const order = { by: [callbackEvents.id], direction: 'DESC' } as const
  const bytes = sql`octet_length(${callbackEvents.body})`
  // Who asks by identity wants to see what was just stored.
  const found = await (filter.msgUID === undefined ? store.replica : store.db)
    .select({ ...columns, ...MORE })
    .from(pageOf({ table: callbackEvents, where, order, bytes }, size))
    .crossJoin(callbackEvents)
    .where(isOnPage(callbackEvents))
    .orderBy(BY_PLACE)
  return toPage(found)
}

const atMs = sql`coalesce(${callbackEvents.occurredAtMs}, ${callbackEvents.receivedAtMs})`

function conditionsOf(filter: EventFilter): SQL | undefined {
  return and(
    when(filter.appKey, isOfApp),
    when(filter.kind, (kind) =>
      isNarrow(filter) ? unindexed(callbackEvents.kind, kind) : eq(callbackEvents.kind, kind),
    ),
    when(filter.userId, (userId) => eq(callbackEvents.userId, userId)),
    when(filter.targetId, (targetId) => eq(callbackEvents.targetId, targetId)),
    when(filter.msgUID, (msgUID) => eq(callbackEvents.msgUID, msgUID)),
    when(filter.hasProblem, (has) =>
      has ? isNotNull(callbackEvents.problem) : isNull(callbackEvents.problem),
    ),
    when(filter.fromMs, (ms) => sql`${atMs} >= ${ms}`),
    when(filter.untilMs, (ms) => sql`${atMs} <= ${ms}`),
  )
}

function when<T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined {
  return value === undefined ? undefined : condition(value)
}

/** Something else finds few rows already, by an index of its own. */
function isNarrow({ userId, targetId, msgUID }: EventFilter): boolean {
  return [userId, targetId, msgUID].some((value) => value !== undefined)
}

// With the kind it would lead SQLite to the index of identity, which is in no order of time. The second half costs one
// look and spares an app that is not there the search of all events; the sign keeps it from becoming a join.
function isOfApp(appKey: string): SQL | undefined {
  return and(
    unindexed(callbackEvents.appKey, appKey),
    sql`+EXISTS (SELECT 1 FROM ${callbackEvents} AS e WHERE e.app_key = ${appKey})`,
  )
}

/** Equal, and no reason to choose an index: SQLite sees an expression where there is a sign. */
function unindexed(column: typeof callbackEvents.appKey | typeof callbackEvents.kind, value: string): SQL {
  return sql`+${column} = ${value}`
}
