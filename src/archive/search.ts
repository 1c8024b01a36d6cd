/**
 * Messages that may match, newest first, from the index and from the rows that it has not reached yet.
 *
 * The index gives ids, in the order of arrival; pages go by the time of sending, and what arrives late or is imported
 * was sent earlier. So the archive is looked through in windows of time, newest first and each wider than the one
 * before. `search_blocks` says which ids may have been sent in a window, the index which of these may match.
 */
import { and, eq, gt, lte, sql, type SQL } from 'drizzle-orm'
import { inParts } from './byte-parts.ts'
import type { MessagePosition } from './messages.ts'
import { PAGE_BYTES } from './page.ts'
import { conversations, messages, searchBlocks } from './schema.ts'
import { getSearchProgress, hasChangedWords, listChangedWords, type SearchProgress } from './search-index.ts'
import type { Store } from './store.ts'

export type SearchFilter = {
  appKey?: string | undefined
  conversationId?: number | undefined
  objectName?: string | undefined
  /** Of each: sent by this user, or to them in a one-to-one conversation. */
  userIds: readonly string[]
  fromMs?: number | undefined
  untilMs?: number | undefined
}

export type Question = {
  /** What the index must know of a match, in the language of FTS5. */
  condition: string
  filter: SearchFilter
  after: MessagePosition | null
  /** How many at first; each time it takes more. */
  pageSize: number
}

export type Candidate = MessagePosition & {
  id: number
  objectName: string
  content: string
  /** Of the content. */
  bytes: number
  /** 1 when changes add to what it says, else 0. */
  hasChangedWords: number
}

// The first window is for frequent words; six windows span an archive of ten million.
const FIRST_BLOCKS = 2
const WIDER = 8
// The times of so many are looked up and sorted in a few milliseconds.
const CROWD = 4096
const PAGE_SIZE_MAX = 1000
// An archive filled in any order has its blocks everywhere; asking between them too costs less than asking for each.
const RANGES_MAX = 64
// Changes that the index has not followed yet, and their messages. Only an archive in which many were made before the index
// followed them has more for a while.
const CHANGES_MAX = 2000
const CHANGED_MAX = 500

/** Part by part, each of {@link PAGE_BYTES} at most or of one; each is in order and all before the next. */
export async function* listCandidates(store: Store, question: Question): AsyncGenerator<Candidate[]> {
  const progress = await getSearchProgress(store)
  const changed = await listChangedWords(store, progress, CHANGES_MAX)
  const withChanged = [...new Set(changed.flatMap(({ messageId }) => messageId ?? []))].slice(0, CHANGED_MAX)
  const { fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER } = question.filter
  let until = Math.min(untilMs, question.after?.sentAtMs ?? untilMs)
  let blocks = FIRST_BLOCKS
  let least = FIRST_BLOCKS
  for (;;) {
    const found = await findWindow(store, progress, { fromMs, until, blocks })
    const window = { ...found, changed: withChanged }
    if (blocks > least && (await isCrowded(store, window, question.condition))) {
      blocks /= WIDER
      continue
    }
    yield* listWithin(store, question, window)
    if (window.after === null) return
    // So many blocks end later or at the same moment that this window was empty: no use in coming back to it.
    least = window.after === until ? blocks * WIDER : FIRST_BLOCKS
    until = window.after
    blocks *= WIDER
  }
}

// A word may be rare today and have been on everybody's lips last year.
async function isCrowded(store: Store, window: Window, condition: string): Promise<boolean> {
  const [found] = await store.db
    .select({ count: sql<number>`count(*)` })
    .from(sql`(${idsIn(window, condition)} LIMIT ${CROWD + 1}) AS found`)
  return (found?.count ?? 0) > CROWD
}

/** Sent after `after`, if that is not null, and until `until`; the ids to be asked of the index and one by one. */
type Window = {
  after: number | null
  until: number
  indexed: Ids[]
  others: Ids[]
  /** Messages of which the index does not know all words yet, whenever they were sent. */
  changed: readonly number[]
}
type Ids = readonly [first: number, last: number]

async function findWindow(
  store: Store,
  progress: SearchProgress,
  { fromMs, until, blocks }: { fromMs: number; until: number; blocks: number },
): Promise<Omit<Window, 'changed'>> {
  const newest = await store.db
    .select({ block: searchBlocks.block, lastSentAtMs: searchBlocks.lastSentAtMs })
    .from(searchBlocks)
    .where(sql`${searchBlocks.firstSentAtMs} <= ${until} AND ${searchBlocks.lastSentAtMs} >= ${fromMs}`)
    .orderBy(sql`${searchBlocks.lastSentAtMs} DESC`)
    .limit(blocks + 1)
  const next = newest[blocks]?.lastSentAtMs
  // A block that goes on beyond the window may hold what belongs below it.
  const after = next === undefined ? null : Math.min(next, until)
  const ranges = rangesOf(newest.slice(0, blocks).map(({ block }) => block))
  const { indexedUpTo, surveyedUpTo } = progress
  return {
    after,
    until,
    indexed: clipped(ranges, 0, indexedUpTo),
    others: [...clipped(ranges, indexedUpTo + 1, surveyedUpTo), [surveyedUpTo + 1, Number.MAX_SAFE_INTEGER]],
  }
}

