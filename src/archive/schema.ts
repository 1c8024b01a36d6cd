/**
 * The tables. What follows from a row of `messages` or `message_changes` (counts, last message, what a
 * member is shown) is kept right by triggers in `drizzle/`, in the same transaction, for every writer.
 */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { CHANGE_KINDS } from '../domain/message-change.ts'
import { ORIGINS } from '../domain/message.ts'

/** What `chat-records/list` makes of a message: never shown, shown when its type is asked for, or always. */
export const LISTING = { hidden: 0, onRequest: 1, always: 2 } as const

/** A (member, seller) pair of one app, seen by chat-records as one whatever its channel types. */
export const chats = sqliteTable(
  'chats',
  {
    id: integer('id').primaryKey(),
    appKey: text('app_key').notNull(),
    memberId: integer('member_id').notNull(),
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

/**
 * What happened to messages afterwards (domain/message-change.ts). Append only: the state of a message is computed
 * from these. They may be here before their message, or without it for ever.
 */
export const messageChanges = sqliteTable(
  'message_changes',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appKey: text('app_key').notNull(),
    // Null for all of a conversation up to `up_to_ms`.
    msgUID: text('msg_uid'),
    upToMs: integer('up_to_ms'),
    kind: text('kind', { enum: CHANGE_KINDS }).notNull(),
    // The conversation it counts for, as the key of `conversations`; all four null when nobody named one.
    channelType: text('channel_type'),
    userId: text('user_id'),
    targetId: text('target_id'),
    busChannel: text('bus_channel'),
    byUserId: text('by_user_id').notNull(),
    atMs: integer('at_ms').notNull(),
    // JSON, as the kind needs it.
    data: text('data'),
    identity: text('identity').notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
    origin: text('origin', { enum: ORIGINS }).notNull(),
    // The newest message at that time: where this stands among the messages in the order of arrival.
    afterMessageId: integer('after_message_id').notNull(),
  },
  (t) => [
    uniqueIndex('message_changes_identity').on(t.appKey, t.identity),
    index('message_changes_by_message')
      .on(t.msgUID, t.appKey)
      .where(sql`msg_uid IS NOT NULL`),
    index('message_changes_by_conversation')
      .on(t.targetId, t.userId, t.channelType, t.appKey, t.busChannel, t.upToMs)
      .where(sql`msg_uid IS NULL`),
  ],
)

/** What else RongCloud tells: one row for each thing that happened, as received. */
export const callbackEvents = sqliteTable(
  'callback_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appKey: text('app_key').notNull(),
    // Which address it came to, such as `online-status`.
    kind: text('kind').notNull(),
    // SHA-256 of what makes a second delivery the same event, or of the body when nothing does.
    identity: text('identity').notNull(),
    body: text('body').notNull(),
    occurredAtMs: integer('occurred_at_ms'),
    userId: text('user_id'),
    targetId: text('target_id'),
    msgUID: text('msg_uid'),
    problem: text('problem'),
    nonceReused: integer('nonce_reused', { mode: 'boolean' }).notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('callback_events_identity').on(t.appKey, t.kind, t.identity),
    index('callback_events_by_kind').on(t.kind),
    index('callback_events_with_problem')
      .on(t.id)
      .where(sql`problem IS NOT NULL`),
    index('callback_events_by_user')
      .on(t.userId)
      .where(sql`user_id IS NOT NULL`),
    index('callback_events_by_target')
      .on(t.targetId)
      .where(sql`target_id IS NOT NULL`),
    index('callback_events_by_message')
      .on(t.msgUID)
      .where(sql`msg_uid IS NOT NULL`),
  ],
)

/** The last that online status told of each session of a user. */
export const sessions = sqliteTable(
  'sessions',
  {
    appKey: text('app_key').notNull(),
    userId: text('user_id').notNull(),
    // '' when the event names none.
    sessionId: text('session_id').notNull(),
    status: text('status', { enum: ['online', 'offline', 'logout'] }).notNull(),
    os: text('os'),
    clientIp: text('client_ip'),
    atMs: integer('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.userId, t.sessionId] })],
)

/** Types of messages that this program does not know: custom ones and new ones of RongCloud's. */
export const unknownObjectNames = sqliteTable(
  'unknown_object_names',
  {
    appKey: text('app_key').notNull(),
    objectName: text('object_name').notNull(),
    messageCount: integer('message_count').notNull(),
    firstReceivedAtMs: integer('first_received_at_ms').notNull(),
    lastReceivedAtMs: integer('last_received_at_ms').notNull(),
    // The newest of them.
    exampleMsgUID: text('example_msg_uid').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.objectName] })],
)

