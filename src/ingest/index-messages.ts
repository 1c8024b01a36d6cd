/**
 * Keeps the full-text index and the counts behind the messages, a few at a time, so that callbacks that wait meanwhile
 * wait milliseconds. The same makes them for an archive that has none.
 */
import { countFurther } from '../archive/message-counts.ts'
import {
  getSearchProgress,
  indexAgain,
  indexEntries,
  listBehind,
  listChangedWords,
  surveyFurther,
  type IndexableMessage,
  type IndexEntry,
} from '../archive/search-index.ts'
import type { Store } from '../archive/store.ts'
import { createPauses } from '../domain/pauses.ts'
import { aboutToken, tokensOf } from '../domain/search-tokens.ts'
import { searchedText } from '../domain/search-text.ts'
import { textOf } from '../rongcloud/message-types/index.ts'
import { everySaidText } from '../rongcloud/said-text.ts'
import { eachChanged } from './each-changed.ts'

// Some 10 ms of reading texts, and as much of the thread that writes.
const BATCH_ROWS = 250

/** One step. `isBehind` false: there was nothing to do. */
export type Step = { isBehind: boolean; newestId: number }

export async function indexFurther(store: Store, batchRows = BATCH_ROWS): Promise<Step> {
  const progress = await getSearchProgress(store)
  const { indexedUpTo, newestId } = progress
  const isBehind = indexedUpTo < newestId
  if (isBehind && !(await surveyFurther(store, progress))) {
    const next = await listBehind(store, progress, batchRows)
    const changed = next.flatMap(({ id, hasChangedWords }) => (hasChangedWords ? [id] : []))
    const grown = eachChanged(store, changed)
    const entries = createEntries(batchRows)
    for (const { hasChangedWords, ...message } of next) {
      const { value: whole } = hasChangedWords ? await grown.next() : {}
      await entries.add(message, whole ? everySaidText(whole) : textOf(message.objectName, message.content))
      if (entries.areEnough()) break
    }
    await indexEntries(store, progress, entries.made)
  }
  return { isBehind, newestId }
}

// A streamed text takes as long as a hundred messages, and has thousands of changes.
const BATCH_CHANGES = 2000
const BATCH_CHANGED = 50

/** One step behind the changes that add to what messages say. False: there was nothing to do. */
export async function indexChanges(store: Store): Promise<boolean> {
  const progress = await getSearchProgress(store)
  const changes = await listChangedWords(store, progress, BATCH_CHANGES)
  const ids = [...new Set(changes.flatMap(({ messageId }) => messageId ?? []))]
  const entries = createEntries(BATCH_ROWS)
  let taken = Math.min(ids.length, BATCH_CHANGED)
  for await (const message of eachChanged(store, ids.slice(0, taken))) {
    await entries.add(message, everySaidText(message))
    if (entries.areEnough()) taken = ids.indexOf(message.id) + 1
    if (entries.areEnough()) break
  }
  const left = new Set(ids.slice(taken))
  const end = changes.findIndex(({ messageId }) => messageId !== null && left.has(messageId))
  const changesUpTo = (end < 0 ? changes.at(-1) : changes[end - 1])?.changeId
  if (changesUpTo === undefined) return false
  await indexAgain(store, progress, { entries: entries.made, changesUpTo })
  return true
}

/** One step of all that follows the messages. */
export async function followFurther(store: Store, batchRows = BATCH_ROWS): Promise<Step> {
  const hasCounted = await countFurther(store)
  const { isBehind, newestId } = await indexFurther(store, batchRows)
  const hasChanged = await indexChanges(store)
  return { isBehind: isBehind || hasCounted || hasChanged, newestId }
}

/** Steps until index and counts have come to the newest message, or for about `forMs`. */
export async function indexAll(
  store: Store,
  { forMs, now, batchRows = BATCH_ROWS }: { forMs: number; now: () => number; batchRows?: number },
): Promise<void> {
  const until = now() + forMs
  while (now() < until && (await followFurther(store, batchRows)).isBehind);
}

type Indexable = Omit<IndexableMessage, 'hasChangedWords'>

// In characters, some three times what is usual: the thread that writes takes longer for tokens than for rows.
const TOKENS_A_ROW = 1000

/** The entries of one step, which has enough of them sooner when they are long. */
function createEntries(rows: number) {
  const made: IndexEntry[] = []
  const pause = createPauses()
  let length = 0
  return {
    made,
    areEnough: () => length >= rows * TOKENS_A_ROW,
    add: async (message: Indexable, text: string | null) => {
      const searched = text === null ? '' : searchedText(text)
      const tokens = [...tokensOf(searched), ...aboutTokens(message)].join(' ')
      made.push([message.id, tokens])
      length += tokens.length
      await pause(searched.length)
    },
  }
}

function aboutTokens({ appKey, fromUserId, targetId, objectName }: Indexable): Set<string> {
  const users = [fromUserId, targetId].map((userId) => aboutToken('user', userId))
  return new Set([aboutToken('app', appKey), aboutToken('type', objectName), ...users])
}
