/** What happened to messages afterwards: kept as it comes, and added up for those who read the messages. */
import { and, eq, getTableColumns, gt, sql, type SQL } from 'drizzle-orm'
import { conversationKeyOf, type ConversationKey } from '../domain/conversation.ts'
import type { ChangeKind, MessageChange } from '../domain/message-change.ts'
import { isAbout, stateOf, type MessageState } from '../domain/message-state.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { jsonRows } from './json-rows.ts'
import {
  BY_PLACE,
  isOnPage,
  MORE,
  PAGE_BYTES,
  pageOf,
  toPage,
  type Order,
  type Page,
  type PageSize,
} from './page.ts'
import { CHANGES_WORDS, messageChanges, messages } from './schema.ts'
import { prepared, sqlWriter, type ArchiveDatabase, type Statement, type Store } from './store.ts'

export type ArchivedChange = typeof messageChanges.$inferSelect

type ChangeArrival = Pick<Arrival, 'receivedAtMs' | 'origin'>

/** Keeps each once, whenever and by whatever road it comes again. */
export async function recordChanges(
  store: Store,
  changes: readonly MessageChange[],
  arrival: ChangeArrival,
): Promise<void> {
  const statements = changeStatements(changes, arrival)
  if (statements.length > 0) await store.atomically(statements)
}

/** For a unit that writes what tells of them too. */
export function changeStatements(changes: readonly MessageChange[], arrival: ChangeArrival): Statement[] {
  // One group receipt may tell of thousands of messages.
  return jsonRows(changes.map(toRow)).map((rows) => insertChanges({ ...arrival, rows }))
}

/** What a message says of others. Does nothing where another message has its identity, and so its say. */
export function changeStatementsOf(
  { appKey, msgUID, fromUserId, content, sentAtMs }: Message,
  changes: readonly MessageChange[],
  arrival: ChangeArrival,
): Statement[] {
  const said = { ...arrival, appKey, msgUID, fromUserId, content, sentAtMs }
  return jsonRows(changes.map(toRow)).map((rows) => insertChangesOf({ ...said, rows }))
}

function toRow({
  appKey,
  msgUID,
  upToMs,
  kind,
  conversation,
  byUserId,
  atMs,
  data,
  identity,
}: MessageChange) {
  const { channelType, userId, targetId, busChannel } = conversation ?? {}
  const row = [
    appKey,
    msgUID,
    upToMs,
    kind,
    channelType,
    userId,
    targetId,
    busChannel,
    byUserId,
    atMs,
    data,
    identity,
  ]
  // A lone surrogate, which JSON may hold, is no character: the database would not give it back.
  return row.map((value) => (typeof value === 'string' ? value.toWellFormed() : value))
}

type Placed = Pick<Message, 'appKey' | 'channelType' | 'fromUserId' | 'targetId' | 'busChannel'>

type Changed = Placed & Pick<Message, 'msgUID' | 'sentAtMs' | 'objectName' | 'content'>

/**
 * Who has read a message is left to {@link findChanges}: thousands may have. `leftOut`: how many changes of a kind are not in
 * it, as there is no room for them.
 */
export type PresentState = Omit<MessageState, 'readBy'> & { leftOut: LeftOut }

export type LeftOut = Partial<Record<ChangeKind, number>>

/** How many versions there are besides the first; what repeats another is told apart only where it is not left out. */
export function editsOf({ versions, leftOut }: Pick<PresentState, 'versions' | 'leftOut'>): number {
  return versions.length + (leftOut.edit ?? 0)
}