function rangesOf(blocks: readonly number[]): Ids[] {
  const ranges: [number, number][] = []
  for (const block of blocks.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1)
    if (last && last[1] === block * 1024 - 1) last[1] += 1024
    else ranges.push([block * 1024, block * 1024 + 1023])
  }
  const [first, last] = [ranges[0], ranges.at(-1)]
  return first && last && ranges.length > RANGES_MAX ? [[first[0], last[1]]] : ranges
}

function clipped(ranges: readonly Ids[], least: number, most: number): Ids[] {
  return ranges
    .map(([first, last]) => [Math.max(first, least), Math.min(last, most)] as const)
    .filter(([first, last]) => first <= last)
}

async function* listWithin(
  store: Store,
  { condition, filter, after, pageSize }: Question,
  window: Window,
): AsyncGenerator<Candidate[]> {
  const ids = idsIn(window, condition)
  const where = and(isIn(window), conditionsOf(filter))
  let position = after
  for (let size = pageSize; ; size = Math.min(size * 2, PAGE_SIZE_MAX)) {
    // CROSS JOIN: these ids first. SQLite might else go through the messages by time.
    const page = await store.db
      .select(COLUMNS)
      .from(sql`(${ids}) AS found`)
      .crossJoin(messages)
      .where(and(sql`${messages.id} = found.id`, where, position ? isOlder(position) : undefined))
      .orderBy(sql`${messages.sentAtMs} DESC, ${messages.appKey} DESC, ${messages.msgUID} DESC`)
      .limit(size)
    for (const part of inParts(page, PAGE_BYTES)) yield await withContents(store, part)
    if (page.length < size) return
    position = page.at(-1) ?? null
  }
}

type Placed = Omit<Candidate, 'content' | 'hasChangedWords'>

async function withContents({ db }: Store, part: readonly Placed[]): Promise<Candidate[]> {
  const ids = JSON.stringify(part.map(({ id }) => id))
  const rows = await db
    .select({ id: messages.id, content: messages.content, hasChangedWords: hasChangedWords(messages) })
    .from(messages)
    .where(sql`${messages.id} IN (SELECT value FROM json_each(${ids}))`)
  const byId = new Map(rows.map(({ id, ...row }) => [id, row]))
  return part.map((placed) => Object.assign({ content: '', hasChangedWords: 0 }, placed, byId.get(placed.id)))
}

const COLUMNS = {
  id: messages.id,
  objectName: messages.objectName,
  bytes: sql<number>`octet_length(${messages.content})`,
  sentAtMs: messages.sentAtMs,
  appKey: messages.appKey,
  msgUID: messages.msgUID,
}

const isOlder = (than: MessagePosition) =>
  sql`(${messages.sentAtMs}, ${messages.appKey}, ${messages.msgUID}) < (${than.sentAtMs}, ${than.appKey}, ${than.msgUID})`

function idsIn({ indexed, others, changed }: Window, condition: string): SQL {
  const changedIds = sql`SELECT value AS id FROM json_each(${JSON.stringify(changed)})`
  return sql`SELECT message_search.rowid AS id FROM json_each(${JSON.stringify(indexed)}) AS ids CROSS JOIN message_search
      WHERE message_search MATCH ${condition} AND message_search.rowid BETWEEN ids.value ->> 0 AND ids.value ->> 1
        ${changed.length > 0 ? sql`AND message_search.rowid NOT IN (${changedIds})` : sql``}
    UNION ALL ${changedIds}
    UNION ALL SELECT other.id FROM json_each(${JSON.stringify(others)}) AS ids CROSS JOIN ${messages} AS other
      WHERE other.id BETWEEN ids.value ->> 0 AND ids.value ->> 1`
}

function isIn({ after, until }: Window): SQL | undefined {
  return and(lte(messages.sentAtMs, until), after === null ? undefined : gt(messages.sentAtMs, after))
}

function conditionsOf({ appKey, conversationId, objectName, userIds, fromMs }: SearchFilter) {
  return and(
    appKey === undefined ? undefined : eq(messages.appKey, appKey),
    conversationId === undefined ? undefined : eq(messages.conversationId, conversationId),
    objectName === undefined ? undefined : eq(messages.objectName, objectName),
    fromMs === undefined ? undefined : sql`${messages.sentAtMs} >= ${fromMs}`,
    ...userIds.map(isOfUser),
  )
}

function isOfUser(userId: string): SQL {
  return sql`(${messages.fromUserId} = ${userId} OR ${messages.targetId} = ${userId} AND EXISTS (
    SELECT 1 FROM ${conversations} AS c WHERE c.id = ${messages.conversationId} AND c.user_id <> ''))`
}
