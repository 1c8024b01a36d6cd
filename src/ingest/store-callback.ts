/** Takes a callback known to be RongCloud's into the archive, or keeps it whole. */
import { keepAside, keepAsideStatement } from '../archive/deliveries.ts'
import type { Difference } from '../archive/record-message.ts'
import type { Statement, Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { LogZone } from '../domain/log-zone.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { Hashing } from '../domain/ports.ts'
import { firstByteOf } from '../rongcloud/message-list.ts'
import { readdressed } from './addressee.ts'
import { deliveryOf, type WhyKept } from './delivery.ts'
import { forEachMessage } from './each-message.ts'
import type { HeldCallback } from './held-callback.ts'
import { innermost } from './innermost.ts'
import { takeEvents, isOfEvents } from './take-events.ts'
import { takeHeldItem } from './take-history-page.ts'
import { takeLogLine } from './take-log-line.ts'
import { takeMessage } from './take-message.ts'

export type StoreDeps = {
  store: Store
  hashing: Hashing
  templates: PartyTemplates
  /** Of the history logs of these apps. */
  logZone: LogZone
  /** What another text under the `msgUID` of an archived message is taken for; `conflict` unless given. */
  sameMsgUID?: 'conflict' | 'edit'
}

/**
 * A `ping` says nothing; `known`, `recorded` and `change` (of an archived message: a version or a packet) are archived, the
 * others are not. Of several the last here tells.
 */
export const OUTCOMES = ['ping', 'known', 'recorded', 'change', 'conflict', 'unreadable', 'failed'] as const
export type StoreOutcome = (typeof OUTCOMES)[number] | 'unknown_address'

/** What the archive made of a callback. */
export type Taken = {
  outcome: (typeof OUTCOMES)[number]
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
 * Rejects when nothing could be stored, or not all of it.
 */
export async function storeCallback(deps: StoreDeps, held: HeldCallback): Promise<StoreOutcome> {
  if (held.kind === 'unknown-address') return keepMisaddressed(deps, held)
  return lastOf(await forEachMessage(deps, held, storeOne))
}

async function keepMisaddressed({ store, hashing }: StoreDeps, held: HeldCallback) {
  const why = { reason: 'unknown_address', detail: held.path ?? '' } as const
  await keepAside(store, deliveryOf(hashing, held, why))
  return why.reason
}

async function storeOne(deps: StoreDeps, held: HeldCallback): Promise<Taken['outcome']> {
  const aside = (why: WhyKept) => deliveryOf(deps.hashing, held, why)
  // What the text lost of the bytes is kept in the same transaction.
  const whenLossy = () => [
    keepAsideStatement(aside({ reason: 'lossy', detail: 'the body is not valid UTF-8' })),
  ]
  const taken = await takeOne(deps, held, { whenLossy })
  const { outcome, detail } = taken
  if (outcome !== 'ping' && outcome !== 'known' && outcome !== 'recorded' && outcome !== 'change')
    await keepAside(deps.store, aside({ reason: outcome, detail, otherTextOf: otherTextOf(taken) }))
  return outcome
}

/** Id of the message under whose `msgUID` another text came that is no change of it yet; null for all else. */
export function otherTextOf({ outcome, differsIn, messageId }: Taken): number | null {
  return outcome === 'conflict' && differsIn === 'content' ? messageId : null
}

const TAKERS = {
  'history-log': takeLogLine,
  'history-query': takeHeldItem,
}

/**
 * Archives what a callback says and keeps nothing aside. Rejects when the archive cannot be reached or written now.
 */
export async function takeCallback(deps: StoreDeps, given: HeldCallback, how: HowToTake): Promise<Taken> {
  const held = given.kind === 'unknown-address' ? readdressed(given) : given
  const all = await forEachMessage(deps, held, (each, one) => takeOne(each, one, how))
  const [only, ...others] = all
  if (only && others.length === 0) return { ...only, detail: `${asWhat(given, held)}${only.detail}` }
  const outcome = lastOf(all.map((taken) => taken.outcome))
  const { detail } = all.find((taken) => taken.outcome === outcome) ?? { detail: '' }
  return { outcome, detail: `one of ${all.length} messages: ${detail}`, messageId: null }
}

function asWhat(given: HeldCallback, { kind }: HeldCallback): string {
  return given.kind === kind ? '' : `as ${kind}: `
}

function lastOf(outcomes: readonly Taken['outcome'][]): Taken['outcome'] {
  return OUTCOMES.findLast((outcome) => outcomes.includes(outcome)) ?? 'ping'
}

async function takeOne(deps: StoreDeps, held: HeldCallback, how: HowToTake): Promise<Taken> {
  if (held.unreadable !== undefined)
    return { outcome: 'unreadable', detail: held.unreadable, messageId: null }
  try {
    if (held.kind === 'history-log' || held.kind === 'history-query')
      return await TAKERS[held.kind](deps, held, how)
    if (firstByteOf(held.body) === undefined)
      return { outcome: 'ping', detail: 'it is empty', messageId: null }
    return await (isOfEvents(held) ? takeEvents(deps, held, how) : takeMessage(deps, held, how))
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // What no try will get in must not be lost with the third.
    return { outcome: 'failed', detail: cause.message, messageId: null }
  }
}
