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
import { aboutToken, tokensOf } from '../domain/search-tokens.ts'
import { searchedText } from '../domain/search-text.ts'
import { textOf } from '../rongcloud/message-types/index.ts'
import { findSaid } from './said.ts'

// Some 10 ms of the thread that answers callbacks, and as much of the one that writes.
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
    const grown = new Map(await entriesOfChanged(store, changed))
    const entries = next.map((message): IndexEntry => [
      message.id,
      grown.get(message.id) ?? tokensIn(message),
    ])
    await indexEntries(store, progress, entries)
  }
  return { isBehind, newestId }
}

// A streamed text takes as long as a hundred messages, and has thousands of changes.
const BATCH_CHANGES = 2000
const BATCH_CHANGED = 50

/** One step behind the changes that add to what messages say. False: there was nothing to do. */
export async function indexChanges(store: Store): Promise<boolean> {
  const progress = await getSearchProgress(store)
  const ids = new Set<number>()
  let changesUpTo: number | null = null
  for (const { changeId, messageId } of await listChangedWords(store, progress, BATCH_CHANGES)) {
    if (messageId !== null) ids.add(messageId)
    if (ids.size > BATCH_CHANGED) break
    changesUpTo = changeId
  }
  if (changesUpTo === null) return false
  const entries = await entriesOfChanged(store, [...ids])
  await indexAgain(store, progress, { entries, changesUpTo })
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

type Indexable = Omit<IndexableMessage, 'length' | 'hasChangedWords'>

function tokensIn(message: Indexable): string {
  const text = textOf(message.objectName, message.content)
  return withAbout(message, tokensOf(text === null ? '' : searchedText(text)))
}

function withAbout({ appKey, fromUserId, targetId, objectName }: Indexable, tokens: Set<string>): string {
  tokens.add(aboutToken('app', appKey)).add(aboutToken('type', objectName))
  tokens.add(aboutToken('user', fromUserId)).add(aboutToken('user', targetId))
  return [...tokens].join(' ')
}

/** Of messages that changes have added words to. */
async function entriesOfChanged(store: Store, ids: readonly number[]): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = []
  for (const [id, { message, text }] of await findSaid(store, ids))
    entries.push([id, withAbout(message, await tokensInParts(text ?? ''))])
  return entries
}

// Some 10 ms. A streamed text may be ten times as long, and callbacks are answered between its parts.
const PART_LENGTH = 20_000

async function tokensInParts(text: string): Promise<Set<string>> {
  const searched = searchedText(text)
  const tokens = new Set<string>()
  // No token goes beyond a blank.
  for (let start = 0, end = 0; start < searched.length; start = end + 1) {
    end = searched.indexOf(' ', start + PART_LENGTH)
    if (end < 0) end = searched.length
    for (const token of tokensOf(searched.slice(start, end))) tokens.add(token)
    if (end < searched.length) await new Promise((resolve) => void setTimeout(resolve))
  }
  return tokens
}