/** The present state of each message of a page. */
export async function withStates<M extends Changed>(
  db: ArchiveDatabase,
  rows: readonly M[],
): Promise<(M & { state: PresentState })[]> {
  if (rows.length === 0) return []
  // Of each user the furthest deletion, which holds all others: who empties a view again and again leaves one each time.
  const furthestOfEach = sql`SELECT id, 1 AS of_kind FROM (SELECT id, max(up_to_ms) FROM ${messageChanges}
    WHERE ${isOfConversations(rows)} AND kind = 'delete'
    GROUP BY target_id, user_id, channel_type, app_key, bus_channel, by_user_id)`
  const named = idsAbout(
    rows.map(({ msgUID }) => msgUID),
    sql`${messageChanges.kind} NOT IN ('receipt', 'read')`,
  )
  const byUid = Map.groupBy(
    await selectAbout(db, sql`${named} UNION ALL ${furthestOfEach}`),
    ({ msgUID }) => msgUID,
  )
  const untilThen = (byUid.get(null) ?? []).map(toChange)
  return rows.map((message) => {
    const its = (byUid.get(message.msgUID) ?? []).filter(({ appKey }) => appKey === message.appKey)
    const own = [...its.map(toChange), ...untilThen]
    const state = stateOf({ ...message, conversation: keyOf(message) }, own)
    return { ...message, state: { ...state, leftOut: leftOutOf(its) } }
  })
}

type About = ArchivedChange & { ofKind: number }

/** @param ids a SELECT of `id` and, in `of_kind`, how many of its kind there are of the message */
function selectAbout(db: ArchiveDatabase, ids: SQL): Promise<About[]> {
  return db
    .select({ ...getTableColumns(messageChanges), ofKind: sql<number>`about.of_kind` })
    .from(sql`(${ids}) AS about`)
    .crossJoin(messageChanges)
    .where(sql`${messageChanges.id} = about.id`)
}

function leftOutOf(given: readonly About[]): LeftOut {
  const byKind = Object.entries(Object.groupBy(given, ({ kind }) => kind))
  const counted = byKind.map(([kind, all]) => [kind, (all[0]?.ofKind ?? 0) - all.length] as const)
  return Object.fromEntries(counted.filter(([, count]) => count > 0))
}

/**
 * All that happened to one message, in order of arrival, and what has become of it. Of those about a conversation up
 * to a moment, the first by each user: a long conversation has a receipt for every look at it.
 */
export async function findChanges(
  db: ArchiveDatabase,
  message: Changed,
): Promise<{ changes: ArchivedChange[]; state: MessageState & { leftOut: LeftOut } }> {
  const { msgUID, appKey } = message
  const named = idsAbout([msgUID], eq(messageChanges.appKey, appKey))
  const found = await selectAbout(db, sql`${named} UNION ALL ${firstOfEach(message)}`)
  const changed = { ...message, conversation: keyOf(message) }
  // A command sent elsewhere may name the message without having a say about it.
  const changes = found
    .filter((row) => isAbout(changed, toChange(row)))
    .toSorted((one, other) => one.id - other.id)
  const leftOut = leftOutOf(found.filter((row) => row.msgUID !== null))
  return { changes, state: { ...stateOf(changed, changes.map(toChange)), leftOut } }
}

// What a message brings along: versions and packets carry content, and there may be thousands of them.
const KIND_MAX_BYTES = 2 ** 18
// A machine's answer of some length comes in thousands of packets, and its text is all of them.
const PACKETS_MAX_BYTES = 4_000_000
// What a short one costs besides its content.
const ROW_BYTES = 256

const changeBytes = sql`iif(kind IN ('edit', 'packet', 'expansion', 'verdict'), octet_length(data) + ${sql.raw(String(ROW_BYTES))}, 0)`

/**
 * A SELECT of the changes that name these messages, and of how many of its kind each is one. Of those that carry content as
 * many as there is room for: the newest of each message, one at least, or the packets that came first.
 */
function idsAbout(msgUIDs: readonly string[], narrowed: SQL): SQL {
  return sql`SELECT id, of_kind FROM (
    SELECT id, kind, count(*) OVER each AS of_kind, row_number() OVER newest AS place, sum(bytes) OVER newest AS kind_bytes,
      sum(iif(kind IN ('expansion', 'verdict'), bytes, 0)) OVER (ORDER BY id DESC) AS page_bytes
    FROM (SELECT id, msg_uid, app_key, kind, at_ms, ${changeBytes} AS bytes FROM ${messageChanges}
      WHERE ${messageChanges.msgUID} IN (SELECT value FROM json_each(${JSON.stringify(msgUIDs)})) AND ${narrowed})
    WINDOW each AS (PARTITION BY msg_uid, app_key, kind),
      newest AS (PARTITION BY msg_uid, app_key, kind
        ORDER BY iif(kind = 'packet', id, -at_ms), -id ROWS UNBOUNDED PRECEDING)
  ) WHERE (place = 1 OR kind_bytes <= iif(kind = 'packet', ${PACKETS_MAX_BYTES}, ${KIND_MAX_BYTES})) AND page_bytes <= ${PAGE_BYTES}`
}

