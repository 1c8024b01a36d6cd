/** What happened to messages afterwards: kept as it comes, and added up for those who read the messages. */
import { and, eq, sql, type SQL } from 'drizzle-orm'
import { conversationKeyOf, type ConversationKey } from '../domain/conversation.ts'
import type { MessageChange } from '../domain/message-change.ts'
import { stateOf, type MessageState } from '../domain/message-state.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { messageChanges, messages } from './schema.ts'
import { prepared, sqlWriter, type ArchiveDatabase, type Statement, type Store } from './store.ts'

export type ArchivedChange = typeof messageChanges.$inferSelect

// One group receipt may tell of thousands of messages; a bound value of D1's holds 2 MB.
const CHANGES_PER_STATEMENT = 500

/** Keeps each once, whenever and by whatever road it comes again. */
export async function recordChanges(
  store: Store,
  changes: readonly MessageChange[],
  arrival: Pick<Arrival, 'receivedAtMs' | 'origin'>,
): Promise<void> {
  if (changes.length > 0) await store.atomically(changeStatements(changes, arrival))
}

/** The same, to share another unit's transaction. */
export function changeStatements(
  changes: readonly MessageChange[],
  arrival: Pick<Arrival, 'receivedAtMs' | 'origin'>,
): Statement[] {
  const chunks = Array.from({ length: Math.ceil(changes.length / CHANGES_PER_STATEMENT) }, (_, i) =>
    changes.slice(i * CHANGES_PER_STATEMENT, (i + 1) * CHANGES_PER_STATEMENT),
  )
  return chunks.map((chunk) => insertChanges({ ...arrival, changes: JSON.stringify(chunk, toWellFormed) }))
}

// A lone surrogate, which JSON may hold, is no character: the database would not give it back.
function toWellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value
}

type Changed = Pick<
  Message,
  'appKey' | 'msgUID' | 'channelType' | 'fromUserId' | 'targetId' | 'busChannel' | 'sentAtMs'
>

/** Who has read a message is left to {@link findChanges}: thousands may have. */
export type PresentState = Omit<MessageState, 'readBy'>

/** The present state of each message of a page. */
export async function withStates<M extends Changed>(
  db: ArchiveDatabase,
  messages: readonly M[],
): Promise<(M & { state: PresentState })[]> {
  if (messages.length === 0) return []
  const uids = JSON.stringify(messages.map(({ msgUID }) => msgUID))
  const keys = JSON.stringify(messages.map(keyOf))
  const changes = await db
    .select()
    .from(messageChanges)
    .where(
      sql`${messageChanges.msgUID} IN (SELECT value FROM json_each(${uids}))
      AND ${messageChanges.kind} NOT IN ('receipt', 'read')`,
    )
    .unionAll(
      db
        .select()
        .from(messageChanges)
        .where(and(isOfConversations(keys), eq(messageChanges.kind, 'delete'))),
    )
  const byUid = Map.groupBy(changes, ({ msgUID }) => msgUID)
  const untilThen = byUid.get(null) ?? []
  return messages.map((message) => {
    const own = [...(byUid.get(message.msgUID) ?? []), ...untilThen].map(toChange)
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
    .where(and(eq(messageChanges.msgUID, msgUID), eq(messageChanges.appKey, appKey)))
    .unionAll(db.select().from(messageChanges).where(firstOfEach))
  const changes = found.toSorted((one, other) => one.id - other.id)
  return { changes, state: stateOf({ ...message, conversation: key }, changes.map(toChange)) }
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

function keyOf(message: Changed): ConversationKey {
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

const insertChanges = prepared(
  sqlWriter
    .insert(messageChanges)
    .select(
      sql`SELECT NULL, value ->> 'appKey', value ->> 'msgUID', value ->> 'upToMs', value ->> 'kind',
        value ->> '$.conversation.channelType', value ->> '$.conversation.userId',
        value ->> '$.conversation.targetId', value ->> '$.conversation.busChannel',
        value ->> 'byUserId', value ->> 'atMs', value ->> 'data', value ->> 'identity',
        ${sql.placeholder('receivedAtMs')}, ${sql.placeholder('origin')},
        (SELECT coalesce(max(id), 0) FROM messages)
        FROM json_each(${sql.placeholder('changes')}) WHERE true`,
    )
    .onConflictDoNothing(),
)
