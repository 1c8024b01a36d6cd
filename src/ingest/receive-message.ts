/** What happens to a message callback: verify, read, keep; the answer is for whoever brought it to give. */
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { recordMessage } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { readForm } from '../rongcloud/form.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import { authenticate, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import { deliveryOf } from './delivery.ts'
import { toRecord } from './to-record.ts'

export type ReceiveDeps = AuthenticateDeps & { store: Store; templates: PartyTemplates }

/** `recorded` and `known` are archived, `conflict` and `unreadable` kept aside: all four are stored durably. */
export type Outcome =
  { outcome: 'recorded' | 'known' | 'conflict' | 'unreadable' } | { outcome: 'refused'; reason: Refusal }

/**
 * Archives the message of one callback, or keeps the callback whole when that cannot be done: RongCloud
 * gives up after three tries. Rejects with `unavailable` when nothing could be stored.
 */
export async function receiveMessage(deps: ReceiveDeps, callback: ArrivedCallback): Promise<Outcome> {
  const authenticity = authenticate(deps, callback)
  if ('refused' in authenticity) return { outcome: 'refused', reason: authenticity.refused }
  const { appKey, nonceReused } = authenticity
  const { receivedAtMs } = callback
  const aside = (reason: KeptAside['reason'], detail: string) =>
    deliveryOf(deps.hashing, callback, { appKey, kind: 'messages', reason, detail })

  const form = readForm(callback.body)
  const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
  if ('unreadable' in parsed) {
    await keepAside(deps.store, aside('unreadable', parsed.unreadable))
    return { outcome: 'unreadable' }
  }
  const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
  const record = toRecord(deps.templates, parsed.message, arrival)
  // What the text lost of the bytes is kept in the same transaction.
  const alongside = form.lossy ? [keepAsideStatement(aside('lossy', 'the body is not valid UTF-8'))] : []
  const { outcome, id } = await recordMessage(deps.store, record, alongside)
  if (outcome === 'conflict')
    await keepAside(deps.store, aside('conflict', `message ${id} has this msgUID and other fields`))
  return { outcome }
}
