/** Callbacks kept whole because they could not be read or conflict with an archived message. */
import { and, desc, eq, getTableColumns, gt, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import { BY_PLACE, isOnPage, MORE, pageOf, toPage, type Order, type Page, type PageSize } from './page.ts'
import { deliveries } from './schema.ts'

export { DELIVERY_REASONS } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type Delivery = typeof deliveries.$inferSelect
export type KeptAside = Omit<Delivery, 'id' | 'replayedAtMs' | 'replayOutcome' | 'otherTextOf'> &
  Partial<Pick<Delivery, 'otherTextOf'>>

/** Keeps one; the same body for the same reason is kept once. */
export async function keepAside(store: Store, delivery: KeptAside): Promise<void> {
  await store.atomically([keepAsideStatement(delivery)])
}

export type DeliveryFilter = {
  appKey?: string | undefined
  kind?: string | undefined
  reason?: Delivery['reason'] | undefined
  replayed?: boolean | undefined
}

/** Newest first, those with an id below `before`. */
export function listDeliveries(
  store: Store,
  filter: DeliveryFilter,
  { before, ...size }: PageSize & { before: number | null },
): Promise<Page<Delivery>> {
  const isNext = before === null ? undefined : lt(deliveries.id, before)
  return selectPage(store, { where: and(conditionOf(filter), isNext), direction: 'DESC' }, size)
}

/** Oldest first, those with an id above `after`: the order in which they came. */
export function listDeliveriesFrom(
  store: Store,
  filter: DeliveryFilter,
  { after, ...size }: PageSize & { after: number },
): Promise<Page<Delivery>> {
  const isNext = gt(deliveries.id, after)
  return selectPage(store, { where: and(conditionOf(filter), isNext), direction: 'ASC' }, size)
}

async function selectPage(
  { db }: Store,
  { where, direction }: { where: SQL | undefined; direction: Order['direction'] },
  size: PageSize,
): Promise<Page<Delivery>> {
  const order = { by: [deliveries.id], direction }
  const bytes = sql`octet_length(${deliveries.body})`
  const found = await db
    .select({ ...getTableColumns(deliveries), ...MORE })
    .from(pageOf({ table: deliveries, where, order, bytes }, size))
    .crossJoin(deliveries)
    .where(isOnPage(deliveries))
    .orderBy(BY_PLACE)
  return toPage(found)
}

export async function findDelivery(store: Store, id: number): Promise<Delivery | undefined> {
  const [delivery] = await store.db.select().from(deliveries).where(eq(deliveries.id, id))
  return delivery
}

/** Notes what became of a delivery; of several replays the last one stands. */
export async function markReplayed(
  store: Store,
  id: number,
  mark: { replayedAtMs: number; replayOutcome: string; otherTextOf: number | null },
): Promise<void> {
  await store.atomically([sqlWriter.update(deliveries).set(mark).where(eq(deliveries.id, id)).toSQL()])
}

// Of one page; the bodies of what lies beyond are for the pages of the deliveries.
const OTHER_TEXTS_MAX = 50
const OTHER_TEXTS_MAX_BYTES = 1_000_000

/** Other texts under the `msgUID`s of these messages that nobody has taken for changes of them, newest first. */
export async function listOtherTexts({ db }: Store, messageIds: readonly number[]): Promise<Delivery[]> {
  if (messageIds.length === 0) return []
  const ids = sql`SELECT id FROM (
    SELECT id, sum(octet_length(body)) OVER (ORDER BY id DESC) - octet_length(body) AS bytes_before FROM ${deliveries}
    WHERE other_text_of IN (SELECT value FROM json_each(${JSON.stringify(messageIds)}))
      AND coalesce(replay_outcome, reason) = 'conflict'
  ) WHERE bytes_before < ${OTHER_TEXTS_MAX_BYTES}`
  return db
    .select()
    .from(deliveries)
    .where(sql`${deliveries.id} IN (${ids})`)
    .orderBy(desc(deliveries.id))
    .limit(OTHER_TEXTS_MAX)
}

function conditionOf({ appKey, kind, reason, replayed }: DeliveryFilter): SQL | undefined {
  const { replayedAtMs } = deliveries
  return and(
    appKey === undefined ? undefined : eq(deliveries.appKey, appKey),
    kind === undefined ? undefined : eq(deliveries.kind, kind),
    reason === undefined ? undefined : eq(deliveries.reason, reason),
    replayed === undefined ? undefined : replayed ? isNotNull(replayedAtMs) : isNull(replayedAtMs),
  )
}

/** The same, to share another unit's transaction. */
export function keepAsideStatement(delivery: KeptAside): Statement {
  return insertDelivery({ otherTextOf: null, ...delivery })
}

const insertDelivery = prepared(
  sqlWriter
    .insert(deliveries)
    .values({
      appKey: sql.placeholder('appKey'),
      kind: sql.placeholder('kind'),
      reason: sql.placeholder('reason'),
      detail: sql.placeholder('detail'),
      query: sql.placeholder('query'),
      contentType: sql.placeholder('contentType'),
      body: sql.placeholder('body'),
      bodyEncoding: sql.placeholder('bodyEncoding'),
      bodySha256: sql.placeholder('bodySha256'),
      remoteAddress: sql.placeholder('remoteAddress'),
      nonceReused: sql.placeholder('nonceReused'),
      receivedAtMs: sql.placeholder('receivedAtMs'),
      otherTextOf: sql.placeholder('otherTextOf'),
    })
    .onConflictDoNothing(),
)
