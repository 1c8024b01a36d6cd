/** Questions about single messages and pages of them, across the whole archive. */
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lte, ne, sql, type SQL } from 'drizzle-orm'
import type { Origin } from '../domain/message.ts'
import { conversationsOf, mostActiveOf } from './conversations.ts'
import { withStates, type PresentState } from './changes.ts'
import { conversations, messages } from './schema.ts'
import type { ArchiveDatabase, Store } from './store.ts'

/** Where a page ended: time alone is not enough, for messages may share a millisecond. */
export type MessagePosition = { sentAtMs: number; appKey: string; msgUID: string }

/** Every member narrows; times are inclusive. */
export type MessageFilter = {
  appKey?: string | undefined
  conversationId?: number | undefined
  /** Any of these few. */
  conversationIds?: readonly number[] | undefined
  channelType?: string | undefined
  /** Sent by this user, or to them in a one-to-one conversation. */
  userId?: string | undefined
  objectName?: string | undefined
  fromMs?: number | undefined
  untilMs?: number | undefined
  origin?: Origin | undefined
  msgUIDs?: readonly string[] | undefined
  hasProblem?: boolean | undefined
}

export type ArchivedMessage = Awaited<ReturnType<typeof selectMessages>>[number] & { state: PresentState }

/** Newest first, from after `after` on. */
export async function listMessages(
  store: Store,
  filter: MessageFilter,
  { after, limit }: { after: MessagePosition | null; limit: number },
): Promise<ArchivedMessage[]> {
  const narrowed = and(conditionsOf(filter), after ? isOlder(after) : undefined)
  const where = inConversations(filter, narrowed, { order: NEWEST_FIRST, limit })
  // Who asks by identity wants to see what was just stored.
  const db = filter.msgUIDs ? store.db : store.replica
  const found = await selectMessages(db)
    .where(and(ofItsConversation, where))
    .orderBy(...NEWEST_FIRST)
    .limit(limit)
  return withStates(db, found)
}

/** Oldest first, from after `after` on. */
export async function listSent(
  { replica }: Store,
  filter: MessageFilter,
  { after, limit }: { after: MessagePosition | null; limit: number },
): Promise<ArchivedMessage[]> {
  const narrowed = and(conditionsOf(filter), after ? isNewer(after) : undefined)
  const found = await selectMessages(replica)
    .where(and(ofItsConversation, inConversations(filter, narrowed, { order: OLDEST_FIRST, limit })))
    .orderBy(...OLDEST_FIRST)
    .limit(limit)
  return withStates(replica, found)
}

export async function findMessage(store: Store, id: number): Promise<ArchivedMessage | undefined> {
  const found = await selectMessages(store.db).where(and(ofItsConversation, eq(messages.id, id)))
  const [message] = await withStates(store.db, found)
  return message
}

/** Those with an id above `afterId`, up to `throughId`: the first of them in the order of arrival, or the last. */
export async function listArrived(
  store: Store,
  { appKey, afterId, throughId }: { appKey?: string | undefined; afterId: number; throughId: number },
  { end, limit }: { end: 'first' | 'last'; limit: number },
): Promise<ArchivedMessage[]> {
  const arrived = and(gt(messages.id, afterId), lte(messages.id, throughId))
  const found = await selectMessages(store.db)
    .where(and(ofItsConversation, arrived, appKey === undefined ? undefined : eq(messages.appKey, appKey)))
    .orderBy(end === 'first' ? asc(messages.id) : desc(messages.id))
    .limit(limit)
  return withStates(store.db, end === 'first' ? found : found.toReversed())
}

