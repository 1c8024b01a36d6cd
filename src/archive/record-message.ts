/** The archive's one way to take a message in. One message is one atomic unit of a few statements. */
import { and, eq, sql } from 'drizzle-orm'
import type { ConversationKey } from '../domain/conversation.ts'
import type { Arrival, Message } from '../domain/message.ts'
import type { Pair } from '../domain/parties.ts'
import { countUnknownType } from './object-names.ts'
import { chats, conversations, messages, userProfiles } from './schema.ts'
import { prepared, sqlWriter, type Row, type Statement, type Store } from './store.ts'

/** Everything one unit writes; what is derived here can be rebuilt from the message itself. */
export type MessageRecord = Message &
  Arrival & {
    conversation: ConversationKey
    /** Null unless the conversation is one between a member and a seller. */
    pair: Pair | null
    listing: number
    /** The sender's `user` object, where the message carries one. */
    profile: Profile | null
    /** Nobody has told this program what its type means. */
    isUnknownType: boolean
  }

export type Profile = { name: string | null; portrait: string | null }

/** `known`: the same message was there. `conflict`: another one with this identity was; nothing changed. */
export type RecordOutcome = { outcome: 'recorded' | 'known' | 'conflict'; id: number }

/**
 * Archives a message; repeating it is harmless.
 * @param alongside statements that share the message's transaction
 */
export async function recordMessage(
  store: Store,
  record: MessageRecord,
  alongside: readonly Statement[] = [],
): Promise<RecordOutcome> {
  const unit = [...insertStatements(record), ...alongside]
  // Nearly every message is new and its conversation known. Looking first would cost each of them a third more.
  const [inserted] = await store.atomically(unit)
  if (inserted?.[0]) return recorded(inserted[0])
  const conversation = conversationStatements(record)
  const rows = await store.atomically([...conversation, ...unit, findArchived(record)], 'next')
  const insertedNow = rows[conversation.length]?.[0]
  if (insertedNow) return recorded(insertedNow)
  const archived = rows.at(-1)?.[0]
  if (!archived) throw new Error('a message neither inserted nor found')
  return compared(archived, record)
}

/** What {@link recordMessage} would tell; writes nothing. Without an id: it would be recorded. */
export async function foresee(
  store: Store,
  record: MessageRecord,
): Promise<RecordOutcome | { outcome: 'recorded'; id: null }> {
  const [rows] = await store.atomically([findArchived(record)])
  const archived = rows?.[0]
  return archived ? compared(archived, record) : { outcome: 'recorded', id: null }
}

function compared(archived: Row, record: MessageRecord): RecordOutcome {
  return { outcome: isSame(archived, record) ? 'known' : 'conflict', id: Number(archived.id) }
}

function recorded(row: Row): RecordOutcome {
  return { outcome: 'recorded', id: Number(row.id) }
}

/** Does nothing when the message is there already, or its conversation is not. */
function insertStatements(record: MessageRecord): Statement[] {
  const { conversation, profile, isUnknownType } = record
  const key = { conversationUserId: conversation.userId, conversationTargetId: conversation.targetId }
  const message = insertMessage({ ...record, ...key, nonceReused: Number(record.nonceReused) })
  return [
    message,
    ...(isUnknownType ? [countUnknownType(record)] : []),
    ...(profile ? [rememberProfile({ ...record, ...profile })] : []),
  ]
}

function conversationStatements({ appKey, conversation, pair }: MessageRecord): Statement[] {
  const sides = { memberId: pair?.memberId ?? null, sellerId: pair?.sellerId ?? null }
  const ensured = ensureConversation({ ...conversation, ...sides })
  return pair ? [ensureChat({ appKey, ...pair }), ensured] : [ensured]
}

function isSame(row: Row, record: MessageRecord): boolean {
  const archived = { sentAtMs: Number(row.sent_at_ms), receivedAtMs: Number(row.received_at_ms) }
  return (
    Object.entries(COMPARED).every(
      ([field, { name }]) => row[name] === record[field as keyof typeof COMPARED],
    ) &&
    row.bus_channel === record.conversation.busChannel &&
    (archived.sentAtMs === record.sentAtMs || (isTimeAssumed(archived) && isTimeAssumed(record)))
  )
}

