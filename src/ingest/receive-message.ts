/** What happens to a message callback: verify, read, keep; the answer is for whoever brought it to give. */
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { recordMessage } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { readForm, type Form } from '../rongcloud/form.ts'
import { parseRoutedMessage, type ParsedMessage } from '../rongcloud/routed-message.ts'
import { authenticate, type Authentic, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import { deliveryOf } from './delivery.ts'
import { toRecord } from './to-record.ts'

export type ReceiveDeps = AuthenticateDeps & { store: Store; templates: PartyTemplates }

/** `recorded` and `known` are archived, the others kept aside: whatever is not refused is stored durably. */
export type Outcome =
  | { outcome: 'recorded' | 'known' | 'conflict' | 'unreadable' | 'failed'; nonceReused: boolean }
  | { outcome: 'refused'; reason: Refusal }

type Aside = (reason: KeptAside['reason'], detail: string) => KeptAside

/**
 * Archives the message of one callback, or keeps the callback whole when that cannot be done: RongCloud
 * gives up after three tries. Rejects when nothing could be stored.
 */
export async function receiveMessage(deps: ReceiveDeps, callback: ArrivedCallback): Promise<Outcome> {
  const authenticity = authenticate(deps, callback)
  if ('refused' in authenticity) return { outcome: 'refused', reason: authenticity.refused }
  const { appKey, nonceReused } = authenticity
  const { receivedAtMs } = callback
  const aside: Aside = (reason, detail) =>
    deliveryOf(deps.hashing, callback, { ...authenticity, kind: 'messages', reason, detail })

  const form = readForm(callback.body)
  const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
  if ('unreadable' in parsed) {
    await keepAside(deps.store, aside('unreadable', parsed.unreadable))
    return { outcome: 'unreadable', nonceReused }
  }
  try {
    return await archive(deps, { parsed, form, aside, authenticity, receivedAtMs })
  } catch (error) {
    if (isUnavailable(error)) throw error
    // A message that no try will get in must not be lost with the third.
    await keepAside(deps.store, aside('failed', reasonOf(error)))
    return { outcome: 'failed', nonceReused }
  }
}

type Readable = {
  parsed: Exclude<ParsedMessage, { unreadable: string }>
  form: Form
  aside: Aside
  authenticity: Authentic
  receivedAtMs: number
}

async function archive(deps: ReceiveDeps, readable: Readable): Promise<Outcome> {
  const { parsed, form, aside, receivedAtMs } = readable
  const { nonceReused } = readable.authenticity
  const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
  const record = toRecord(deps.templates, parsed.message, arrival)
  // What the text lost of the bytes is kept in the same transaction.
  const alongside = form.lossy ? [keepAsideStatement(aside('lossy', 'the body is not valid UTF-8'))] : []
  const { outcome, id } = await recordMessage(deps.store, record, alongside)
  if (outcome === 'conflict')
    await keepAside(deps.store, aside('conflict', `message ${id} has this msgUID and other fields`))
  return { outcome, nonceReused }
}

function reasonOf(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error
  return inner instanceof Error ? inner.message : 'unknown'
}

function isUnavailable(error: unknown): boolean {
  const inner = error instanceof Error && !(error instanceof ArchiveError) ? (error.cause ?? error) : error
  return inner instanceof ArchiveError && inner.code === 'unavailable'
}
