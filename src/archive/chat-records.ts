/** The questions of the chat-records contract (design §8): what a member is shown of their chats. */
import { and, count, desc, eq, gt, gte, lte, sql, type SQL } from 'drizzle-orm'
import type { LongId } from '../domain/long-id.ts'
import { createChange } from '../domain/message-change.ts'
import type { Pair } from '../domain/parties.ts'
import { isRecalled, isRecorded, recordChanges } from './changes.ts'
import { PAGE_BYTES } from './page.ts'
import { chats, conversations, LISTING, messages, sellers, userProfiles } from './schema.ts'
import type { Store } from './store.ts'

/** A (member, seller) pair with its conversations, one for each channel type that the two have used. */
export type Chat = Pick<Pair, 'memberUserId'> & {
  conversations: Pick<typeof conversations.$inferSelect, 'id' | 'shownAfterMs'>[]
  listedCount: number
}

/** Times are inclusive. Who asks for a type gets also what is not listed unasked. */
export type RecordFilter = {
  id?: number | undefined
  objectName?: string | undefined
  fromMs?: number | undefined
  untilMs?: number | undefined
}

export type ChatRecord = Omit<ListedRecord, 'content'> & { content: string }

/** `content` null: it is to be asked for, as those of the page come to too much together. */
export type ListedRecord = Awaited<ReturnType<typeof selectRecords>>[number]

/** One line of chat-list: a chat by its newest shown message. */
export type ChatLine = Awaited<ReturnType<typeof listChats>>[number]

export async function findChat(
  store: Store,
  { appKey, memberId, sellerId }: Pick<Pair, 'memberId' | 'sellerId'> & { appKey: string },
): Promise<Chat | undefined> {
  const found = await store.db
    .select({
      memberUserId: chats.memberUserId,
      id: conversations.id,
      shownAfterMs: conversations.shownAfterMs,
      listedCount: conversations.listedCount,
    })
    .from(chats)
    .innerJoin(conversations, eq(conversations.chatId, chats.id))
    .where(and(eq(chats.appKey, appKey), eq(chats.memberId, memberId), eq(chats.sellerId, sellerId)))
  if (!found[0]) return undefined
  return {
    memberUserId: found[0].memberUserId,
    conversations: found.map(({ id, shownAfterMs }) => ({ id, shownAfterMs })),
    listedCount: found.reduce((sum, { listedCount }) => sum + listedCount, 0),
  }
}

/** How many records the member is shown. Without a filter a counter kept by triggers tells. */
export async function countRecords(store: Store, chat: Chat, filter: RecordFilter): Promise<number> {
  if (Object.values(filter).every((value) => value === undefined)) return chat.listedCount
  const [row] = await store.db.select({ total: count() }).from(sql`(${shownOf(chat, filter)})`)
  return row?.total ?? 0
}

/**
 * One page, newest first, with contents up to {@link PAGE_BYTES}; {@link withContents} has the others.
 * @param total what {@link countRecords} told: a page beyond the middle is reached from the other end, so
 *   that the last page costs as little as the first
 */
export async function listRecords(
  store: Store,
  chat: Chat,
  filter: RecordFilter,
  { offset, limit, total }: { offset: number; limit: number; total: number },
): Promise<ListedRecord[]> {
  const fromEnd = offset > total / 2
  const size = Math.min(limit, total - offset)
  const order = fromEnd ? sql`sent_at_ms ASC, id ASC` : sql`sent_at_ms DESC, id DESC`
  const page = sql`${shownOf(chat, filter)} ORDER BY ${order}
    LIMIT ${size} OFFSET ${fromEnd ? total - offset - size : offset}`
  return selectRecords(store, sql`(SELECT id FROM (${page}))`)
}

/** The same in parts, each with its contents, none of them of more bytes than a page if it can be. */
export async function* withContents(
  { db }: Store,
  listed: readonly ListedRecord[],
): AsyncGenerator<ChatRecord[]> {
  for (const part of partsOf(listed)) {
    const missing = part.flatMap(({ id, content }) => (content === null ? [id] : []))
    const found =
      missing.length === 0
        ? []
        : await db
            .select({ id: messages.id, content: messages.content })
            .from(messages)
            .where(sql`${messages.id} IN (SELECT value FROM json_each(${JSON.stringify(missing)}))`)
    const contents = new Map(found.map(({ id, content }) => [id, content]))
    yield part.map(({ content, ...record }) =>
      Object.assign(record, { content: content ?? contents.get(record.id) ?? '' }),
    )
  }
}

