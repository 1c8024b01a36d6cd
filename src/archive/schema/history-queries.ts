/** RongCloud's message history: what of it was asked for, and when not to ask. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * Stretches of conversations for which RongCloud was asked and has answered, be it that it refuses to tell. Those of one
 * conversation that touch are one row.
 */
export const historyAsks = sqliteTable(
  'history_asks',
  {
    conversationId: integer('conversation_id').notNull(),
    // Messages sent from `from_ms` on and before `until_ms`.
    fromMs: integer('from_ms').notNull(),
    untilMs: integer('until_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.conversationId, t.fromMs] })],
)

/** Apps and kinds of conversation whose history is not to be asked for until then, for the reason that RongCloud gave. */
export const historyPauses = sqliteTable(
  'history_pauses',
  {
    appKey: text('app_key').notNull(),
    channelType: text('channel_type').notNull(),
    untilMs: integer('until_ms').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.channelType] })],
)
