/** What happened to messages afterwards: kept as it comes, and added up for those who read the messages. */
import { and, asc, eq, gt, sql, type SQL } from 'drizzle-orm'
import { conversationKeyOf, type ConversationKey } from '../domain/conversation.ts'
import type { MessageChange } from '../domain/message-change.ts'
import { isAbout, stateOf, type MessageState } from '../domain/message-state.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { jsonRows } from './json-rows.ts'
import { messageChanges, messages } from './schema.ts'
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

/** Who has read a message is left to {@link findChanges}: thousands may have. */
export type PresentState = Omit<MessageState, 'readBy'>

/** The present state of each message of a page. */
export async function withStates<M extends Changed>(
  db: ArchiveDatabase,
  rows: readonly M[],
): Promise<(M & { state: PresentState })[]> {
  if (rows.length === 0) return []
  // Of each user the furthest deletion, which holds all others: who empties a view again and again leaves one each time.
  const furthestOfEach = sql`${messageChanges.id} IN (SELECT id FROM (SELECT id, max(up_to_ms) FROM ${messageChanges}
    WHERE ${isOfConversations(JSON.stringify(rows.map(keyOf)))} AND kind = 'delete'
    GROUP BY target_id, user_id, channel_type, app_key, bus_channel, by_user_id))`
  const changes = await db
    .select()
    .from(messageChanges)
    .where(
      sql`${messageChanges.id} IN (${idsAbout(
        rows.map(({ msgUID }) => msgUID),
        sql`${messageChanges.kind} NOT IN ('receipt', 'read')`,
      )})`,
    )
    .unionAll(db.select().from(messageChanges).where(furthestOfEach))
  const byUid = Map.groupBy(changes, ({ msgUID }) => msgUID)
  const untilThen = (byUid.get(null) ?? []).map(toChange)
  return rows.map((message) => {
    const own = [...(byUid.get(message.msgUID) ?? []).map(toChange), ...untilThen]
    return { ...message, state: stateOf({ ...message, conversation: keyOf(message) }, own) }
  })
}

/**
 * All that happened to one message, in order of arrival, and what has become of it. Of those about a conversation up
 * to a moment, the first by each user: a long conversation has a receipt for every look at it.
 */
export async function findChanges(
  db: ArchiveDatabase,
  message: Changed,
): Promise<{ changes: ArchivedChange[]; state: MessageState }> {
  const { msgUID, appKey, sentAtMs } = message
  const key = keyOf(message)
  const firstOfEach = sql`${messageChanges.id} IN (SELECT id FROM (SELECT id, min(at_ms) FROM ${messageChanges}
    WHERE ${isOfConversations(JSON.stringify([key]))} AND up_to_ms >= ${sentAtMs} GROUP BY kind, by_user_id))`
  const found = await db
    .select()
    .from(messageChanges)
    .where(sql`${messageChanges.id} IN (${idsAbout([msgUID], eq(messageChanges.appKey, appKey))})`)
    .unionAll(db.select().from(messageChanges).where(firstOfEach))
  const changed = { ...message, conversation: key }
  // A command sent elsewhere may name the message without having a say about it.
  const changes = found
    .filter((row) => isAbout(changed, toChange(row)))
    .toSorted((one, other) => one.id - other.id)
  return { changes, state: stateOf(changed, changes.map(toChange)) }
}

// Versions and packets carry content, and there may be thousands of them: a page does not take longer for it.
const CONTENT_MAX_BYTES = 4_000_000
const PAGE_MAX_BYTES = 16_000_000
// What a short one costs besides its content.
const ROW_BYTES = 256

/**
 * Ids of the changes that name these messages. Of those that carry content as many as there is room for, of each message and
 * of the page: the newest edits, then the packets that came first.
 */
function idsAbout(msgUIDs: readonly string[], narrowed: SQL): SQL {
  const bytes = sql`iif(kind IN ('edit', 'packet'), octet_length(data) + ${ROW_BYTES}, 0)`
  const inTurn = sql`ORDER BY kind = 'packet', iif(kind = 'packet', id, -id)`
  return sql`SELECT id FROM (
    SELECT id, sum(${bytes}) OVER (PARTITION BY msg_uid, app_key ${inTurn}) AS own_bytes,
      sum(${bytes}) OVER (${inTurn}) AS page_bytes
    FROM ${messageChanges}
    WHERE ${messageChanges.msgUID} IN (SELECT value FROM json_each(${JSON.stringify(msgUIDs)})) AND ${narrowed}
  ) WHERE own_bytes <= ${CONTENT_MAX_BYTES} AND page_bytes <= ${PAGE_MAX_BYTES}`
}

/**
 * What happened to these messages, by id: what names them, and of what is about their conversations the furthest of
 * each user and kind.
 */
export function listChangesOf(
  db: ArchiveDatabase,
  changed: readonly (Placed & Pick<Message, 'msgUID'>)[],
  { afterId, limit }: { afterId: number; limit: number },
): Promise<ArchivedChange[]> {
  const named = JSON.stringify(changed.map(({ msgUID, appKey }) => [msgUID, appKey]))
  const keys = new Map(changed.map(keyOf).map((key) => [JSON.stringify(key), key]))
  const furthestOfEach = sql`SELECT id FROM (SELECT id, max(up_to_ms) FROM ${messageChanges}
    WHERE ${isOfConversations(JSON.stringify([...keys.values()]))}
    GROUP BY target_id, user_id, channel_type, app_key, bus_channel, kind, by_user_id)`
  // From the messages on: a list of pairs would lead SQLite through all changes of the app.
  const ofMessages = sql`SELECT ch.id FROM json_each(${named}) AS named CROSS JOIN ${messageChanges} AS ch
    ON ch.msg_uid = named.value ->> 0 AND ch.app_key = named.value ->> 1`
  return db
    .select()
    .from(messageChanges)
    .where(
      and(
        sql`${messageChanges.id} IN (${ofMessages} UNION ALL ${furthestOfEach})`,
        gt(messageChanges.id, afterId),
      ),
    )
    .orderBy(asc(messageChanges.id))
    .limit(limit)
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

function isOfConversations(keys: string): SQL {
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