function partsOf(listed: readonly ListedRecord[]): ListedRecord[][] {
  const parts: ListedRecord[][] = []
  let bytes = 0
  for (const record of listed) {
    bytes += record.bytes
    const part = parts.at(-1)
    if (part && bytes <= PAGE_BYTES) part.push(record)
    else {
      parts.push([record])
      bytes = record.bytes
    }
  }
  return parts
}

/** All chats of a member that have a shown message, newest first. */
export function listChats(store: Store, appKey: string, memberId: LongId) {
  return store.db
    .select({
      id: messages.id,
      sellerId: chats.sellerId,
      sentAtMs: messages.sentAtMs,
      content: messages.content,
      objectName: messages.objectName,
      recalled,
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
  { appKey, memberId, id }: { appKey: string; memberId: LongId; id: number },
  atMs: number,
): Promise<boolean> {
  const [found] = await store.db
    .select({ message: messages, conversation: conversations, byUserId: chats.memberUserId })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .innerJoin(chats, eq(chats.id, conversations.chatId))
    .where(and(eq(messages.id, id), eq(chats.appKey, appKey), eq(chats.memberId, memberId)))
  if (!found) return false
  const { message, conversation, byUserId } = found
  const { channelType, userId, targetId, busChannel } = conversation
  const change = createChange({
    kind: 'delete',
    appKey,
    msgUID: message.msgUID,
    upToMs: null,
    conversation: { appKey, channelType, userId, targetId, busChannel },
    byUserId,
    atMs,
    data: null,
  })
  if (message.sentAtMs <= conversation.shownAfterMs) return true
  if (message.listing === LISTING.hidden) return isRecorded(store, change)
  await recordChanges(store, [change], { receivedAtMs: atMs, origin: 'rest' })
  return true
}

const recalled = isRecalled(messages.id).mapWith(Boolean)

const NEWEST_FIRST = [desc(messages.sentAtMs), desc(messages.id)]

// The ids come from the index alone; only the rows of the page itself are read.
function selectRecords(store: Store, ids: SQL) {
  return store.db
    .select({
      id: messages.id,
      msgUID: messages.msgUID,
      fromUserId: messages.fromUserId,
      objectName: messages.objectName,
      content: sql<string | null>`iif(page.fits, ${messages.content}, NULL)`,
      bytes: sql<number>`page.bytes`,
      sentAtMs: messages.sentAtMs,
      recalled,
    })
    .from(
      sql`(SELECT row_id, bytes, sum(bytes) OVER (ORDER BY sent_at_ms DESC, row_id DESC ROWS UNBOUNDED PRECEDING) <= ${PAGE_BYTES} AS fits
        FROM (SELECT ${messages.id} AS row_id, ${messages.sentAtMs} AS sent_at_ms, octet_length(${messages.content}) AS bytes
          FROM ${messages} WHERE ${messages.id} IN ${ids})) AS page`,
    )
    .crossJoin(messages)
    .where(sql`${messages.id} = page.row_id`)
    .orderBy(...NEWEST_FIRST)
}

// One SELECT for each conversation, as SQLite merges those in order; it would sort the rows of an IN.
function shownOf(chat: Chat, filter: RecordFilter): SQL {
  const ofEach = chat.conversations.map(
    ({ id, shownAfterMs }) => sql`SELECT id, sent_at_ms FROM ${messages}
      WHERE ${and(eq(messages.conversationId, id), gt(messages.sentAtMs, shownAfterMs), fits(filter))}`,
  )
  return sql.join(ofEach, sql` UNION ALL `)
}

function fits({ id, objectName, fromMs, untilMs }: RecordFilter): SQL | undefined {
  return and(
    gte(messages.listing, objectName === undefined ? LISTING.always : LISTING.onRequest),
    id === undefined ? undefined : eq(messages.id, id),
    objectName === undefined ? undefined : eq(messages.objectName, objectName),
    fromMs === undefined ? undefined : gte(messages.sentAtMs, fromMs),
    untilMs === undefined ? undefined : lte(messages.sentAtMs, untilMs),
  )
}
