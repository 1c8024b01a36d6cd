/** Conversations of the whole archive, by their last message. */
import { and, eq, gt, sql, type SQL } from 'drizzle-orm'
import type { Origin } from '../domain/message.ts'
import { ofItsGroup } from './group-names.ts'
import { BY_PLACE, isOnPage, MORE, pageOf, toPage, type Page, type PageSize } from './page.ts'
import { asText, chats, conversations, groupNames, messages, senders } from './schema.ts'
import type { Store } from './store.ts'

/** Where a page ended. */
export type ConversationPosition = { lastSentAtMs: number; id: number }

export type ConversationFilter = {
  appKey?: string | undefined
  channelType?: string | undefined
  /** One end of a one-to-one conversation, or who wrote in any other. */
  userId?: string | undefined
  targetId?: string | undefined
}

export type ArchivedConversation = Awaited<ReturnType<typeof selectConversations>>[number]

/** Newest last message first, from after `after` on. */
export async function listConversations(
  store: Store,
  filter: ConversationFilter,
  { after, ...size }: PageSize & { after: ConversationPosition | null },
): Promise<Page<ArchivedConversation>> {
  const where = and(
    hasMessages,
    filter.appKey === undefined ? undefined : eq(conversations.appKey, filter.appKey),
    filter.channelType === undefined ? undefined : eq(conversations.channelType, filter.channelType),
    filter.targetId === undefined ? undefined : eq(conversations.targetId, filter.targetId),
    filter.userId === undefined
      ? undefined
      : sql`${conversations.id} IN (SELECT id FROM (${conversationsOf(filter.userId)}))`,
    after
      ? sql`(${conversations.lastSentAtMs}, ${conversations.id}) < (${after.lastSentAtMs}, ${after.id})`
      : undefined,
  )
  const order = { by: [conversations.lastSentAtMs, conversations.id], direction: 'DESC' } as const
  const found = await store.db
    .select({ ...COLUMNS, ...MORE })
    .from(pageOf({ table: conversations, where, order, bytes: LAST_BYTES }, size))
    .crossJoin(conversations)
    .leftJoin(messages, eq(messages.id, conversations.lastMessageId))
    .leftJoin(chats, eq(chats.id, conversations.chatId))
    .leftJoin(groupNames, ofItsGroup)
    .where(isOnPage(conversations))
    .orderBy(BY_PLACE)
  return toPage(found)
}

const LAST_BYTES = sql`(SELECT octet_length(content) FROM ${messages} WHERE ${messages.id} = ${conversations.lastMessageId})`

export async function findConversation(store: Store, id: number): Promise<ArchivedConversation | undefined> {
  const [conversation] = await selectConversations(store).where(and(eq(conversations.id, id), hasMessages))
  return conversation
}

/** A conversation's id, and what tells it from others. */
export const WITH_KEY = {
  id: conversations.id,
  appKey: conversations.appKey,
  channelType: conversations.channelType,
  userId: conversations.userId,
  targetId: conversations.targetId,
  busChannel: conversations.busChannel,
}

// One whose only message turned out to be a conflict has none.
const hasMessages = gt(conversations.messageCount, 0)

const COLUMNS = {
  ...WITH_KEY,
  /** Of its group, where one is known. */
  name: groupNames.name,
  memberId: asText(chats.memberId),
  sellerId: chats.sellerId,
  messageCount: conversations.messageCount,
  lastSentAtMs: sql<number>`${conversations.lastSentAtMs}`,
  lastMessageId: sql<number>`${conversations.lastMessageId}`,
  lastFromUserId: sql<string>`${messages.fromUserId}`,
  lastObjectName: sql<string>`${messages.objectName}`,
  lastContent: sql<string>`${messages.content}`,
  lastOrigin: sql<Origin>`${messages.origin}`,
}

function selectConversations(store: Store) {
  return store.db
    .select(COLUMNS)
    .from(conversations)
    .leftJoin(messages, eq(messages.id, conversations.lastMessageId))
    .leftJoin(chats, eq(chats.id, conversations.chatId))
    .leftJoin(groupNames, ofItsGroup)
}

/**
 * The conversations that a user is one end of or has written in, `id` and `user_id`. A union asks three indexes;
 * an OR would look at every conversation.
 */
export function conversationsOf(userId: string): SQL {
  return sql`SELECT id, user_id FROM ${conversations} WHERE user_id = ${userId} AND user_id <> ''
    UNION SELECT id, user_id FROM ${conversations} WHERE target_id = ${userId} AND user_id <> ''
    UNION SELECT conversation_id, '' FROM ${senders} WHERE user_id = ${userId}`
}

/**
 * The same, without the one-to-one conversations whose last message is older than that of the `limit`-th. Those of the
 * same millisecond stay, for a page is in order of more than time.
 */
export function mostActiveOf(userId: string, limit: number): SQL {
  const lastOfOwn = sql`SELECT own.id, own.user_id, c.last_sent_at_ms AS at_ms
    FROM (${conversationsOf(userId)}) AS own JOIN ${conversations} AS c ON c.id = own.id WHERE own.user_id <> ''`
  return sql`SELECT id, user_id FROM (${lastOfOwn}) WHERE at_ms >= coalesce(
      (SELECT at_ms FROM (${lastOfOwn}) ORDER BY at_ms DESC LIMIT 1 OFFSET ${limit - 1}), 0)
    UNION ALL SELECT conversation_id, '' FROM ${senders} WHERE user_id = ${userId}`
}
