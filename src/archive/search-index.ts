/**
 * The full-text index, which follows behind the messages in transactions of its own. What it holds of a message is for
 * whoever fills it to say.
 */
import { and, asc, eq, gt, lte, or, sql } from 'drizzle-orm'
import type { Sized } from './byte-parts.ts'
import { jsonRows } from './json-rows.ts'
import { CHANGES_WORDS, messages, searchProgress } from './schema.ts'
import { findLastOfNext } from './steps.ts'
import type { Statement, Store } from './store.ts'

/** `newestId`: what the index will have come to; 0 in an empty archive. */
export type SearchProgress = {
  surveyedUpTo: number
  indexedUpTo: number
  rewound: number
  /** What changes add to the words of messages is in the index up to this id of `message_changes`. */
  changesUpTo: number
  newestId: number
}

export type IndexableMessage = Awaited<ReturnType<typeof listBehind>>[number]

/** Tokens of one message, separated by blanks. */
export type IndexEntry = readonly [id: number, tokens: string]

/**
 * Which tokens the index has: its row of the progress. Other tokens begin another row, so that nothing is missed that an
 * older version indexed, be it while this one is being deployed.
 */
const TOKENS_ID = 2

// Some ten times what is usual: of longer messages a step takes fewer.
const BYTES_A_ROW = 1000
// A search looks at so many rows one by one in a few milliseconds.
const SURVEY_FROM = 2000
const SURVEY_ROWS = 10_000

export async function getSearchProgress(store: Store): Promise<SearchProgress> {
  // max() gives a row even before there is one.
  const [progress] = await store.db
    .select({
      surveyedUpTo: sql<number>`coalesce(max(${searchProgress.surveyedUpTo}), 0)`,
      indexedUpTo: sql<number>`coalesce(max(${searchProgress.indexedUpTo}), 0)`,
      rewound: sql<number>`coalesce(max(${searchProgress.rewound}), 0)`,
      changesUpTo: sql<number>`coalesce(max(${searchProgress.changesUpTo}), 0)`,
      newestId: sql<number>`coalesce((SELECT max(id) FROM ${messages}), 0)`,
    })
    .from(searchProgress)
    .where(eq(searchProgress.id, TOKENS_ID))
  return progress ?? { surveyedUpTo: 0, indexedUpTo: 0, rewound: 0, changesUpTo: 0, newestId: 0 }
}

/** For messages that were put below the marks: the index goes over them again. */
export function rewindIndex(firstId: number): Statement {
  return {
    sql: `UPDATE search_progress SET surveyed_up_to = min(surveyed_up_to, ?), indexed_up_to = min(indexed_up_to, ?),
      rewound = rewound + 1 WHERE max(surveyed_up_to, indexed_up_to) >= ?`,
    params: [firstId - 1, firstId - 1, firstId],
  }
}

/** 1 when changes add to what a message says, else 0. */
export const hasChangedWords = ({ msgUID, appKey }: Pick<typeof messages, 'msgUID' | 'appKey'>) =>
  sql<number>`EXISTS (SELECT 1 FROM message_changes WHERE msg_uid = ${msgUID} AND app_key = ${appKey}
    AND ${sql.raw(CHANGES_WORDS)})`.as('has_changed_words')

/** How many bytes there are to read for all that each of these messages says by now, in the order of the ids. */
export function listSaidBytes({ db }: Store, ids: readonly number[]): Promise<Sized[]> {
  const ofChanges = sql`SELECT sum(octet_length(data)) FROM message_changes
    WHERE msg_uid = ${messages.msgUID} AND app_key = ${messages.appKey} AND ${sql.raw(CHANGES_WORDS)}`
  return db
    .select({
      id: messages.id,
      bytes: sql<number>`octet_length(${messages.content}) + coalesce((${ofChanges}), 0)`,
    })
    .from(sql`json_each(${JSON.stringify(ids)}) AS given`)
    .crossJoin(messages)
    .where(sql`${messages.id} = given.value`)
    .orderBy(sql`given.key`)
}

