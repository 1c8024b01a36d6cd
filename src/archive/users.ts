/** What the archive knows of a user besides their messages. */
import { and, eq, sql } from 'drizzle-orm'
import { conversationsOf } from './conversations.ts'
import { callbackEvents, conversations, userProfiles } from './schema.ts'
import { findPresence, type Session } from './sessions.ts'
import type { Store } from './store.ts'

export type KnownUser = {
  name: string | null
  portrait: string | null
  isOnline: boolean
  sessions: Session[]
}

/** Undefined when nothing tells of this user: no session, profile, conversation or event. */
export async function findUser(store: Store, appKey: string, userId: string): Promise<KnownUser | undefined> {
  const [presence, [profile]] = await Promise.all([
    findPresence(store, appKey, userId),
    store.db
      .select({ name: userProfiles.name, portrait: userProfiles.portrait })
      .from(userProfiles)
      .where(and(eq(userProfiles.appKey, appKey), eq(userProfiles.userId, userId))),
  ])
  const isKnown = profile ?? presence.sessions[0] ?? (await isMentioned(store, appKey, userId))
  return isKnown ? { name: null, portrait: null, ...profile, ...presence } : undefined
}

async function isMentioned(store: Store, appKey: string, userId: string): Promise<boolean> {
  const mentions = sql<number>`
    EXISTS (SELECT 1 FROM (${conversationsOf(userId)}) AS own JOIN ${conversations} AS c ON c.id = own.id
      WHERE c.app_key = ${appKey} AND c.message_count > 0)
    OR EXISTS (SELECT 1 FROM ${callbackEvents} AS e WHERE e.user_id = ${userId} AND +e.app_key = ${appKey})`
  const [row] = await store.db.select({ isMentioned: mentions }).from(sql`(SELECT 1)`)
  return Boolean(row?.isMentioned)
}
