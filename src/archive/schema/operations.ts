/** What the service keeps about itself: who looked at what, how far the index is, that it can write. */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What an operator can be shown or do in the console. */
export const CONSOLE_ACTIONS = [
  'sign_in',
  'sign_out',
  'conversations',
  'conversation',
  'search',
  'message',
  'voice',
  'content',
  'live',
  'overview',
  'completeness',
  'deliveries',
  'delivery',
  'replay',
  'settle',
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
 * Sessions of the console that somebody ended before their time. A session is all in its cookie, and a copy of that would go on
 * opening the console.
 */
export const revokedSessions = sqliteTable('revoked_sessions', {
  // SHA-256 of the session's id, in hexadecimal.
  idHash: text('id_hash').primaryKey(),
  // The cookie is worth nothing after that, and neither is this row.
  untilMs: integer('until_ms').notNull(),
})

/**
 * How far the full-text index `message_search` (in `drizzle/`, by hand) has come; `search-index.ts` knows which row
 * counts. Ids are given in the order of arrival by one writer, so both marks are exact.
 */
export const searchProgress = sqliteTable('search_progress', {
  id: integer('id').primaryKey(),
  // `search_blocks` says the times of the messages up to here, the index their words up to there.
  surveyedUpTo: integer('surveyed_up_to').notNull(),
  indexedUpTo: integer('indexed_up_to').notNull(),
  // How often the index was set back: who read before that must not move it on.
  rewound: integer('rewound').notNull(),
  // Edits, packets and summaries up to this id of `message_changes` are in the index of their messages.
  changesUpTo: integer('changes_up_to').notNull().default(0),
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
