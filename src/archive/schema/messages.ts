/** Messages and the conversations they belong to. */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { ORIGINS } from '../../domain/message.ts'
import { longIdColumn } from './long-id.ts'

/** What `chat-records/list` makes of a message: never shown, shown when its type is asked for, or always. */
export const LISTING = { hidden: 0, onRequest: 1, always: 2 } as const

/** A (member, seller) pair of one app, seen by chat-records as one whatever its channel types. */
export const chats = sqliteTable(
  'chats',
  {
    id: integer('id').primaryKey(),
    appKey: text('app_key').notNull(),
    memberId: longIdColumn('member_id').notNull(),
    sellerId: text('seller_id').notNull(),
    memberUserId: text('member_user_id').notNull(),
    sellerUserId: text('seller_user_id').notNull(),
  },
  // Serves chat-list (all chats of a member) and list (one chat).
  (t) => [uniqueIndex('chats_by_member').on(t.appKey, t.memberId, t.sellerId)],
)

export const conversations = sqliteTable(
  'conversations',
  {
    id: integer('id').primaryKey(),
    appKey: text('app_key').notNull(),
    channelType: text('channel_type').notNull(),
    // One-to-one: the two users in order. Otherwise user_id is '' and target_id the group, room or service.
    userId: text('user_id').notNull(),
    targetId: text('target_id').notNull(),
    busChannel: text('bus_channel').notNull(),
    // Null unless it is one-to-one between a member and a seller.
    chatId: integer('chat_id').references(() => chats.id),
    // Written by triggers alone.
    messageCount: integer('message_count').notNull().default(0),
    lastMessageId: integer('last_message_id'),
    lastSentAtMs: integer('last_sent_at_ms'),
    // The same of the messages with listing `always`.
    listedCount: integer('listed_count').notNull().default(0),
    lastListedId: integer('last_listed_id'),
    lastListedAtMs: integer('last_listed_at_ms'),
    // The member emptied their view up to then, so that nothing sent at or before it is listed. -1: never.
    shownAfterMs: integer('shown_after_ms').notNull().default(-1),
  },
  (t) => [
    uniqueIndex('conversations_key').on(t.appKey, t.channelType, t.userId, t.targetId, t.busChannel),
    // Newest first, the operator's list.
    index('conversations_by_activity').on(t.lastSentAtMs),
    // Conversations of one user, from either end of the pair.
    index('conversations_by_user')
      .on(t.userId)
      .where(sql`user_id <> ''`),
    index('conversations_by_target').on(t.targetId),
    index('conversations_by_chat')
      .on(t.chatId)
      .where(sql`chat_id IS NOT NULL`),
  ],
)

export const messages = sqliteTable(
  'messages',
  {
    // The record id of the REST contract; never given twice, even when a row were to go.
    id: integer('id').primaryKey({ autoIncrement: true }),
    appKey: text('app_key').notNull(),
    msgUID: text('msg_uid').notNull(),
    // No foreign key: the insert has just looked the row up, a check would do it again.
    conversationId: integer('conversation_id').notNull(),
    listing: integer('listing').notNull(),
    fromUserId: text('from_user_id').notNull(),
    targetId: text('target_id').notNull(),
    objectName: text('object_name').notNull(),
    // Exactly as received: parsing and printing again would lose key order, large integers and escapes.
    content: text('content').notNull(),
    sentAtMs: integer('sent_at_ms').notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
    origin: text('origin', { enum: ORIGINS }).notNull(),
    // Null when RongCloud did not send the field, or sent it empty.
    source: text('source'),
    sensitiveType: integer('sensitive_type'),
    // Other form fields as one JSON object, keys sorted; null when there are none, which is the usual case.
    fields: text('fields'),
    // Why the message does not fit its type; null when it does.
    problem: text('problem'),
    nonceReused: integer('nonce_reused', { mode: 'boolean' }).notNull().default(false),
    // What the hourly log tells of its fate (domain/log-flags.ts); null when no log has told of it.
    logFlags: integer('log_flags'),
  },
  (t) => [
    // Exactly once. msg_uid first, so that a look-up without the app uses it too.
    uniqueIndex('messages_identity').on(t.msgUID, t.appKey),
    // Pages across conversations; ties of time are few and sorted on the way out.
    index('messages_by_time').on(t.sentAtMs),
    // Pages within a conversation, with what they are counted and narrowed by, so that no row is touched for it.
    // A user's messages are found through their conversations: an index for each end would cost every message two
    // more pages of the commit (docs/decisions/0007).
    index('messages_by_conversation').on(
      t.conversationId,
      t.sentAtMs,
      t.id,
      t.listing,
      t.objectName,
      t.fromUserId,
    ),
    // The few that an operator looks for among millions; each costs nothing for an ordinary message.
    index('messages_with_problem')
      .on(t.sentAtMs)
      .where(sql`problem IS NOT NULL`),
    index('messages_not_by_callback')
      .on(t.origin, t.sentAtMs)
      .where(sql`origin <> 'callback'`),
    index('messages_not_text')
      .on(t.objectName, t.sentAtMs)
      .where(sql`object_name <> 'RC:TxtMsg'`),
  ],
)

/**
 * Who has written in which group, room or service; the ends of a one-to-one conversation are in its row.
 * Written by triggers alone.
 */
export const senders = sqliteTable(
  'senders',
  {
    userId: text('user_id').notNull(),
    conversationId: integer('conversation_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.conversationId] })],
)

/** Types of messages that this program does not know: the app's own ones and those that RongCloud has added since. */
export const unknownObjectNames = sqliteTable(
  'unknown_object_names',
  {
    appKey: text('app_key').notNull(),
    objectName: text('object_name').notNull(),
    // The app's own name of the type where a wrapper library sent it under one of RongCloud's object names, else ''.
    msgType: text('msg_type').notNull().default(''),
    messageCount: integer('message_count').notNull(),
    firstReceivedAtMs: integer('first_received_at_ms').notNull(),
    lastReceivedAtMs: integer('last_received_at_ms').notNull(),
    // The newest of them.
    exampleMsgUID: text('example_msg_uid').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.objectName, t.msgType] })],
)
