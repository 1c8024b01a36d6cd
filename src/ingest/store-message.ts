/** Makes an archived message of a callback known to be RongCloud's, or keeps it whole. */
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { recordChanges } from '../archive/changes.ts'
import { foresee, recordMessage } from '../archive/record-message.ts'
import type { Statement, Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { Hashing } from '../domain/ports.ts'
import { readForm } from '../rongcloud/form.ts'
import { changesOfMessage } from '../rongcloud/changes/index.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import { deliveryOf } from './delivery.ts'
import type { HeldCallback } from './held-callback.ts'
import { toRecord } from './to-record.ts'

export type StoreDeps = { store: Store; hashing: Hashing; templates: PartyTemplates }

/** `recorded` and `known` are archived, the others are not. */
export const OUTCOMES = ['recorded', 'known', 'conflict', 'unreadable', 'failed'] as const
export type StoreOutcome = (typeof OUTCOMES)[number]

/** What the archive made of a callback. */
export type Taken = {
  outcome: StoreOutcome
  /** Which message it is or conflicts with, or what is wrong with it. */
  detail: string
  messageId: number | null
}

/** What is not archived is kept aside; all are stored durably. */
export type Stored = { outcome: StoreOutcome; nonceReused: boolean }

/**
 * RongCloud gives up after three tries, so whatever cannot become a message is kept whole.
 * Rejects when nothing could be stored.
 */
export async function storeMessage(deps: StoreDeps, held: HeldCallback): Promise<Stored> {
  const aside = (reason: KeptAside['reason'], detail: string) =>
    deliveryOf(deps.hashing, held, { reason, detail })
  // What the text lost of the bytes is kept in the same transaction.
  const whenLossy = () => [keepAsideStatement(aside('lossy', 'the body is not valid UTF-8'))]
  const { outcome, detail } = await takeMessage(deps, held, { whenLossy })
  if (outcome !== 'recorded' && outcome !== 'known') await keepAside(deps.store, aside(outcome, detail))
  return { outcome, nonceReused: held.nonceReused }
}

/**
 * Archives what a callback says and keeps nothing aside. Rejects when the archive cannot be reached or written now.
 * @param whenLossy statements that share the transaction of a message whose text lost some of its bytes
 * @param dryRun tells what would happen and writes nothing
 */
export async function takeMessage(
  deps: StoreDeps,
  { body, appKey, receivedAtMs, nonceReused }: HeldCallback,
  { whenLossy, dryRun = false }: { whenLossy?: () => Statement[]; dryRun?: boolean },
): Promise<Taken> {
  try {
    const form = readForm(body)
    const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
    if ('unreadable' in parsed) return notTaken('unreadable', parsed.unreadable)
    const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
    const record = toRecord(deps.templates, parsed.message, arrival)
    const alongside = form.lossy ? whenLossy?.() : []
    const { outcome, id } = dryRun
      ? await foresee(deps.store, record)
      : await recordMessage(deps.store, record, alongside)
    // Of a known one too: the first time may have ended between the two.
    if (!dryRun && outcome !== 'conflict')
      await recordChanges(deps.store, changesOfMessage(parsed.message), arrival)
    return { outcome, detail: DETAIL[outcome](id), messageId: id }
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // A message that no try will get in must not be lost with the third.
    return notTaken('failed', cause.message)
  }
}

const DETAIL = {
  recorded: (id: number | null) => (id === null ? 'would become a new message' : `became message ${id}`),
  known: (id: number | null) => `is message ${id} again`,
  conflict: (id: number | null) => `message ${id} has this msgUID and other fields`,
}

function notTaken(outcome: 'unreadable' | 'failed', detail: string): Taken {
  return { outcome, detail, messageId: null }
}

function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return error instanceof ArchiveError || !(error.cause instanceof Error) ? error : innermost(error.cause)
}
