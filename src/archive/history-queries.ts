/** Which conversations RongCloud's message history is to be asked for, and what was asked. */
import { and, asc, eq, gt, inArray, sql, type SQL } from 'drizzle-orm'
import type { TimeSpan } from '../domain/spans.ts'
import { WITH_KEY } from './conversations.ts'
import { conversations, historyAsks, historyPauses, messages } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

export type ConversationToAsk = Awaited<ReturnType<typeof findConversationsToAsk>>[number]

/** Conversations with a message so near to the span, and of whose history in it something was not asked for yet. */
export type ToAsk = { appKey: string; channelType: string; span: TimeSpan; nearMs: number }

/** By id, from above `afterId` on. */
export function listToAsk(
  { replica }: Store,
  which: ToAsk,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<ConversationToAsk[]> {
  return replica
    .select(WITH_KEY)
    .from(conversations)
    .where(and(gt(conversations.id, afterId), isToBeAsked(which)))
    .orderBy(asc(conversations.id))
    .limit(limit)
}

export async function countToAsk({ replica }: Store, which: ToAsk): Promise<number> {
  const [row] = await replica
    .select({ count: sql<number>`count(*)` })
    .from(conversations)
    .where(isToBeAsked(which))
  return row?.count ?? 0
}

export function findConversationsToAsk({ db }: Store, ids: readonly number[]) {
  return db
    .select(WITH_KEY)
    .from(conversations)
    .where(inArray(conversations.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`))
    .orderBy(asc(conversations.id))
}

// The pluses keep SQLite at the ids, in whose order the rows are wanted.
function isToBeAsked({ appKey, channelType, span, nearMs }: ToAsk): SQL | undefined {
  const { fromMs, untilMs } = span
  return and(
    sql`+${conversations.appKey} = ${appKey} AND +${conversations.channelType} = ${channelType}`,
    // A message to nobody in particular.
    sql`+${conversations.targetId} <> ''`,
    sql`EXISTS (SELECT 1 FROM ${messages} AS near WHERE near.conversation_id = ${conversations.id}
      AND near.sent_at_ms >= ${fromMs - nearMs} AND near.sent_at_ms < ${untilMs + nearMs})`,
    sql`NOT EXISTS (SELECT 1 FROM ${historyAsks} AS asked WHERE asked.conversation_id = ${conversations.id}
      AND asked.from_ms <= ${fromMs} AND asked.until_ms >= ${untilMs})`,
  )
}

// Of a group with many messages the last few know who is still in it.
const LOOKED_AT = 200

/** Users who have written there: before that moment the last ones first, and then those who came after it. */
export async function listWriters(
  store: Store,
  conversationId: number,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<string[]> {
  const before = await writersIn(store, sql`sent_at_ms < ${beforeMs}`, sql`sent_at_ms DESC`, conversationId)
  const after = await writersIn(store, sql`sent_at_ms >= ${beforeMs}`, sql`sent_at_ms`, conversationId)
  return [...new Set([...before, ...after])].slice(0, limit)
}

async function writersIn({ db }: Store, where: SQL, order: SQL, conversationId: number): Promise<string[]> {
  const rows = await db
    .select({ fromUserId: messages.fromUserId })
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), where))
    .orderBy(order)
    .limit(LOOKED_AT)
  return rows.map(({ fromUserId }) => fromUserId)
}

export function listAsked({ db }: Store, conversationId: number): Promise<TimeSpan[]> {
  const { fromMs, untilMs } = historyAsks
  return db
    .select({ fromMs, untilMs })
    .from(historyAsks)
    .where(eq(historyAsks.conversationId, conversationId))
}

/** Makes one row of all that it touches. */
export async function noteAsked(
  store: Store,
  conversationId: number,
  { fromMs, untilMs }: TimeSpan,
): Promise<void> {
  await store.atomically([
    {
      sql: `INSERT INTO history_asks (conversation_id, from_ms, until_ms)
        SELECT id, min(new_from, coalesce(min(from_ms), new_from)), max(new_until, coalesce(max(until_ms), new_until))
        FROM (SELECT ? AS id, ? AS new_from, ? AS new_until)
        LEFT JOIN history_asks ON conversation_id = id AND from_ms <= new_until AND until_ms >= new_from
        GROUP BY id
        ON CONFLICT (conversation_id, from_ms) DO UPDATE SET until_ms = excluded.until_ms`,
      params: [conversationId, fromMs, untilMs],
    },
    {
      sql: `DELETE FROM history_asks WHERE conversation_id = ? AND EXISTS (SELECT 1 FROM history_asks AS larger
        WHERE larger.conversation_id = history_asks.conversation_id AND larger.from_ms < history_asks.from_ms
        AND larger.until_ms >= history_asks.until_ms)`,
      params: [conversationId],
    },
  ])
}

/** So that it is asked for once more. @param of conversations with these ids, or all of an app */
export async function forgetAsked(
  store: Store,
  of: { ids: readonly number[] } | { appKey: string },
  { fromMs, untilMs }: TimeSpan,
): Promise<void> {
  const [isOf, which] =
    'ids' in of
      ? ['conversation_id IN (SELECT value FROM json_each(?))', JSON.stringify(of.ids)]
      : ['conversation_id IN (SELECT id FROM conversations WHERE app_key = ?)', of.appKey]
  await store.atomically([
    {
      sql: `INSERT INTO history_asks SELECT conversation_id, ?, until_ms FROM history_asks
        WHERE ${isOf} AND from_ms < ? AND until_ms > ?`,
      params: [untilMs, which, untilMs, untilMs],
    },
    {
      sql: `DELETE FROM history_asks WHERE ${isOf} AND from_ms >= ? AND from_ms < ?`,
      params: [which, fromMs, untilMs],
    },
    {
      sql: `UPDATE history_asks SET until_ms = ? WHERE ${isOf} AND from_ms < ? AND until_ms > ?`,
      params: [fromMs, which, fromMs, fromMs],
    },
  ])
}

type Paused = { appKey: string; channelType: string }

export async function findHistoryPause(
  { db }: Store,
  { appKey, channelType }: Paused,
  nowMs: number,
): Promise<string | undefined> {
  const isIt = and(eq(historyPauses.appKey, appKey), eq(historyPauses.channelType, channelType))
  const [pause] = await db.select().from(historyPauses).where(isIt)
  return pause && pause.untilMs > nowMs ? pause.reason : undefined
}

export async function recordHistoryPause(
  store: Store,
  pause: typeof historyPauses.$inferInsert,
): Promise<void> {
  const { appKey: _appKey, channelType: _channelType, ...set } = pause
  const insert = sqlWriter.insert(historyPauses).values(pause)
  const target = [historyPauses.appKey, historyPauses.channelType]
  await store.atomically([insert.onConflictDoUpdate({ target, set }).toSQL()])
}