// A message without a time of its own has that of its receipt, which a retry does not repeat.
function isTimeAssumed({
  sentAtMs,
  receivedAtMs,
}: Pick<MessageRecord, 'sentAtMs' | 'receivedAtMs'>): boolean {
  return sentAtMs === receivedAtMs
}

// With time and channel, every decoded form field is in one of these columns: two messages that agree in them
// are the same.
const COMPARED = {
  channelType: conversations.channelType,
  fromUserId: messages.fromUserId,
  targetId: messages.targetId,
  objectName: messages.objectName,
  content: messages.content,
  source: messages.source,
  sensitiveType: messages.sensitiveType,
  fields: messages.fields,
}

const place = (name: string) => sql.placeholder(name)

const findArchived = prepared(
  sqlWriter
    .select({
      ...COMPARED,
      id: messages.id,
      sentAtMs: messages.sentAtMs,
      receivedAtMs: messages.receivedAtMs,
      busChannel: conversations.busChannel,
    })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(and(eq(messages.msgUID, place('msgUID')), eq(messages.appKey, place('appKey')))),
)

const ensureChat = prepared(
  sqlWriter
    .insert(chats)
    .values({
      appKey: place('appKey'),
      memberId: place('memberId'),
      sellerId: place('sellerId'),
      memberUserId: place('memberUserId'),
      sellerUserId: place('sellerUserId'),
    })
    .onConflictDoNothing(),
)

const chatId = sql`(SELECT ${chats.id} FROM ${chats} WHERE ${chats.appKey} = ${place('appKey')}
  AND ${chats.memberId} = ${place('memberId')} AND ${chats.sellerId} = ${place('sellerId')})`

const ensureConversation = prepared(
  sqlWriter
    .insert(conversations)
    .values({
      appKey: place('appKey'),
      channelType: place('channelType'),
      userId: place('userId'),
      targetId: place('targetId'),
      busChannel: place('busChannel'),
      chatId,
    })
    .onConflictDoNothing(),
)

const value = (name: string, column: { name: string }) => sql`${place(name)}`.as(column.name)

const insertMessage = prepared(
  sqlWriter
    .insert(messages)
    .select((select) =>
      select
        .select({
          id: sql`NULL`.as('id'),
          appKey: value('appKey', messages.appKey),
          msgUID: value('msgUID', messages.msgUID),
          conversationId: conversations.id,
          listing: value('listing', messages.listing),
          fromUserId: value('fromUserId', messages.fromUserId),
          targetId: value('targetId', messages.targetId),
          objectName: value('objectName', messages.objectName),
          content: value('content', messages.content),
          sentAtMs: value('sentAtMs', messages.sentAtMs),
          receivedAtMs: value('receivedAtMs', messages.receivedAtMs),
          origin: value('origin', messages.origin),
          source: value('source', messages.source),
          sensitiveType: value('sensitiveType', messages.sensitiveType),
          fields: value('fields', messages.fields),
          problem: value('problem', messages.problem),
          nonceReused: value('nonceReused', messages.nonceReused),
        })
        .from(conversations)
        .where(
          and(
            eq(conversations.appKey, place('appKey')),
            eq(conversations.channelType, place('channelType')),
            eq(conversations.userId, place('conversationUserId')),
            eq(conversations.targetId, place('conversationTargetId')),
            eq(conversations.busChannel, place('busChannel')),
          ),
        ),
    )
    .onConflictDoNothing()
    .returning({ id: messages.id }),
)

// Only if the message before it was new (a conflict changes nothing), which the count of its type passes on.
// Messages arrive in any order; the profile of the newest one stays.
const rememberProfile = prepared(
  sqlWriter
    .insert(userProfiles)
    .select(
      sql`SELECT ${place('appKey')}, ${place('fromUserId')}, ${place('name')}, ${place('portrait')}, ${place('sentAtMs')}
        WHERE changes() > 0`,
    )
    .onConflictDoUpdate({
      target: [userProfiles.appKey, userProfiles.userId],
      set: {
        // Half a profile does not erase the other half.
        name: sql`coalesce(excluded.name, ${userProfiles.name})`,
        portrait: sql`coalesce(excluded.portrait, ${userProfiles.portrait})`,
        sentAtMs: sql`excluded.sent_at_ms`,
      },
      setWhere: sql`excluded.sent_at_ms >= ${userProfiles.sentAtMs}`,
    }),
)
