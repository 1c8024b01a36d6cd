/** Names of users, as their own messages told them. */
import { and, eq, sql } from 'drizzle-orm'
import { userProfiles } from './schema.ts'
import type { Store } from './store.ts'

/** By user id; users without a name are left out. */
export async function findNames(
  store: Store,
  appKey: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map()
  const ids = JSON.stringify([...new Set(userIds)])
  const found = await store.replica
    .select({ userId: userProfiles.userId, name: userProfiles.name })
    .from(userProfiles)
    .where(
      and(
        eq(userProfiles.appKey, appKey),
        sql`${userProfiles.userId} IN (SELECT value FROM json_each(${ids}))`,
      ),
    )
  return new Map(found.flatMap(({ userId, name }) => (name ? [[userId, name] as const] : [])))
}
