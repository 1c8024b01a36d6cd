/** The questions of the chat-records contract (design §8): what a member is shown of their chats. */
import { and, count, desc, eq, gte, inArray, lte, sql, type SQL } from 'drizzle-orm'
import { chats, conversations, LISTING, messageChanges, messages, sellers, userProfiles } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

/** A (member, seller) pair with its conversations, one for each channel type that the two have used. */
export type Chat = typeof chats.$inferSelect & { conversationIds: number[]; listedCount: number }

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
  const found = await store.db
    .select({ chat: chats, conversationId: conversations.id, listedCount: conversations.listedCount })
    .from(chats)
    .innerJoin(conversations, eq(conversations.chatId, chats.id))
    .where(and(eq(chats.appKey, appKey), eq(chats.memberId, memberId), eq(chats.sellerId, sellerId)))
  if (!found[0]) return undefined
  return {
    ...found[0].chat,
    conversationIds: found.map(({ conversationId }) => conversationId),
    listedCount: found.reduce((sum, { listedCount }) => sum + listedCount, 0),
  }
}

/** How many records the member is shown. Without a filter a counter kept by triggers tells. */
export async function countRecords(store: Store, chat: Chat, filter: RecordFilter): Promise<number> {
  if (Object.values(filter).every((value) => value === undefined)) return chat.listedCount
  const [row] = await store.db
    .select({ total: count() })
    .from(messages)
    .where(and(inArray(messages.conversationId, chat.conversationIds), isShown(filter)))
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
  const order = fromEnd ? sql`sent_at_ms ASC, id ASC` : sql`sent_at_ms DESC, id DESC`
  // One SELECT for each conversation, as SQLite merges those in order; it would sort the rows of an IN.
  const shown = chat.conversationIds.map(
    (id) => sql`SELECT id, sent_at_ms FROM ${messages}
      WHERE ${and(eq(messages.conversationId, id), isShown(filter))}`,
  )
  const page = sql`${sql.join(shown, sql` UNION ALL `)} ORDER BY ${order}
    LIMIT ${size} OFFSET ${fromEnd ? total - offset - size : offset}`
  return selectRecords(store, sql`(SELECT id FROM (${page}))`)
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
    .innerJoin(conversations, eq(conversations.id, newestConversation))
    .innerJoin(messages, eq(messages.id, conversations.lastListedId))
    .leftJoin(sellers, and(eq(sellers.appKey, chats.appKey), eq(sellers.sellerId, chats.sellerId)))
    .leftJoin(
      userProfiles,
      and(eq(userProfiles.appKey, chats.appKey), eq(userProfiles.userId, chats.sellerUserId)),
    )
    .where(and(eq(chats.appKey, appKey), eq(chats.memberId, memberId)))
    .orderBy(...NEWEST_FIRST)
}

const newestConversation = sql`(SELECT c.id FROM ${conversations} AS c
  WHERE c.chat_id = ${chats.id} AND c.last_listed_id IS NOT NULL
  ORDER BY c.last_listed_at_ms DESC, c.last_listed_id DESC LIMIT 1)`

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
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .innerJoin(chats, eq(chats.id, conversations.chatId))
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
function selectRecords(store: Store, ids: SQL) {
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

function isShown({ id, type, fromMs, untilMs }: RecordFilter): SQL | undefined {
  return and(
    eq(messages.listing, type?.listing ?? LISTING.always),
    id === undefined ? undefined : eq(messages.id, id),
    type ? eq(messages.objectName, type.objectName) : undefined,
    fromMs === undefined ? undefined : gte(messages.sentAtMs, fromMs),
    untilMs === undefined ? undefined : lte(messages.sentAtMs, untilMs),
  )
}
