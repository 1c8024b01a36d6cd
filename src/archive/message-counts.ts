/** How many messages were sent when: counted behind the messages, and exact all the same. */
import { sql, type SQL } from 'drizzle-orm'
import type { Origin } from '../domain/message.ts'
import { conversations, countProgress, messageCounts, messages } from './schema.ts'
import { lastOfNext } from './steps.ts'
import type { Statement, Store } from './store.ts'

/** Ids of messages; 0 in an empty archive. */
export type CountProgress = { countedUpTo: number; newestId: number }

// Some 10 ms of the thread that writes.
const STEP_ROWS = 2000
// So many are counted one by one for an answer, in about as long.
const BEHIND_MAX = 10_000

const HOUR_MS = 3_600_000
// Days of China and of UTC are three of them. The table has these and single hours.
const LONG = 8
const LONG_MS = LONG * HOUR_MS

const MARK_SQL = 'coalesce((SELECT counted_up_to FROM count_progress), 0)'
const MARK = sql.raw(MARK_SQL)

export async function getCountProgress(store: Store): Promise<CountProgress> {
  // max() gives a row even before there is one.
  const [progress] = await store.db
    .select({
      countedUpTo: sql<number>`coalesce(max(${countProgress.countedUpTo}), 0)`,
      newestId: sql<number>`coalesce((SELECT max(id) FROM ${messages}), 0)`,
    })
    .from(countProgress)
  return progress ?? { countedUpTo: 0, newestId: 0 }
}

const countedWhere = (where: string) => `SELECT size.value AS hours,
    m.sent_at_ms - m.sent_at_ms % (size.value * ${HOUR_MS}) AS start_ms, m.app_key, m.object_name, c.channel_type,
    m.origin, count(*) AS messages
  FROM messages AS m CROSS JOIN conversations AS c ON c.id = m.conversation_id CROSS JOIN json_each('[1,${LONG}]') AS size
  WHERE ${where} GROUP BY 1, 2, 3, 4, 5, 6`

const KEPT = 'SELECT * FROM message_counts WHERE messages <> 0'

/** Beginnings of the hours whose numbers are not those of the messages up to the mark. One statement, one moment. */
export const MISCOUNTED_HOURS = `WITH told AS MATERIALIZED (${countedWhere(`m.id <= ${MARK_SQL}`)})
  SELECT start_ms FROM (SELECT * FROM told EXCEPT ${KEPT}) UNION SELECT start_ms FROM (${KEPT} EXCEPT SELECT * FROM told)`

/** For messages that were put below the mark: everything is counted again, behind the messages as before. */
export function recountStatements(firstId: number): Statement[] {
  return [
    {
      sql: 'DELETE FROM message_counts WHERE EXISTS (SELECT 1 FROM count_progress WHERE counted_up_to >= ?)',
      params: [firstId],
    },
    { sql: 'UPDATE count_progress SET counted_up_to = 0 WHERE counted_up_to >= ?', params: [firstId] },
  ]
}

/** One step. False: there was nothing to do. Whoever else counts meanwhile takes other messages. */
export async function countFurther(store: Store, rows = STEP_ROWS): Promise<boolean> {
  const { countedUpTo, newestId } = await getCountProgress(store)
  if (countedUpTo >= newestId) return false
  await store.atomically(stepStatements(rows))
  return true
}

// Both ask for the mark themselves: it may have moved since anybody looked.
function stepStatements(rows: number): Statement[] {
  return [
    {
      sql: `INSERT INTO message_counts ${countedWhere(`m.id > ${MARK_SQL} AND m.id <= ${lastOfNext(MARK_SQL, '?')}`)}
        ON CONFLICT DO UPDATE SET messages = messages + excluded.messages`,
      params: [rows],
    },
    {
      sql: `INSERT INTO count_progress SELECT 1, last FROM (SELECT ${lastOfNext(MARK_SQL, '?')} AS last)
        WHERE last IS NOT NULL ON CONFLICT DO UPDATE SET counted_up_to = excluded.counted_up_to`,
      params: [rows],
    },
  ]
}

/** From `startMs` until before `nextMs`, both at the beginning of an hour. */
export type Bucket = readonly [startMs: number, nextMs: number]

/** What messages are told apart by, besides the time. */
export type Dimension = 'appKey' | 'objectName' | 'channelType' | 'origin'

