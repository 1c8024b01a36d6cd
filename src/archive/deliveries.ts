/** Callbacks kept whole because they could not be read or conflict with an archived message. */
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { deliveries } from './schema.ts'

export { DELIVERY_REASONS } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type Delivery = typeof deliveries.$inferSelect
export type KeptAside = Omit<Delivery, 'id' | 'replayedAtMs' | 'replayOutcome'>

/** Keeps one; the same body for the same reason is kept once. */
export async function keepAside(store: Store, delivery: KeptAside): Promise<void> {
  await store.atomically([keepAsideStatement(delivery)])
}

export type DeliveryFilter = {
  appKey?: string | undefined
  kind?: string | undefined
  reason?: Delivery['reason'] | undefined
}

/** Newest first, those with an id below `before`. */
export function listDeliveries(
  store: Store,
  filter: DeliveryFilter,
  { before, limit }: { before: number | null; limit: number },
): Promise<Delivery[]> {
  return store.db
    .select()
    .from(deliveries)
    .where(
      and(
        filter.appKey === undefined ? undefined : eq(deliveries.appKey, filter.appKey),
        filter.kind === undefined ? undefined : eq(deliveries.kind, filter.kind),
        filter.reason === undefined ? undefined : eq(deliveries.reason, filter.reason),
        before === null ? undefined : lt(deliveries.id, before),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit)
}

/** The same, to share another unit's transaction. */
export const keepAsideStatement: (delivery: KeptAside) => Statement = prepared(
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
    })
    .onConflictDoNothing(),
)
