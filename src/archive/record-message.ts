/** The archive's one way to take a message in. One message is one atomic unit of a few statements. */
import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { ConversationKey } from '../domain/conversation.ts'
import type { Arrival, Message } from '../domain/message.ts'
import type { Pair } from '../domain/parties.ts'
import { chats, conversations, messages, userProfiles } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

/** Everything one unit writes; what is derived here can be rebuilt from the message itself. */
export type MessageRecord = Message &
  Arrival & {
    conversation: ConversationKey
    /** Null unless the conversation is one between a member and a seller. */
    pair: Pair | null
    listing: number
    /** The sender's `user` object, where the message carries one. */
    profile: Profile | null
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
  const { before, message, after } = statementsOf(record)
  const rows = await store.atomically([...before, message, ...after, ...alongside])
  const inserted = rows[before.length]?.[0]
  if (inserted) return { outcome: 'recorded', id: Number(inserted.id) }
  return compareWithArchived(store, record)
}

type Unit = { before: Statement[]; message: Statement; after: Statement[] }

function statementsOf(record: MessageRecord): Unit {
  const { conversation, pair, profile, appKey } = record
  const sides = { memberId: pair?.memberId ?? null, sellerId: pair?.sellerId ?? null }
  const key = { conversationUserId: conversation.userId, conversationTargetId: conversation.targetId }
  return {
    before: [
      ...(pair ? [ensureChat({ appKey, ...pair })] : []),
      ensureConversation({ ...conversation, ...sides }),
    ],
    message: insertMessage({ ...record, ...key }),
    after: profile ? [rememberProfile({ ...record, ...profile })] : [],
  }
}

// Asked of the writer: RongCloud is waiting, and a reader may be busy with somebody's long question.
async function compareWithArchived(store: Store, record: MessageRecord): Promise<RecordOutcome> {
  const [rows] = await store.atomically([findArchived(record)])
  const row = rows?.[0]
  if (!row) throw new Error('a message neither inserted nor found')
  const archived = { sentAtMs: Number(row.sent_at_ms), receivedAtMs: Number(row.received_at_ms) }
  const same =
    Object.entries(COMPARED).every(
      ([field, { name }]) => row[name] === record[field as keyof typeof COMPARED],
    ) &&
    row.bus_channel === record.conversation.busChannel &&
    (archived.sentAtMs === record.sentAtMs || (isTimeAssumed(archived) && isTimeAssumed(record)))
  return { outcome: same ? 'known' : 'conflict', id: Number(row.id) }
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

const ofConversation = (column: SQL | typeof conversations.id | typeof conversations.chatId) =>
  sql`(SELECT ${column} FROM ${conversations} WHERE ${conversations.appKey} = ${place('appKey')}
    AND ${conversations.channelType} = ${place('channelType')}
    AND ${conversations.userId} = ${place('conversationUserId')}
    AND ${conversations.targetId} = ${place('conversationTargetId')}
    AND ${conversations.busChannel} = ${place('busChannel')})`

const insertMessage = prepared(
  sqlWriter
    .insert(messages)
    .values({
      appKey: place('appKey'),
      msgUID: place('msgUID'),
      conversationId: ofConversation(conversations.id),
      chatId: ofConversation(conversations.chatId),
      listing: place('listing'),
      fromUserId: place('fromUserId'),
      targetId: place('targetId'),
      objectName: place('objectName'),
      content: place('content'),
      sentAtMs: place('sentAtMs'),
      receivedAtMs: place('receivedAtMs'),
      origin: place('origin'),
      source: place('source'),
      sensitiveType: place('sensitiveType'),
      fields: place('fields'),
      problem: place('problem'),
      nonceReused: place('nonceReused'),
    })
    .onConflictDoNothing()
    .returning({ id: messages.id }),
)

// Only if the message before it was new (a conflict changes nothing). Messages arrive in any order; the
// profile of the newest one stays.
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