/** SQL: of the versions and packets that come with a message, at most; a page counts them with it. */
export function bytesOfWords({ msgUID, appKey }: Pick<typeof messages, 'msgUID' | 'appKey'>): SQL {
  const words = sql`coalesce(sum(iif(kind = 'packet', 0, ${changeBytes})), 0)`
  const longest = sql`coalesce(max(iif(kind = 'packet', 0, ${changeBytes})), 0)`
  const packets = sql`coalesce(sum(iif(kind = 'packet', ${changeBytes}, 0)), 0)`
  return sql`(SELECT min(${words}, ${longest} + ${sql.raw(String(KIND_MAX_BYTES))}) + min(${packets}, ${sql.raw(String(PACKETS_MAX_BYTES))})
    FROM ${messageChanges} WHERE ${messageChanges.msgUID} = ${msgUID} AND ${messageChanges.appKey} = ${appKey} AND ${sql.raw(CHANGES_WORDS)})`
}

/** The same as {@link findChanges} has, all of it, on pages in the order of arrival. */
export async function listChangesOfOne(
  db: ArchiveDatabase,
  message: Changed,
  { afterId, ...size }: PageSize & { afterId: number },
): Promise<Page<ArchivedChange>> {
  const { msgUID, appKey } = message
  const named = sql`SELECT id FROM ${messageChanges} WHERE ${and(eq(messageChanges.msgUID, msgUID), eq(messageChanges.appKey, appKey))}`
  const isOne = sql`${messageChanges.id} IN (${named} UNION ALL SELECT id FROM (${firstOfEach(message)}))`
  const where = and(isOne, isOfConversation(keyOf(message)), gt(messageChanges.id, afterId))
  return selectChanges(db, { where, direction: 'ASC' }, size)
}

/** Of what is about its conversation up to a moment, the first by each user. */
function firstOfEach(message: Changed): SQL {
  return sql`SELECT id, 1 AS of_kind FROM (SELECT id, min(at_ms) FROM ${messageChanges}
    WHERE ${isOfConversations([message])} AND up_to_ms >= ${message.sentAtMs} GROUP BY kind, by_user_id)`
}

/** A command sent elsewhere may name a message without having a say about it. */
function isOfConversation({ channelType, userId, targetId, busChannel }: ConversationKey): SQL {
  return sql`(${messageChanges.channelType} IS NULL OR (${messageChanges.channelType}, ${messageChanges.userId},
    ${messageChanges.targetId}, ${messageChanges.busChannel}) = (${channelType}, ${userId}, ${targetId}, ${busChannel}))`
}

/**
 * What happened to these messages, by id: what names them, and of what is about their conversations the furthest of
 * each user and kind.
 */
export function listChangesOf(
  db: ArchiveDatabase,
  changed: readonly (Placed & Pick<Message, 'msgUID'>)[],
  { afterId, ...size }: PageSize & { afterId: number },
): Promise<Page<ArchivedChange>> {
  const named = JSON.stringify(changed.map(({ msgUID, appKey }) => [msgUID, appKey]))
  const furthestOfEach = sql`SELECT id FROM (SELECT id, max(up_to_ms) FROM ${messageChanges}
    WHERE ${isOfConversations(changed)}
    GROUP BY target_id, user_id, channel_type, app_key, bus_channel, kind, by_user_id)`
  // From the messages on: a list of pairs would lead SQLite through all changes of the app.
  const ofMessages = sql`SELECT ch.id FROM json_each(${named}) AS named CROSS JOIN ${messageChanges} AS ch
    ON ch.msg_uid = named.value ->> 0 AND ch.app_key = named.value ->> 1`
  const isOne = sql`${messageChanges.id} IN (${ofMessages} UNION ALL ${furthestOfEach})`
  return selectChanges(db, { where: and(isOne, gt(messageChanges.id, afterId)), direction: 'ASC' }, size)
}

