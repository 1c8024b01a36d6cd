/** Numbers of messages and callbacks, so that nobody has to count rows. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ORIGINS } from '../../domain/message.ts'

/**
 * How many messages were sent in each hour of UTC, and in each eight hours, so that a year is a third of a million rows
 * less to read. Up to the message that `count_progress` names: counting each as it is archived would cost every callback
 * a page of the commit.
 */
export const messageCounts = sqliteTable(
  'message_counts',
  {
    hours: integer('hours').notNull(),
    startMs: integer('start_ms').notNull(),
    appKey: text('app_key').notNull(),
    objectName: text('object_name').notNull(),
    channelType: text('channel_type').notNull(),
    origin: text('origin', { enum: ORIGINS }).notNull(),
    messages: integer('messages').notNull(),
  },
  // A range of time is a range of this table.
  (t) => [primaryKey({ columns: [t.hours, t.startMs, t.appKey, t.objectName, t.channelType, t.origin] })],
)

/** Up to which message `message_counts` has come; at most one row. Moved in the transaction of the counts. */
export const countProgress = sqliteTable('count_progress', {
  id: integer('id').primaryKey(),
  countedUpTo: integer('counted_up_to').notNull(),
})

/** Callbacks that brought no new row: known already, refused, kept aside or not stored, by the hour of their arrival. */
export const callbackCounts = sqliteTable(
  'callback_counts',
  {
    hourStartMs: integer('hour_start_ms').notNull(),
    // '' when the callback names none of our apps: a stranger must not make rows.
    appKey: text('app_key').notNull(),
    kind: text('kind').notNull(),
    outcome: text('outcome').notNull(),
    // Why it was refused, else ''.
    reason: text('reason').notNull(),
    callbacks: integer('callbacks').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hourStartMs, t.appKey, t.kind, t.outcome, t.reason] })],
)