/** A change that the index does not know of, and the message that it is about; null where that is not in the index. */
export type ChangedWords = { changeId: number; messageId: number | null }

/** The next changes that add to what messages say, by id. */
export function listChangedWords(
  { db }: Store,
  { changesUpTo, indexedUpTo }: SearchProgress,
  limit: number,
): Promise<ChangedWords[]> {
  // Receipts are many; the planner would go through them all.
  const next = sql`SELECT id, msg_uid, app_key FROM message_changes INDEXED BY message_changes_of_words_in_order
    WHERE id > ${changesUpTo} AND ${sql.raw(CHANGES_WORDS)} ORDER BY id LIMIT ${limit}`
  return db
    .select({ changeId: sql<number>`next.id`, messageId: sql<number | null>`changed.id` })
    .from(
      sql`(${next}) AS next LEFT JOIN ${messages} AS changed
      ON changed.msg_uid = next.msg_uid AND changed.app_key = next.app_key AND changed.id <= ${indexedUpTo}`,
    )
    .orderBy(sql`next.id`)
}

/** The next messages after the index, by id: at most `limit`, and fewer when they are long. */
export function listBehind({ db }: Store, { indexedUpTo }: SearchProgress, limit: number) {
  // Their lengths first, which SQLite knows without reading them.
  const bytes = sql`octet_length(${messages.content})`
  const next = db
    .select({
      id: messages.id,
      before: sql<number>`sum(${bytes}) OVER (ORDER BY ${messages.id}) - ${bytes}`.as('bytes_before'),
    })
    .from(messages)
    .where(gt(messages.id, indexedUpTo))
    .orderBy(asc(messages.id))
    .limit(limit)
    .as('next')
  return db
    .select({
      id: messages.id,
      appKey: messages.appKey,
      fromUserId: messages.fromUserId,
      targetId: messages.targetId,
      objectName: messages.objectName,
      content: messages.content,
      hasChangedWords: hasChangedWords(messages),
    })
    .from(next)
    .crossJoin(messages)
    .where(
      and(
        eq(messages.id, next.id),
        or(
          eq(next.before, 0),
          lte(sql`${next.before} + octet_length(${messages.content})`, limit * BYTES_A_ROW),
        ),
      ),
    )
    .orderBy(asc(messages.id))
}

/**
 * Takes the messages after `progress` up to the last entry into the index. Writes the same again when repeated, and
 * leaves the marks alone when others have moved them since.
 */
export async function indexEntries(
  store: Store,
  progress: SearchProgress,
  entries: readonly IndexEntry[],
): Promise<void> {
  const upTo = entries.at(-1)?.[0] ?? progress.indexedUpTo
  await store.atomically([
    ...entryStatements(entries),
    surveyStatement(progress.indexedUpTo, upTo),
    {
      sql: `INSERT INTO search_progress (id, surveyed_up_to, indexed_up_to, rewound) VALUES (${TOKENS_ID}, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
          indexed_up_to = excluded.indexed_up_to,
          surveyed_up_to = max(surveyed_up_to, excluded.surveyed_up_to)
        WHERE ${IS_UNMOVED}`,
      params: [upTo, upTo, progress.rewound, ...marksOf(progress)],
    },
  ])
}

/** Takes messages that are in the index into it once more, with what changes up to `changesUpTo` add to their words. */
export async function indexAgain(
  store: Store,
  progress: SearchProgress,
  { entries, changesUpTo }: { entries: readonly IndexEntry[]; changesUpTo: number },
): Promise<void> {
  await store.atomically([
    ...entryStatements(entries),
    {
      sql: `INSERT INTO search_progress (id, surveyed_up_to, indexed_up_to, rewound, changes_up_to)
        VALUES (${TOKENS_ID}, 0, 0, 0, ?)
        ON CONFLICT DO UPDATE SET changes_up_to = excluded.changes_up_to WHERE ${IS_UNMOVED}`,
      params: [changesUpTo, ...marksOf(progress)],
    },
  ])
}