/** Those with these ids, in no order. */
export async function findMessages(store: Store, ids: readonly number[]): Promise<ArchivedMessage[]> {
  const among = sql`${messages.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  return withStates(store.db, await selectMessages(store.db).where(and(ofItsConversation, among)))
}

/** A place in a conversation: that of a message, or between two. */
export type Place = MessagePosition & { conversationId: number }

/** The neighbours of a place, without a message that is there itself; both lists oldest first. */
export async function listContext(
  store: Store,
  place: Place,
  { before, after }: { before: number; after: number },
): Promise<{ before: ArchivedMessage[]; after: ArchivedMessage[] }> {
  const inConversation = and(ofItsConversation, eq(messages.conversationId, place.conversationId))
  const [older, newer] = await Promise.all([
    selectMessages(store.replica)
      .where(and(inConversation, isOlder(place)))
      .orderBy(...NEWEST_FIRST)
      .limit(before),
    selectMessages(store.replica)
      .where(and(inConversation, isNewer(place)))
      .orderBy(...OLDEST_FIRST)
      .limit(after),
  ])
  return {
    before: await withStates(store.replica, older.toReversed()),
    after: await withStates(store.replica, newer),
  }
}

// CROSS JOIN keeps SQLite from starting at the conversations, which would end in sorting every message.
function selectMessages(db: ArchiveDatabase) {
  return db
    .select({
      id: messages.id,
      appKey: messages.appKey,
      msgUID: messages.msgUID,
      conversationId: messages.conversationId,
      channelType: conversations.channelType,
      busChannel: conversations.busChannel,
      fromUserId: messages.fromUserId,
      targetId: messages.targetId,
      objectName: messages.objectName,
      content: messages.content,
      sentAtMs: messages.sentAtMs,
      receivedAtMs: messages.receivedAtMs,
      origin: messages.origin,
      source: messages.source,
      sensitiveType: messages.sensitiveType,
      fields: messages.fields,
      problem: messages.problem,
      nonceReused: messages.nonceReused,
      logFlags: messages.logFlags,
    })
    .from(messages)
    .crossJoin(conversations)
}

const ofItsConversation = eq(conversations.id, messages.conversationId)

const ORDER = [messages.sentAtMs, messages.appKey, messages.msgUID] as const
const NEWEST_FIRST = ORDER.map((column) => desc(column))
const OLDEST_FIRST = ORDER.map((column) => asc(column))

const sortKey = sql`(${messages.sentAtMs}, ${messages.appKey}, ${messages.msgUID})`
const isOlder = (than: MessagePosition) =>
  sql`${sortKey} < (${than.sentAtMs}, ${than.appKey}, ${than.msgUID})`
const isNewer = (than: MessagePosition) =>
  sql`${sortKey} > (${than.sentAtMs}, ${than.appKey}, ${than.msgUID})`

function conditionsOf(filter: MessageFilter): SQL | undefined {
  return and(
    when(filter.appKey, isOfApp),
    when(filter.conversationId, (id) => eq(messages.conversationId, id)),
    when(filter.channelType, isOfChannelType),
    when(filter.objectName, (objectName) => isOfObjectName(objectName, isNarrow(filter))),
    when(filter.fromMs, (ms) => gte(messages.sentAtMs, ms)),
    when(filter.untilMs, (ms) => lte(messages.sentAtMs, ms)),
    when(filter.origin, (origin) => isOfOrigin(origin, isNarrow(filter))),
    // One bound value, however many: D1 takes a hundred a statement.
    when(
      filter.msgUIDs,
      (uids) => sql`${messages.msgUID} IN (SELECT value FROM json_each(${JSON.stringify(uids)}))`,
    ),
    when(filter.hasProblem, (has) => (has ? isNotNull(messages.problem) : isNull(messages.problem))),
  )
}

function when<T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined {
  return value === undefined ? undefined : condition(value)
}

function isOfChannelType(channelType: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${conversations} AS c
    WHERE c.id = ${messages.conversationId} AND c.channel_type = ${channelType})`
}

// The second half costs one look and spares an app that is not there the search of the whole archive.
function isOfApp(appKey: string): SQL | undefined {
  return and(
    eq(messages.appKey, appKey),
    sql`EXISTS (SELECT 1 FROM ${conversations} AS c WHERE c.app_key = ${appKey})`,
  )
}

/** Something else finds few rows already, by an index of its own. */
function isNarrow({ userId, conversationId, conversationIds, msgUIDs }: MessageFilter): boolean {
  return [userId, conversationId, conversationIds, msgUIDs].some((value) => value !== undefined)
}

// The second half of each lets SQLite use the partial index of the rare ones; beside a narrow filter it would
// lead SQLite away from the better one.
function isOfObjectName(objectName: string, narrow: boolean): SQL | undefined {
  const isIt = eq(messages.objectName, objectName)
  const byOwnIndex = objectName !== 'RC:TxtMsg' && !narrow
  return byOwnIndex ? and(isIt, sql`${messages.objectName} <> 'RC:TxtMsg'`) : isIt
}

function isOfOrigin(origin: Origin, narrow: boolean): SQL | undefined {
  const isIt = eq(messages.origin, origin)
  const byOwnIndex = origin !== 'callback' && !narrow
  return byOwnIndex ? and(isIt, ne(messages.origin, sql`'callback'`)) : isIt
}

type Take = { order: readonly SQL[]; limit: number }

function inConversations(filter: MessageFilter, narrowed: SQL | undefined, take: Take): SQL | undefined {
  const { userId, conversationIds } = filter
  if (conversationIds) {
    const own = sql`SELECT value AS id, '' AS user_id FROM json_each(${JSON.stringify(conversationIds)})`
    return isAmongFirstOf(own, narrowed, take)
  }
  if (userId === undefined) return narrowed
  // Each conversation's last message fits when nothing narrows: then the most active conversations are enough.
  const own =
    narrowed || take.order !== NEWEST_FIRST ? conversationsOf(userId) : mostActiveOf(userId, take.limit)
  return isAmongFirstOf(own, and(isOfUser(userId), narrowed), take)
}

/**
 * The first `limit` of each conversation, which hold the first `limit` of all. Inside the inner SELECT, `messages`
 * are those of the one conversation.
 */
function isAmongFirstOf(own: SQL, narrowed: SQL | undefined, { order, limit }: Take): SQL {
  const first = sql`SELECT ${messages.id} FROM ${messages}
    WHERE ${and(sql`${messages.conversationId} = own.id`, narrowed)}
    ORDER BY ${sql.join([...order], sql`, `)} LIMIT ${limit}`
  return sql`${messages.id} IN (SELECT first.id FROM (${own}) AS own
    CROSS JOIN ${messages} AS first WHERE first.id IN (${first}))`
}

// In a one-to-one conversation what is not from the user is to the user.
function isOfUser(userId: string): SQL {
  return sql`(own.user_id <> '' OR ${messages.fromUserId} = ${userId})`
}
