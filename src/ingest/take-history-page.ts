/** A page of RongCloud's message history, archived; what cannot be is kept aside, to be replayed. */
import { keepAsideStatement } from '../archive/deliveries.ts'
import { parseExactJson } from '../rongcloud/exact-json.ts'
import { keyOf } from '../rongcloud/history-query/message.ts'
import type { QueriedConversation } from '../rongcloud/history-query/request.ts'
import { deliveryOf } from './delivery.ts'
import type { HeldCallback } from './held-callback.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'
import { takeQueried, type Queried, type TakenQueried } from './take-queried.ts'

/** What was made of messages: `read` is the sum of `known`, `filled`, `different` and `unreadable`. */
export type HistoryCounts = {
  read: number
  known: number
  filled: number
  different: number
  unreadable: number
  /** Of those that were known: new content, and texts that users attached to any of them. */
  edited: number
  expanded: number
}

export const NO_HISTORY: HistoryCounts = {
  read: 0,
  known: 0,
  filled: 0,
  different: 0,
  unreadable: 0,
  edited: 0,
  expanded: 0,
}

// A callback that waits meanwhile waits for the commit of one batch, some tens of milliseconds.
const AT_ONCE = { items: 100, characters: 512 * 1024 }

export async function takePage(deps: StoreDeps, page: Queried): Promise<HistoryCounts> {
  const counts = { ...NO_HISTORY }
  for (const items of batchesOf(page.items)) {
    const taken = await takeQueried(deps, { ...page, items })
    const aside = taken.flatMap((each, i) => keptAside(deps, items[i], each, page))
    if (aside.length > 0) await deps.store.atomically(aside)
    for (const each of taken) count(counts, each)
  }
  return counts
}

function batchesOf(items: readonly unknown[]): unknown[][] {
  const batches: unknown[][] = []
  let characters = 0
  for (const item of items) {
    const length = lengthOf(item)
    const batch = batches.at(-1)
    characters += length
    if (batch && batch.length < AT_ONCE.items && characters <= AT_ONCE.characters) batch.push(item)
    else {
      batches.push([item])
      characters = length
    }
  }
  return batches
}

function lengthOf(item: unknown): number {
  const content = (item as { content?: unknown } | null)?.content
  return typeof content === 'string' ? content.length : 0
}

const COUNTED_AS = {
  recorded: 'filled',
  known: 'known',
  conflict: 'different',
  unreadable: 'unreadable',
  failed: 'unreadable',
} as const

function count(counts: HistoryCounts, { outcome, changes }: TakenQueried) {
  counts.read++
  counts[COUNTED_AS[outcome]]++
  if (changes.some(({ kind }) => kind === 'edit')) counts.edited++
  if (changes.some(({ kind }) => kind === 'expansion')) counts.expanded++
}

function keptAside(
  { hashing }: StoreDeps,
  item: unknown,
  { outcome, detail }: TakenQueried,
  { conversation, readAtMs }: Queried,
) {
  if (outcome === 'recorded' || outcome === 'known') return []
  const held = heldItemOf(item, conversation, readAtMs)
  return [keepAsideStatement(deliveryOf(hashing, held, { reason: outcome, detail }))]
}

function heldItemOf(item: unknown, conversation: QueriedConversation, readAtMs: number): HeldCallback {
  const { appKey, channelType, userId, targetId, busChannel } = conversation
  return {
    appKey,
    kind: 'history-query',
    query: new URLSearchParams({ channelType, userId, targetId, busChannel }).toString(),
    contentType: 'application/json',
    body: new TextEncoder().encode(textOf(item)),
    remoteAddress: null,
    nonceReused: false,
    receivedAtMs: readAtMs,
  }
}

function textOf(item: unknown): string {
  try {
    return JSON.stringify(item)
  } catch {
    // JSON is read at any depth, and written at a bounded one.
    return JSON.stringify({ unreadable: keyOf(item) })
  }
}

/** An item that was kept aside, once more. */
export async function takeHeldItem(
  deps: StoreDeps,
  { appKey, query, body, receivedAtMs }: HeldCallback,
  { dryRun = false }: HowToTake,
): Promise<Taken> {
  const asked = new URLSearchParams(query)
  const at = (name: string) => asked.get(name) ?? ''
  const conversation: QueriedConversation = {
    appKey,
    // What was written there by heldItemOf.
    channelType: at('channelType') as QueriedConversation['channelType'],
    userId: at('userId'),
    targetId: at('targetId'),
    busChannel: at('busChannel'),
  }
  const items = [parseExactJson(new TextDecoder().decode(body))]
  const [taken] = await takeQueried(deps, { items, conversation, readAtMs: receivedAtMs }, { dryRun })
  const { outcome, detail, messageId } = taken!
  return { outcome, detail, messageId }
}
