/**
 * The tables. What follows from a row of `messages` or `message_changes` (counts, last message, what a
 * member is shown) is kept right by triggers in `drizzle/`, in the same transaction, for every writer.
 */
export * from './schema/long-id.ts'
export * from './schema/messages.ts'
export * from './schema/changes.ts'
export * from './schema/callbacks.ts'
export * from './schema/counts.ts'
export * from './schema/people.ts'
export * from './schema/operations.ts'
export * from './schema/history-logs.ts'
export * from './schema/history-queries.ts'
