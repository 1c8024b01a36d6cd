/** Makes an archived message of a callback known to be RongCloud's, or keeps it whole. */
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { recordChanges } from '../archive/changes.ts'
import { recordMessage } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
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

/** `recorded` and `known` are archived, the others kept aside; all are stored durably. */
export type Stored = {
  outcome: 'recorded' | 'known' | 'conflict' | 'unreadable' | 'failed'
  nonceReused: boolean
}

/**
 * RongCloud gives up after three tries, so whatever cannot become a message is kept whole.
 * Rejects when nothing could be stored.
 */
export async function storeMessage(deps: StoreDeps, held: HeldCallback): Promise<Stored> {
  const { appKey, receivedAtMs, nonceReused } = held
  const aside = (reason: KeptAside['reason'], detail: string) =>
    deliveryOf(deps.hashing, held, { reason, detail })
  const keep = async (outcome: 'conflict' | 'unreadable' | 'failed', detail: string): Promise<Stored> => {
    await keepAside(deps.store, aside(outcome, detail))
    return { outcome, nonceReused }
  }
  try {
    const form = readForm(held.body)
    const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
    if ('unreadable' in parsed) return await keep('unreadable', parsed.unreadable)
    const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
    // What the text lost of the bytes is kept in the same transaction.
    const alongside = form.lossy ? [keepAsideStatement(aside('lossy', 'the body is not valid UTF-8'))] : []
    const record = toRecord(deps.templates, parsed.message, arrival)
    const { outcome, id } = await recordMessage(deps.store, record, alongside)
    if (outcome === 'conflict')
      return await keep('conflict', `message ${id} has this msgUID and other fields`)
    // Of a known one too: the first time may have ended between the two.
    await recordChanges(deps.store, changesOfMessage(parsed.message), arrival)
    return { outcome, nonceReused }
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // A message that no try will get in must not be lost with the third.
    return keep('failed', cause.message)
  }
}

function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return error instanceof ArchiveError || !(error.cause instanceof Error) ? error : innermost(error.cause)
}
