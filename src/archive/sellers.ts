/** Names and logos that the app's back end gives to sellers. */
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { sellers } from './schema.ts'
import type { Statement, Store } from './store.ts'

export type SellerRow = typeof sellers.$inferSelect
export type Seller = Omit<SellerRow, 'updatedAtMs'>

const columns = {
  appKey: sellers.appKey,
  sellerId: sellers.sellerId,
  shopName: sellers.shopName,
  logo: sellers.logo,
}

/** Creates or replaces any number of sellers of one app, all or none. */
export async function putSellers(
  store: Store,
  appKey: string,
  given: readonly Omit<Seller, 'appKey'>[],
  nowMs: number,
): Promise<void> {
  // One bound value, however many sellers: D1 takes a hundred a statement.
  const rows = JSON.stringify(given.map(({ sellerId, shopName, logo }) => [sellerId, shopName, logo]))
  await store.db.run(sql`
    INSERT INTO ${sellers} (app_key, seller_id, shop_name, logo, updated_at_ms)
    SELECT ${appKey}, value ->> 0, value ->> 1, value ->> 2, ${nowMs} FROM json_each(${rows}) WHERE true
    ON CONFLICT (app_key, seller_id) DO UPDATE SET
      shop_name = excluded.shop_name, logo = excluded.logo, updated_at_ms = excluded.updated_at_ms`)
}

/** Of another archive: the later name stays. */
export function importSeller({ appKey, sellerId, shopName, logo, updatedAtMs }: SellerRow): Statement {
  return {
    sql: `INSERT INTO sellers (app_key, seller_id, shop_name, logo, updated_at_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (app_key, seller_id) DO UPDATE SET
        shop_name = excluded.shop_name, logo = excluded.logo, updated_at_ms = excluded.updated_at_ms
      WHERE excluded.updated_at_ms > updated_at_ms RETURNING seller_id`,
    params: [appKey, sellerId, shopName, logo, updatedAtMs],
  }
}

export async function findSeller(
  store: Store,
  appKey: string,
  sellerId: string,
): Promise<Seller | undefined> {
  const [seller] = await store.db
    .select(columns)
    .from(sellers)
    .where(and(eq(sellers.appKey, appKey), eq(sellers.sellerId, sellerId)))
  return seller
}

/** Of all apps, by app and seller id, with the time of the last change. */
export function listSellerRows(
  store: Store,
  { after, limit }: { after: Pick<SellerRow, 'appKey' | 'sellerId'> | null; limit: number },
): Promise<SellerRow[]> {
  return store.db
    .select()
    .from(sellers)
    .where(
      after
        ? sql`(${sellers.appKey}, ${sellers.sellerId}) > (${after.appKey}, ${after.sellerId})`
        : undefined,
    )
    .orderBy(asc(sellers.appKey), asc(sellers.sellerId))
    .limit(limit)
}

/** By seller id, from after `after` on. */
export function listSellers(
  store: Store,
  appKey: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Seller[]> {
  return store.db
    .select(columns)
    .from(sellers)
    .where(and(eq(sellers.appKey, appKey), after === null ? undefined : gt(sellers.sellerId, after)))
    .orderBy(asc(sellers.sellerId))
    .limit(limit)
}
