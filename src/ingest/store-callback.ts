/** Takes a callback known to be RongCloud's into the archive, or keeps it whole. */
import { keepAside, keepAsideStatement } from '../archive/deliveries.ts'
import type { Difference } from '../archive/record-message.ts'
import type { Statement, Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { Hashing } from '../domain/ports.ts'
import { deliveryOf, type WhyKept } from './delivery.ts'
import type { HeldCallback } from './held-callback.ts'
import { innermost } from './innermost.ts'
import { takeEvents, isOfEvents } from './take-events.ts'
import { takeLogLine } from './take-log-line.ts'
import { takeMessage } from './take-message.ts'

export type StoreDeps = {
  store: Store
  hashing: Hashing
  templates: PartyTemplates
  /** What another text under the `msgUID` of an archived message is taken for; `conflict` unless given. */
  sameMsgUID?: 'conflict' | 'edit'
}

/** `recorded`, `known` and `change` (of an archived message: a version or a packet) are archived, the others are not. */
export const OUTCOMES = ['recorded', 'known', 'change', 'conflict', 'unreadable', 'failed'] as const
export type StoreOutcome = (typeof OUTCOMES)[number]

/** What the archive made of a callback. */
export type Taken = {
  outcome: StoreOutcome
  /** What became of it, or what is wrong with it. */
  detail: string
  /** Which message it is or conflicts with; null when it is none. */
  messageId: number | null
  /** In what it differs from the archived message with its identity, when there is one and it does. */
  differsIn?: Difference['in']
}

export type HowToTake = {
  /** Statements that share the transaction of what lost some of its bytes on being read as text. */
  whenLossy?: () => Statement[]
  /** Tells what would happen and writes nothing. */
  dryRun?: boolean
  /** An operator says that another text under an archived `msgUID` is its next version. */
  asEdit?: boolean
}

/**
 * RongCloud gives up after three tries, so whatever cannot be taken in is kept whole: all are stored durably.
 * Rejects when nothing could be stored.
 */
export async function storeCallback(deps: StoreDeps, held: HeldCallback): Promise<StoreOutcome> {
  const aside = (why: WhyKept) => deliveryOf(deps.hashing, held, why)
  // What the text lost of the bytes is kept in the same transaction.
  const whenLossy = () => [
    keepAsideStatement(aside({ reason: 'lossy', detail: 'the body is not valid UTF-8' })),
  ]
  const taken = await takeCallback(deps, held, { whenLossy })
  const { outcome, detail } = taken
  if (outcome !== 'recorded' && outcome !== 'known' && outcome !== 'change')
    await keepAside(deps.store, aside({ reason: outcome, detail, otherTextOf: otherTextOf(taken) }))
  return outcome
}

/** Id of the message under whose `msgUID` another text came that is no change of it yet; null for all else. */
export function otherTextOf({ outcome, differsIn, messageId }: Taken): number | null {
  return outcome === 'conflict' && differsIn === 'content' ? messageId : null
}

/**
 * Archives what a callback says and keeps nothing aside. Rejects when the archive cannot be reached or written now.
 */
export async function takeCallback(deps: StoreDeps, held: HeldCallback, how: HowToTake): Promise<Taken> {
  try {
    if (isOfEvents(held)) return await takeEvents(deps, held, how)
    return await (held.kind === 'messages' ? takeMessage : takeLogLine)(deps, held, how)
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // What no try will get in must not be lost with the third.
    return { outcome: 'failed', detail: cause.message, messageId: null }
  }
}
