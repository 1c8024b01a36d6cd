/** Questions about single messages and pages of them, across the whole archive. */
import { and, eq, gt, gte, isNotNull, isNull, lte, ne, sql, type SQL } from 'drizzle-orm'
import type { Origin } from '../domain/message.ts'
import { conversationsOf, mostActiveOf } from './conversations.ts'
import { bytesOfWords, withStates, type PresentState } from './changes.ts'
import {
  BY_PLACE,
  inOrder,
  isOnPage,
  MORE,
  PAGE_BYTES,
  pageOf,
  toPage,
  type Order,
  type Page,
  type PageSize,
} from './page.ts'
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

export type ArchivedMessage = Awaited<ReturnType<typeof selectById>>[number] & { state: PresentState }

/** Newest first, from after `after` on. */
export async function listMessages(
  store: Store,
  filter: MessageFilter,
  { after, ...size }: PageSize & { after: MessagePosition | null },
): Promise<Page<ArchivedMessage>> {
  const narrowed = and(conditionsOf(filter), after ? isOlder(after) : undefined)
  const where = inConversations(filter, narrowed, { order: NEWEST_FIRST, limit: size.limit + 1 })
  // Who asks by identity wants to see what was just stored.
  return selectPage(filter.msgUIDs ? store.db : store.replica, { where, order: NEWEST_FIRST }, size)
}

/** Oldest first, from after `after` on. */
export async function listSent(
  { replica }: Store,
  filter: MessageFilter,
  { after, ...size }: PageSize & { after: MessagePosition | null },
): Promise<Page<ArchivedMessage>> {
  const narrowed = and(conditionsOf(filter), after ? isNewer(after) : undefined)
  const where = inConversations(filter, narrowed, { order: OLDEST_FIRST, limit: size.limit + 1 })
  return selectPage(replica, { where, order: OLDEST_FIRST }, size)
}

export async function findMessage(store: Store, id: number): Promise<ArchivedMessage | undefined> {
  const [message] = await withStates(store.db, await selectById(store.db, eq(messages.id, id)))
  return message
}

/** Those with an id above `afterId`, up to `throughId`: the first of them in the order of arrival, or the last. */
export async function listArrived(
  store: Store,
  { appKey, afterId, throughId }: { appKey?: string | undefined; afterId: number; throughId: number },
  { end, ...size }: PageSize & { end: 'first' | 'last' },
): Promise<Page<ArchivedMessage>> {
  const isOfOne = appKey === undefined ? undefined : eq(messages.appKey, appKey)
  const where = and(gt(messages.id, afterId), lte(messages.id, throughId), isOfOne)
  const order = { by: [messages.id], direction: end === 'first' ? 'ASC' : 'DESC' } as const
  const { rows, more } = await selectPage(store.db, { where, order }, size)
  return { rows: end === 'first' ? rows : rows.toReversed(), more }
}

/** Those with these ids, in no order. */
export async function findMessages(store: Store, ids: readonly number[]): Promise<ArchivedMessage[]> {
  const among = sql`${messages.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  return withStates(store.db, await selectById(store.db, among))
}

/** Which messages have these identities, in any app. */
export function findIds({ db }: Store, msgUIDs: readonly string[]) {
  const { id, appKey, msgUID } = messages
  return db
    .select({ id, appKey, msgUID })
    .from(messages)
    .where(sql`${msgUID} IN (SELECT value FROM json_each(${JSON.stringify(msgUIDs)}))`)
}

/** A place in a conversation: that of a message, or between two. */
export type Place = MessagePosition & { conversationId: number }

/**
 * The neighbours of a place, without a message that is there itself; both lists oldest first. Either is a page from the place
 * on, of half as many bytes.
 */
export async function listContext(
  { replica }: Store,
  place: Place,
  { before, after }: { before: number; after: number },
): Promise<{ before: Page<ArchivedMessage>; after: Page<ArchivedMessage> }> {
  const inConversation = eq(messages.conversationId, place.conversationId)
  const bytes = PAGE_BYTES / 2
  const [older, newer] = await Promise.all([
    selectPage(
      replica,
      { where: and(inConversation, isOlder(place)), order: NEWEST_FIRST },
      { limit: before, bytes },
    ),
    selectPage(
      replica,
      { where: and(inConversation, isNewer(place)), order: OLDEST_FIRST },
      { limit: after, bytes },
    ),
  ])
  return { before: { ...older, rows: older.rows.toReversed() }, after: newer }
}

const COLUMNS = {
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
}

const ofItsConversation = eq(conversations.id, messages.conversationId)

// CROSS JOIN keeps SQLite from starting at the conversations, which would end in sorting every message.
function selectById(db: ArchiveDatabase, where: SQL) {
  return db.select(COLUMNS).from(messages).crossJoin(conversations).where(and(ofItsConversation, where))
}

const BYTES = sql`octet_length(${messages.content}) + coalesce(octet_length(${messages.fields}), 0) + ${bytesOfWords(messages)}`

async function selectPage(
  db: ArchiveDatabase,
  { where, order }: { where: SQL | undefined; order: Order },
  size: PageSize,
): Promise<Page<ArchivedMessage>> {
  const found = await db
    .select({ ...COLUMNS, ...MORE })
    .from(pageOf({ table: messages, where, order, bytes: BYTES }, size))
    .crossJoin(messages)
    .crossJoin(conversations)
    .where(and(isOnPage(messages), ofItsConversation))
    .orderBy(BY_PLACE)
  const { rows, more } = toPage(found)
  return { rows: await withStates(db, rows), more }
}

const BY_TIME = [messages.sentAtMs, messages.appKey, messages.msgUID] as const
const NEWEST_FIRST = { by: BY_TIME, direction: 'DESC' } as const
const OLDEST_FIRST = { by: BY_TIME, direction: 'ASC' } as const

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

type Take = { order: Order; limit: number }

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
    ORDER BY ${inOrder(order)} LIMIT ${limit}`
  return sql`${messages.id} IN (SELECT first.id FROM (${own}) AS own
    CROSS JOIN ${messages} AS first WHERE first.id IN (${first}))`
}

// In a one-to-one conversation what is not from the user is to the user.
function isOfUser(userId: string): SQL {
  return sql`(own.user_id <> '' OR ${messages.fromUserId} = ${userId})`
}