export type MessageCount<D extends Dimension> = { startMs: number; messages: number } & Pick<
  { appKey: string; objectName: string; channelType: string; origin: Origin },
  D
>

/**
 * Messages by the bucket in which they were sent, earliest first; nothing where there are none.
 * `uncounted`: how many of the newest it has not looked at, because the counts are that far behind.
 * @param buckets in the order of time, without a gap
 */
export async function countMessages<D extends Dimension>(
  store: Store,
  { buckets, appKey, by }: { buckets: readonly Bucket[]; appKey?: string | undefined; by: readonly D[] },
): Promise<{ counts: MessageCount<D>[]; uncounted: number }> {
  const { countedUpTo, newestId } = await getCountProgress(store)
  const columns = Object.fromEntries(by.map((name) => [name, COLUMNS[name]])) as Pick<typeof COLUMNS, D>
  const counts = await store.replica
    .select({ startMs: START, messages: sql<number>`sum(messages)`, ...columns })
    .from(sql`(${countedAndBehind(buckets, appKey)}) AS counted`)
    .groupBy(START, ...Object.values<SQL>(columns))
    .having(sql`sum(messages) > 0`)
    .orderBy(START)
  return {
    counts: counts as unknown as MessageCount<D>[],
    uncounted: Math.max(newestId - countedUpTo - BEHIND_MAX, 0),
  }
}

const START = sql<number>`bucket_ms`
const COLUMNS = {
  appKey: sql<string>`app_key`,
  objectName: sql<string>`object_name`,
  channelType: sql<string>`channel_type`,
  origin: sql<Origin>`origin`,
}

// One statement, and so one moment: the mark cannot move between the two. CROSS JOIN keeps the order of the tables, the
// pluses keep SQLite from the messages by time.
function countedAndBehind(buckets: readonly Bucket[], appKey: string | undefined): SQL {
  const isOfApp = (column: SQL) => (appKey === undefined ? sql`` : sql`AND ${column} = ${appKey}`)
  const [fromMs = 0, untilMs = 0] = [buckets[0]?.[0], buckets.at(-1)?.[1]]
  return sql`
    WITH parts AS MATERIALIZED (
      SELECT value ->> 0 AS bucket_ms, value ->> 1 AS part_hours, value ->> 2 AS from_ms, value ->> 3 AS next_ms
      FROM json_each(${JSON.stringify(buckets.flatMap(partsOf))})
    ),
    behind AS MATERIALIZED (
      SELECT m.sent_at_ms - m.sent_at_ms % ${sql.raw(String(HOUR_MS))} AS hour_ms, m.app_key, m.object_name,
        c.channel_type, m.origin, count(*) AS messages
      FROM ${messages} AS m CROSS JOIN ${conversations} AS c ON c.id = m.conversation_id
      WHERE m.id > ${MARK} AND m.id <= ${MARK} + ${BEHIND_MAX}
        AND +m.sent_at_ms >= ${fromMs} AND +m.sent_at_ms < ${untilMs} ${isOfApp(sql`+m.app_key`)}
      GROUP BY 1, 2, 3, 4, 5
    )
    SELECT bucket_ms, app_key, object_name, channel_type, origin, messages FROM parts CROSS JOIN ${messageCounts}
      WHERE hours = part_hours AND start_ms >= from_ms AND start_ms < next_ms ${isOfApp(sql`app_key`)}
    UNION ALL SELECT bucket_ms, app_key, object_name, channel_type, origin, messages FROM behind CROSS JOIN parts
      WHERE hour_ms >= from_ms AND hour_ms < next_ms`
}

type Part = readonly [bucketMs: number, hours: number, fromMs: number, nextMs: number]

/** A bucket as hours, long spans, hours. */
function partsOf([startMs, nextMs]: Bucket): Part[] {
  const firstLong = Math.ceil(startMs / LONG_MS) * LONG_MS
  const lastLong = Math.floor(nextMs / LONG_MS) * LONG_MS
  if (firstLong >= lastLong) return [[startMs, 1, startMs, nextMs]]
  const parts: Part[] = [
    [startMs, 1, startMs, firstLong],
    [startMs, LONG, firstLong, lastLong],
    [startMs, 1, lastLong, nextMs],
  ]
  return parts.filter(([, , from, next]) => from < next)
}