/** A page in the order of arrival, or from its end. */
export async function selectChanges(
  db: ArchiveDatabase,
  { where, direction }: { where: SQL | undefined; direction: Order['direction'] },
  size: PageSize,
): Promise<Page<ArchivedChange>> {
  const order = { by: [messageChanges.id], direction }
  const bytes = sql`coalesce(octet_length(${messageChanges.data}), 0)`
  const found = await db
    .select({ ...getTableColumns(messageChanges), ...MORE })
    .from(pageOf({ table: messageChanges, where, order, bytes }, size))
    .crossJoin(messageChanges)
    .where(isOnPage(messageChanges))
    .orderBy(BY_PLACE)
  return toPage(found)
}

/** 1 when the message with this id is recalled, else 0. */
export const isRecalled = (messageId: typeof messages.id) =>
  sql<number>`EXISTS (SELECT 1 FROM counted_changes WHERE message_id = ${messageId} AND kind = 'recall')`

export async function isRecorded(store: Store, { appKey, identity }: MessageChange): Promise<boolean> {
  const [row] = await store.db
    .select({ id: messageChanges.id })
    .from(messageChanges)
    .where(and(eq(messageChanges.appKey, appKey), eq(messageChanges.identity, identity)))
  return row !== undefined
}

function keyOf(message: Placed): ConversationKey {
  return conversationKeyOf(message)
}

function isOfConversations(all: readonly Placed[]): SQL {
  const keys = `[${[...new Set(all.map((each) => JSON.stringify(keyOf(each))))].join(',')}]`
  return sql`${messageChanges.msgUID} IS NULL AND (${messageChanges.targetId}, ${messageChanges.userId},
    ${messageChanges.channelType}, ${messageChanges.appKey}, ${messageChanges.busChannel}) IN (
      SELECT value ->> 'targetId', value ->> 'userId', value ->> 'channelType', value ->> 'appKey',
        value ->> 'busChannel' FROM json_each(${keys}))`
}

function toChange(row: ArchivedChange): MessageChange {
  const { appKey, channelType, userId, targetId, busChannel } = row
  const isNamed = channelType !== null && userId !== null && targetId !== null && busChannel !== null
  return { ...row, conversation: isNamed ? { appKey, channelType, userId, targetId, busChannel } : null }
}

const place = (name: string) => sql.placeholder(name)

const insertWhere = (condition: SQL) =>
  prepared(
    sqlWriter
      .insert(messageChanges)
      .select(
        sql`SELECT NULL, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
          value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
          ${place('receivedAtMs')}, ${place('origin')}, (SELECT coalesce(max(id), 0) FROM messages)
          FROM json_each(${place('rows')}) WHERE ${condition}`,
      )
      .onConflictDoNothing(),
  )

const insertChanges = insertWhere(sql`true`)

const insertChangesOf = insertWhere(sql`EXISTS (SELECT 1 FROM ${messages}
  WHERE ${messages.appKey} = ${place('appKey')} AND ${messages.msgUID} = ${place('msgUID')}
  AND ${messages.fromUserId} = ${place('fromUserId')} AND ${messages.content} = ${place('content')}
  AND ${messages.sentAtMs} = ${place('sentAtMs')})`)

/** A change of another archive. Its id is kept where it is above every id so far; it stands where it comes now. */
export function importChange(change: ArchivedChange): Statement {
  return importOne(change)
}

const given = (name: keyof ArchivedChange) => sql.placeholder(name)

const importOne = prepared(
  sqlWriter
    .insert(messageChanges)
    .values({
      id: sql`CASE WHEN ${given('id')} > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'message_changes'), 0)
        THEN ${given('id')} END`,
      appKey: given('appKey'),
      msgUID: given('msgUID'),
      upToMs: given('upToMs'),
      kind: given('kind'),
      channelType: given('channelType'),
      userId: given('userId'),
      targetId: given('targetId'),
      busChannel: given('busChannel'),
      byUserId: given('byUserId'),
      atMs: given('atMs'),
      data: given('data'),
      identity: given('identity'),
      receivedAtMs: given('receivedAtMs'),
      origin: given('origin'),
      afterMessageId: sql`(SELECT coalesce(max(id), 0) FROM messages)`,
    })
    .onConflictDoNothing()
    .returning({ id: messageChanges.id }),
)
