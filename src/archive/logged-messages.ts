/** Archived messages beside what the hourly log says of them. */
import { eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { isSameJson } from '../domain/same-json.ts'
import { conversations, messages } from './schema.ts'
import type { Statement, Store } from './store.ts'

export type LoggedMessage = Awaited<ReturnType<typeof listByUid>>[number]

/** Those with one of these identities, whichever app they are of. */
export function listByUid(store: Store, msgUIDs: readonly string[]) {
  return selectLogged(store).where(isOneOf(messages.msgUID, msgUIDs))
}

/** Those sent at one of these times, whichever app they are of. */
export function listBySendingTime(store: Store, sentAtMs: readonly number[]) {
  return selectLogged(store).where(isOneOf(messages.sentAtMs, sentAtMs))
}

function selectLogged({ db }: Store) {
  return db
    .select({
      id: messages.id,
      appKey: messages.appKey,
      msgUID: messages.msgUID,
      channelType: conversations.channelType,
      busChannel: conversations.busChannel,
      fromUserId: messages.fromUserId,
      targetId: messages.targetId,
      objectName: messages.objectName,
      content: messages.content,
      origin: messages.origin,
      sentAtMs: messages.sentAtMs,
      receivedAtMs: messages.receivedAtMs,
      logFlags: messages.logFlags,
    })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
}

function isOneOf(column: SQLiteColumn, values: readonly unknown[]): SQL {
  return inArray(column, sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`)
}

type Logged = Pick<
  LoggedMessage,
  'channelType' | 'busChannel' | 'fromUserId' | 'targetId' | 'objectName' | 'content'
>

/**
 * Whether a message of the log is one that came otherwise. The log writes content anew, has a time and a source of its
 * own making, and may leave the channel of an ultra group out.
 */
export function isSameAsLogged(archived: Logged, logged: Logged): boolean {
  return isSameButForContent(archived, logged) && isSameJson(archived.content, logged.content)
}

export function isSameButForContent(archived: Logged, logged: Logged): boolean {
  return (
    archived.channelType === logged.channelType &&
    archived.fromUserId === logged.fromUserId &&
    archived.targetId === logged.targetId &&
    archived.objectName === logged.objectName &&
    (logged.busChannel === '' || archived.busChannel === logged.busChannel)
  )
}

/** Notes flags of messages; those that have them already are left alone. */
export function noteFlags(flags: number, ids: readonly number[]): Statement {
  return {
    sql: `UPDATE messages SET log_flags = ?
      WHERE id IN (SELECT value FROM json_each(?)) AND log_flags IS NOT ?`,
    params: [flags, JSON.stringify(ids), flags],
  }
}
