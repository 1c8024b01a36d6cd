import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { CHANGE_KINDS, STREAM_SUMMARY } from '../../domain/message-change.ts'
import { ORIGINS } from '../../domain/message.ts'

/**
 * Changes that say something of their own, so that the search index goes over their messages again. A query that names
 * this condition word for word is served by the indexes that have it.
 */
export const CHANGES_WORDS = `(kind IN ('edit', 'packet') OR (kind = 'expansion' AND instr(data, '${STREAM_SUMMARY}')))`

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
    // Which of the messages of a search say more than they said at first. Few changes are in it.
    index('message_changes_of_words').on(t.msgUID, t.appKey).where(sql.raw(CHANGES_WORDS)),
    // The next ones for the search index, past the receipts.
    index('message_changes_of_words_in_order').on(t.id).where(sql.raw(CHANGES_WORDS)),
  ],
)