/** The newest `user` object that a user's own messages carried. */
export const userProfiles = sqliteTable(
  'user_profiles',
  {
    appKey: text('app_key').notNull(),
    userId: text('user_id').notNull(),
    name: text('name'),
    portrait: text('portrait'),
    sentAtMs: integer('sent_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.userId] })],
)

/**
 * Why a callback was kept aside. `lossy`: archived, but its bytes are no UTF-8 and the text lost some.
 * `failed`: the archive could not take the message for a reason of its own.
 */
export const DELIVERY_REASONS = ['unreadable', 'conflict', 'lossy', 'failed'] as const

/** Callbacks kept whole, because they could not be read or conflict with an archived message. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appKey: text('app_key').notNull(),
    // Which address it came to, such as `messages`.
    kind: text('kind').notNull(),
    reason: text('reason', { enum: DELIVERY_REASONS }).notNull(),
    detail: text('detail').notNull(),
    query: text('query').notNull(),
    contentType: text('content_type'),
    body: text('body').notNull(),
    // base64 when the bytes are not UTF-8 text.
    bodyEncoding: text('body_encoding', { enum: ['utf8', 'base64'] }).notNull(),
    bodySha256: text('body_sha256').notNull(),
    remoteAddress: text('remote_address'),
    nonceReused: integer('nonce_reused', { mode: 'boolean' }).notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
    // What became of it when it was replayed; null when it never was.
    replayedAtMs: integer('replayed_at_ms'),
    replayOutcome: text('replay_outcome'),
  },
  // The same body again is the same delivery, however often RongCloud tries.
  (t) => [uniqueIndex('deliveries_identity').on(t.appKey, t.kind, t.reason, t.bodySha256)],
)

/** Names that the app's back end gives to sellers; they come before what messages tell. */
export const sellers = sqliteTable(
  'sellers',
  {
    appKey: text('app_key').notNull(),
    sellerId: text('seller_id').notNull(),
    shopName: text('shop_name'),
    logo: text('logo'),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.sellerId] })],
)

/** What an operator can be shown or do in the console. */
export const CONSOLE_ACTIONS = [
  'sign_in',
  'sign_out',
  'conversations',
  'conversation',
  'message',
  'voice',
  'content',
  'deliveries',
  'delivery',
  'replay',
  'accesses',
] as const

/** Who saw what in the console, and when. Append only; written before anything is shown. */
export const consoleAccesses = sqliteTable(
  'console_accesses',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    // There is one password, so a person is known by session and address.
    sessionId: text('session_id').notNull(),
    remoteAddress: text('remote_address'),
    atMs: integer('at_ms').notNull(),
    action: text('action', { enum: CONSOLE_ACTIONS }).notNull(),
    // Of the conversation, message or delivery; null when the action is about none.
    subjectId: integer('subject_id'),
    // What was asked for besides: filters, a date.
    detail: text('detail'),
  },
  // Who has seen this conversation?
  (t) => [
    index('console_accesses_by_subject')
      .on(t.subjectId, t.action)
      .where(sql`subject_id IS NOT NULL`),
  ],
)

/**
 * How far the full-text index `message_search` (in `drizzle/`, by hand) has come; at most one row. Ids are given in
 * the order of arrival by one writer, so both marks are exact.
 */
export const searchProgress = sqliteTable('search_progress', {
  id: integer('id').primaryKey(),
  // `search_blocks` says the times of the messages up to here, the index their words up to there.
  surveyedUpTo: integer('surveyed_up_to').notNull(),
  indexedUpTo: integer('indexed_up_to').notNull(),
  // How often the index was set back: who read before that must not move it on.
  rewound: integer('rewound').notNull(),
})

/**
 * When the messages of each 1024 ids were sent. The index gives messages by id, pages go by time: these say which
 * ids to ask the index for.
 */
export const searchBlocks = sqliteTable(
  'search_blocks',
  {
    // id >> 10
    block: integer('block').primaryKey(),
    firstSentAtMs: integer('first_sent_at_ms').notNull(),
    lastSentAtMs: integer('last_sent_at_ms').notNull(),
  },
  (t) => [index('search_blocks_newest').on(t.lastSentAtMs, t.firstSentAtMs)],
)

/** One row that `/readyz` writes, to know that a callback could be stored now. */
export const writeChecks = sqliteTable('write_checks', {
  id: integer('id').primaryKey(),
  atMs: integer('at_ms').notNull(),
})
