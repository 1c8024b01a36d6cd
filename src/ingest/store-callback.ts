/** Takes a callback known to be RongCloud's into the archive, or keeps it whole. */
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import type { Statement, Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { Hashing } from '../domain/ports.ts'
import { deliveryOf } from './delivery.ts'
import type { HeldCallback } from './held-callback.ts'
import { innermost } from './innermost.ts'
import { takeEvents, isOfEvents } from './take-events.ts'
import { takeHeldItem } from './take-history-page.ts'
import { takeLogLine } from './take-log-line.ts'
import { takeMessage } from './take-message.ts'

export type StoreDeps = { store: Store; hashing: Hashing; templates: PartyTemplates }

/** `recorded` and `known` are archived, the others are not. */
export const OUTCOMES = ['recorded', 'known', 'conflict', 'unreadable', 'failed'] as const
export type StoreOutcome = (typeof OUTCOMES)[number]

/** What the archive made of a callback. */
export type Taken = {
  outcome: StoreOutcome
  /** What became of it, or what is wrong with it. */
  detail: string
  /** Which message it is or conflicts with; null when it is none. */
  messageId: number | null
}

export type HowToTake = {
  /** Statements that share the transaction of what lost some of its bytes on being read as text. */
  whenLossy?: () => Statement[]
  /** Tells what would happen and writes nothing. */
  dryRun?: boolean
}

/**
 * RongCloud gives up after three tries, so whatever cannot be taken in is kept whole: all are stored durably.
 * Rejects when nothing could be stored.
 */
export async function storeCallback(deps: StoreDeps, held: HeldCallback): Promise<StoreOutcome> {
  const aside = (reason: KeptAside['reason'], detail: string) =>
    deliveryOf(deps.hashing, held, { reason, detail })
  // What the text lost of the bytes is kept in the same transaction.
  const whenLossy = () => [keepAsideStatement(aside('lossy', 'the body is not valid UTF-8'))]
  const { outcome, detail } = await takeCallback(deps, held, { whenLossy })
  if (outcome !== 'recorded' && outcome !== 'known') await keepAside(deps.store, aside(outcome, detail))
  return outcome
}

const TAKERS = {
  messages: takeMessage,
  'history-log': takeLogLine,
  'history-query': takeHeldItem,
}

/**
 * Archives what a callback says and keeps nothing aside. Rejects when the archive cannot be reached or written now.
 */
export async function takeCallback(deps: StoreDeps, held: HeldCallback, how: HowToTake): Promise<Taken> {
  try {
    if (isOfEvents(held)) return await takeEvents(deps, held, how)
    return await TAKERS[held.kind as keyof typeof TAKERS](deps, held, how)
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // What no try will get in must not be lost with the third.
    return { outcome: 'failed', detail: cause.message, messageId: null }
  }
}
