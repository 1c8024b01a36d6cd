/** Names and logos that the app's back end gives to sellers. */
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { sellers } from './schema.ts'
import type { Store } from './store.ts'

export type Seller = Omit<typeof sellers.$inferSelect, 'updatedAtMs'>

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
