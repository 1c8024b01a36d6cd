/** The statements that write a message and what belongs to it, built once. */
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import { FETCHED_ORIGINS } from '../domain/message.ts'
import { chats, conversations, messages, userProfiles } from './schema.ts'
import { surveyStatement } from './search-index.ts'
import { prepared, sqlWriter, type Statement } from './store.ts'

// With time and channel, every decoded form field is in one of these columns: two messages that agree in them
// are the same.
export const COMPARED = {
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

export const findArchived = prepared(
  sqlWriter
    .select({
      ...COMPARED,
      id: messages.id,
      origin: messages.origin,
      sentAtMs: messages.sentAtMs,
      receivedAtMs: messages.receivedAtMs,
      busChannel: conversations.busChannel,
    })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(and(eq(messages.msgUID, place('msgUID')), eq(messages.appKey, place('appKey')))),
)

export const ensureChat = prepared(
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

/** The pair of a conversation; null where the ids are. */
export const chatId = sql`(SELECT ${chats.id} FROM ${chats} WHERE ${chats.appKey} = ${place('appKey')}
  AND ${chats.memberId} = ${place('memberId')} AND ${chats.sellerId} = ${place('sellerId')})`

export const ensureConversation = prepared(
  sqlWriter
    .insert(conversations)
    .values({
      // Null where none is wished for: then the next one.
      id: sql`CASE WHEN NOT EXISTS (SELECT 1 FROM ${conversations} WHERE id = ${place('conversationId')})
        THEN ${place('conversationId')} END`,
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

const insertMessageAs = (id: SQL, where?: SQL) =>
  prepared(
    sqlWriter
      .insert(messages)
      .select((select) =>
        select
          .select({
            id: id.as('id'),
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
            logFlags: value('logFlags', messages.logFlags),
          })
          .from(conversations)
          .where(
            and(
              eq(conversations.appKey, place('appKey')),
              eq(conversations.channelType, place('channelType')),
              eq(conversations.userId, place('conversationUserId')),
              eq(conversations.targetId, place('conversationTargetId')),
              eq(conversations.busChannel, place('busChannel')),
              where,
            ),
          ),
      )
      .onConflictDoNothing()
      .returning({ id: messages.id }),
  )

export const insertMessage = insertMessageAs(sql`NULL`)

// An insert that comes to nothing has used up an id all the same, and an import that is gone on with begins with
// thousands of them: those behind would find their ids taken.
const isNew = sql`NOT EXISTS (SELECT 1 FROM ${messages} AS same
  WHERE same.msg_uid = ${place('msgUID')} AND same.app_key = ${place('appKey')})`

export const insertNewest = insertMessageAs(
  sql`CASE WHEN ${place('id')} > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)
    THEN ${place('id')} END`,
  isNew,
)

export const insertFree = insertMessageAs(
  sql`CASE WHEN NOT EXISTS (SELECT 1 FROM ${messages} AS other WHERE other.id = ${place('id')})
    THEN ${place('id')} END`,
  isNew,
)

const replaceMessage = prepared(
  sqlWriter
    .update(messages)
    .set({
      objectName: sql`${place('objectName')}`,
      content: sql`${place('content')}`,
      sentAtMs: sql`${place('sentAtMs')}`,
      receivedAtMs: sql`${place('receivedAtMs')}`,
      origin: sql`${place('origin')}`,
      source: sql`${place('source')}`,
      sensitiveType: sql`${place('sensitiveType')}`,
      fields: sql`${place('fields')}`,
      problem: sql`${place('problem')}`,
      nonceReused: sql`${place('nonceReused')}`,
      // What is hidden stays so, whoever hid it.
      listing: sql`min(${messages.listing}, ${place('listing')})`,
    })
    .where(and(eq(messages.id, place('id')), inArray(messages.origin, FETCHED_ORIGINS))),
)

export function replaceLogged(record: Record<string, unknown>): Statement[] {
  const id = Number(record.id)
  return [replaceMessage({ ...record, nonceReused: Number(record.nonceReused) }), surveyStatement(id - 1, id)]
}

// Only if the message before it was new (a conflict changes nothing), which the count of its type passes on.
// Messages arrive in any order; the profile of the newest one stays.
export const rememberProfile = prepared(
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
