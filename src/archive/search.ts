/**
 * Messages that may match, newest first, from the index and from the rows that it has not reached yet.
 *
 * The index gives ids, in the order of arrival; pages go by the time of sending, and what arrives late or is imported
 * was sent earlier. So the archive is looked through in windows of time, newest first and each wider than the one
 * before. `search_blocks` says which ids may have been sent in a window, the index which of these may match.
 */
import { and, desc, eq, gt, lte, or, sql, type SQL } from 'drizzle-orm'
import type { MessagePosition } from './messages.ts'
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
/** Of content in one page. */
export const PAGE_BYTES = 2 ** 20
// An archive filled in any order has its blocks everywhere; asking between them too costs less than asking for each.
const RANGES_MAX = 64
// Changes that the index has not followed yet, and their messages. Only an archive in which many were made before the index
// followed them has more for a while.
const CHANGES_MAX = 2000
const CHANGED_MAX = 500

/** Page by page; each page is in order and all before the next, and none is larger than {@link PAGE_BYTES} but for a single one. */
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
  const where = and(isIn(window), conditionsOf(filter))
  let position = after
  for (let size = pageSize; ; size = Math.min(size * 2, PAGE_SIZE_MAX)) {
    const older = position ? isOlder(position) : undefined
    const page = await listFirst(store, idsIn(window, condition), and(where, older), size)
    if (page.length > 0) yield page
    const last = page.at(-1)
    // Fewer, but all that there are: some are left when they are long.
    if (last === undefined || (page.length < size && page.length === last.of)) return
    position = last
  }
}

/** The first `size` of these ids, or fewer when they are long; each knows how many they would have been. */
function listFirst({ db }: Store, ids: SQL, where: SQL | undefined, size: number) {
  const bytes = sql`octet_length(${messages.content})`
  // CROSS JOIN: these ids first. SQLite might else go through the messages by time.
  const first = db
    .select({
      id: messages.id,
      sentAtMs: messages.sentAtMs,
      appKey: messages.appKey,
      msgUID: messages.msgUID,
      bytes: bytes.as('bytes'),
    })
    .from(sql`(${ids}) AS found`)
    .crossJoin(messages)
    .where(and(sql`${messages.id} = found.id`, where))
    .orderBy(...NEWEST_FIRST)
    .limit(size)
    .as('first')
  const inOrder = sql`ORDER BY ${first.sentAtMs} DESC, ${first.appKey} DESC, ${first.msgUID} DESC`
  const sized = db
    .select({
      id: first.id,
      before: sql<number>`sum(${first.bytes}) OVER (${inOrder}) - ${first.bytes}`.as('bytes_before'),
      of: sql<number>`count(*) OVER ()`.as('of'),
    })
    .from(first)
    .as('sized')
  return db
    .select({ ...COLUMNS, of: sized.of })
    .from(sized)
    .crossJoin(messages)
    .where(
      and(
        eq(messages.id, sized.id),
        or(eq(sized.before, 0), lte(sql`${sized.before} + ${bytes}`, PAGE_BYTES)),
      ),
    )
    .orderBy(...NEWEST_FIRST)
}

const NEWEST_FIRST = [messages.sentAtMs, messages.appKey, messages.msgUID].map((column) => desc(column))

const COLUMNS = {
  id: messages.id,
  objectName: messages.objectName,
  content: messages.content,
  bytes: sql<number>`octet_length(${messages.content})`,
  sentAtMs: messages.sentAtMs,
  appKey: messages.appKey,
  msgUID: messages.msgUID,
  hasChangedWords: hasChangedWords(messages),
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
