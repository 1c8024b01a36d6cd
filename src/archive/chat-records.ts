/** The questions of the chat-records contract (design §8): what a member is shown of their chats. */
import { and, asc, count, desc, eq, gte, lte, sql, type SQL } from 'drizzle-orm'
import { chats, LISTING, messageChanges, messages, sellers, userProfiles } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

export type Chat = typeof chats.$inferSelect

/** Times are inclusive. `objectName` comes with the listing that messages of this type have. */
export type RecordFilter = {
  id?: number | undefined
  type?: { objectName: string; listing: number } | undefined
  fromMs?: number | undefined
  untilMs?: number | undefined
}

export type ChatRecord = Awaited<ReturnType<typeof selectRecords>>[number]

/** One line of chat-list: a chat by its newest shown message. */
export type ChatLine = Awaited<ReturnType<typeof listChats>>[number]

export async function findChat(
  store: Store,
  { appKey, memberId, sellerId }: Pick<Chat, 'appKey' | 'memberId' | 'sellerId'>,
): Promise<Chat | undefined> {
  const [chat] = await store.db
    .select()
    .from(chats)
    .where(and(eq(chats.appKey, appKey), eq(chats.memberId, memberId), eq(chats.sellerId, sellerId)))
  return chat
}

/** How many records the member is shown. Without a filter a counter kept by triggers tells. */
export async function countRecords(store: Store, chat: Chat, filter: RecordFilter): Promise<number> {
  if (Object.values(filter).every((value) => value === undefined)) return chat.messageCount
  const [row] = await store.db.select({ total: count() }).from(messages).where(isShown(chat, filter))
  return row?.total ?? 0
}

/**
 * One page, newest first.
 * @param total what {@link countRecords} told: a page beyond the middle is reached from the other end, so
 *   that the last page costs as little as the first
 */
export async function listRecords(
  store: Store,
  chat: Chat,
  filter: RecordFilter,
  { offset, limit, total }: { offset: number; limit: number; total: number },
): Promise<ChatRecord[]> {
  const fromEnd = offset > total / 2
  const size = Math.min(limit, total - offset)
  const ids = store.db
    .select({ id: messages.id })
    .from(messages)
    .where(isShown(chat, filter))
    .orderBy(...(fromEnd ? [asc(messages.sentAtMs), asc(messages.id)] : NEWEST_FIRST))
    .limit(size)
    .offset(fromEnd ? total - offset - size : offset)
  return selectRecords(store, ids)
}

/** All chats of a member that have a shown message, newest first. */
export function listChats(store: Store, appKey: string, memberId: number) {
  return store.db
    .select({
      id: messages.id,
      sellerId: chats.sellerId,
      memberId: chats.memberId,
      sentAtMs: messages.sentAtMs,
      content: messages.content,
      objectName: messages.objectName,
      shopName: sql<string | null>`coalesce(${sellers.shopName}, ${userProfiles.name})`,
      logo: sql<string | null>`coalesce(${sellers.logo}, ${userProfiles.portrait})`,
    })
    .from(chats)
    .innerJoin(messages, eq(messages.id, chats.lastMessageId))
    .leftJoin(sellers, and(eq(sellers.appKey, chats.appKey), eq(sellers.sellerId, chats.sellerId)))
    .leftJoin(
      userProfiles,
      and(eq(userProfiles.appKey, chats.appKey), eq(userProfiles.userId, chats.sellerUserId)),
    )
    .where(and(eq(chats.appKey, appKey), eq(chats.memberId, memberId)))
    .orderBy(...NEWEST_FIRST)
}

/**
 * Hides a record from the member's views; the archive keeps it. Repeating it is harmless.
 * @returns false when the member has no such record, or never saw it
 */
export async function deleteForMember(
  store: Store,
  { appKey, memberId, id }: { appKey: string; memberId: number; id: number },
  atMs: number,
): Promise<boolean> {
  const [found] = await store.db
    .select({ msgUID: messages.msgUID, listing: messages.listing, byUserId: chats.memberUserId })
    .from(messages)
    .innerJoin(chats, eq(chats.id, messages.chatId))
    .where(and(eq(messages.id, id), eq(chats.appKey, appKey), eq(chats.memberId, memberId)))
  if (!found) return false
  const change = { appKey, msgUID: found.msgUID, kind: 'delete' as const, byUserId: found.byUserId }
  if (found.listing === LISTING.hidden) return isDeleted(store, change)
  const insert = sqlWriter
    .insert(messageChanges)
    .values({ ...change, atMs, receivedAtMs: atMs, origin: 'rest' })
    .onConflictDoNothing()
  await store.atomically([insert.toSQL()])
  return true
}

async function isDeleted(store: Store, change: { appKey: string; msgUID: string; byUserId: string }) {
  const [row] = await store.db
    .select({ id: messageChanges.id })
    .from(messageChanges)
    .where(
      and(
        eq(messageChanges.msgUID, change.msgUID),
        eq(messageChanges.appKey, change.appKey),
        eq(messageChanges.kind, 'delete'),
        eq(messageChanges.byUserId, change.byUserId),
      ),
    )
  return row !== undefined
}

const NEWEST_FIRST = [desc(messages.sentAtMs), desc(messages.id)]

// The ids come from the index alone; only the rows of the page itself are read.
function selectRecords(store: Store, ids: { getSQL: () => SQL }) {
  return store.db
    .select({
      id: messages.id,
      msgUID: messages.msgUID,
      fromUserId: messages.fromUserId,
      objectName: messages.objectName,
      content: messages.content,
      sentAtMs: messages.sentAtMs,
    })
    .from(messages)
    .where(sql`${messages.id} IN ${ids}`)
    .orderBy(...NEWEST_FIRST)
}

function isShown(chat: Chat, { id, type, fromMs, untilMs }: RecordFilter): SQL | undefined {
  return and(
    eq(messages.chatId, chat.id),
    eq(messages.listing, type?.listing ?? LISTING.always),
    id === undefined ? undefined : eq(messages.id, id),
    type ? eq(messages.objectName, type.objectName) : undefined,
    fromMs === undefined ? undefined : gte(messages.sentAtMs, fromMs),
    untilMs === undefined ? undefined : lte(messages.sentAtMs, untilMs),
  )
}
