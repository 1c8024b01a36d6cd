/**
 * Keeps the full-text index and the counts behind the messages, a few at a time, so that callbacks that wait meanwhile
 * wait milliseconds. The same makes them for an archive that has none.
 */
import { countFurther } from '../archive/message-counts.ts'
import {
  getSearchProgress,
  indexEntries,
  listBehind,
  surveyFurther,
  type IndexableMessage,
  type IndexEntry,
} from '../archive/search-index.ts'
import type { Store } from '../archive/store.ts'
import { aboutToken, tokensOf } from '../domain/search-tokens.ts'
import { searchedText } from '../domain/search-text.ts'
import { textOf } from '../rongcloud/message-types/index.ts'

// Some 10 ms of the thread that answers callbacks, and as much of the one that writes.
const BATCH_ROWS = 250

/** One step. `isBehind` false: there was nothing to do. */
export type Step = { isBehind: boolean; newestId: number }

export async function indexFurther(store: Store, batchRows = BATCH_ROWS): Promise<Step> {
  const progress = await getSearchProgress(store)
  const { indexedUpTo, newestId } = progress
  const isBehind = indexedUpTo < newestId
  if (isBehind && !(await surveyFurther(store, progress))) {
    const entries = (await listBehind(store, progress, batchRows)).map(toEntry)
    await indexEntries(store, progress, entries)
  }
  return { isBehind, newestId }
}

/** One step of all that follows the messages. */
export async function followFurther(store: Store, batchRows = BATCH_ROWS): Promise<Step> {
  const hasCounted = await countFurther(store)
  const { isBehind, newestId } = await indexFurther(store, batchRows)
  return { isBehind: isBehind || hasCounted, newestId }
}

/** Steps until index and counts have come to the newest message, or for about `forMs`. */
export async function indexAll(
  store: Store,
  { forMs, now, batchRows = BATCH_ROWS }: { forMs: number; now: () => number; batchRows?: number },
): Promise<void> {
  const until = now() + forMs
  while (now() < until && (await followFurther(store, batchRows)).isBehind);
}

function toEntry(message: IndexableMessage): IndexEntry {
  const { id, appKey, fromUserId, targetId, objectName, content } = message
  const text = textOf(objectName, content)
  const tokens = tokensOf(text === null ? '' : searchedText(text))
  tokens.add(aboutToken('app', appKey)).add(aboutToken('type', objectName))
  tokens.add(aboutToken('user', fromUserId)).add(aboutToken('user', targetId))
  return [id, [...tokens].join(' ')]
}