// Whoever moves one mark must have seen the other: a change passes over the messages that are still to be indexed.
const IS_UNMOVED =
  'search_progress.indexed_up_to = ? AND search_progress.changes_up_to = ? AND search_progress.rewound = ?'

function marksOf({ indexedUpTo, changesUpTo, rewound }: SearchProgress): number[] {
  return [indexedUpTo, changesUpTo, rewound]
}

function entryStatements(entries: readonly IndexEntry[]): Statement[] {
  return jsonRows(entries).flatMap((rows) => [
    // A contentless table takes the same id twice without complaint.
    {
      sql: 'DELETE FROM message_search WHERE rowid IN (SELECT value ->> 0 FROM json_each(?))',
      params: [rows],
    },
    {
      sql: 'INSERT INTO message_search (rowid, tokens) SELECT value ->> 0, value ->> 1 FROM json_each(?)',
      params: [rows],
    },
  ])
}

/**
 * In an archive that is far ahead of its index, notes when the next messages were sent, which is quick, so that a
 * search need not look at all of them. False: it is not far ahead.
 */
export async function surveyFurther(store: Store, progress: SearchProgress): Promise<boolean> {
  const { surveyedUpTo, newestId } = progress
  if (newestId - surveyedUpTo <= SURVEY_FROM) return false
  const upTo = (await findLastOfNext(store, surveyedUpTo, SURVEY_ROWS)) ?? newestId
  await store.atomically([
    surveyStatement(surveyedUpTo, upTo),
    {
      sql: `INSERT INTO search_progress (id, surveyed_up_to, indexed_up_to, rewound) VALUES (${TOKENS_ID}, ?, 0, 0)
        ON CONFLICT DO UPDATE SET surveyed_up_to = max(surveyed_up_to, excluded.surveyed_up_to)`,
      params: [upTo],
    },
  ])
  return true
}

/** Widens the times of the blocks of these messages; repeating it is harmless. */
export function surveyStatement(after: number, upTo: number): Statement {
  return {
    sql: `INSERT INTO search_blocks (block, first_sent_at_ms, last_sent_at_ms)
      SELECT id >> 10, min(sent_at_ms), max(sent_at_ms) FROM messages WHERE id > ? AND id <= ? GROUP BY 1
      ON CONFLICT DO UPDATE SET
        first_sent_at_ms = min(first_sent_at_ms, excluded.first_sent_at_ms),
        last_sent_at_ms = max(last_sent_at_ms, excluded.last_sent_at_ms)`,
    params: [after, upTo],
  }
}

/** Ids of messages up to the mark that are not in the index, and of rows in it that are of no message. */
export const MISINDEXED = `SELECT id FROM messages
    WHERE id <= coalesce((SELECT indexed_up_to FROM search_progress WHERE id = ${TOKENS_ID}), 0)
      AND NOT EXISTS (SELECT 1 FROM message_search_docsize AS d WHERE d.id = messages.id)
  UNION ALL SELECT id FROM message_search_docsize AS d
    WHERE NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = d.id)`

/** How many of them there are; 1 for an index that SQLite finds malformed. */
export async function findMisindexed(store: Store): Promise<number> {
  const found = await store.db.all(sql.raw(MISINDEXED))
  if (found.length > 0) return found.length
  const told = await store.db.all<[string]>(
    sql.raw("SELECT integrity_check FROM pragma_integrity_check('message_search')"),
  )
  return told.filter(([line]) => line !== 'ok').length
}

/** Empties the index, to be made again. A search that is under way may miss what was in it. */
export async function clearSearchIndex(store: Store): Promise<void> {
  await store.atomically([
    { sql: "INSERT INTO message_search (message_search) VALUES ('delete-all')", params: [] },
    { sql: 'UPDATE search_progress SET indexed_up_to = 0, rewound = rewound + 1', params: [] },
  ])
}
