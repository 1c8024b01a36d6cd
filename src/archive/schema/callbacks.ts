/** Callbacks that are no messages, and those that could not become one. */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { TIME_UNITS } from '../../domain/time-unit.ts'

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

/**
 * Why a callback was kept aside. `lossy`: archived, but its bytes are no UTF-8 and the text lost some.
 * `failed`: the archive could not take the message for a reason of its own. `unknown_address`: signed, but sent to an
 * address that is none of ours; `detail` is its path.
 */
export const DELIVERY_REASONS = ['unreadable', 'conflict', 'lossy', 'failed', 'unknown_address'] as const

/** Callbacks kept whole, because they could not be read or conflict with an archived message. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appKey: text('app_key').notNull(),
    // Which address it came to, such as `messages`; `unknown-address` when it is none of ours.
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
    // Of a conflict that differs in its content alone, the message whose other text it may be: the id in `messages`.
    otherTextOf: integer('other_text_of'),
  },
  (t) => [
    // The same body again is the same delivery, however often RongCloud tries.
    uniqueIndex('deliveries_identity').on(t.appKey, t.kind, t.reason, t.bodySha256),
    // How many wait for a replay, without a look at their bodies.
    index('deliveries_waiting')
      .on(t.reason)
      .where(sql`replayed_at_ms IS NULL`),
    // What is shown at a message.
    index('deliveries_by_message')
      .on(t.otherTextOf)
      .where(sql`other_text_of IS NOT NULL`),
  ],
)

/** In which unit the time is written that the callbacks of an app are signed with, as the first verified one told. */
export const signedTimeUnits = sqliteTable('signed_time_units', {
  appKey: text('app_key').primaryKey(),
  unit: text('unit', { enum: TIME_UNITS }).notNull(),
  learnedAtMs: integer('learned_at_ms').notNull(),
})
