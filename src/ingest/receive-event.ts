/** What happens to a callback that is no message; the answer is for whoever brought it to give. */
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import type { EventKind } from '../rongcloud/events/index.ts'
import { holdCallback } from './hold-callback.ts'
import type { Outcome, ReceiveDeps } from './receive-message.ts'
import { storeCallback } from './store-callback.ts'
import type { HeldEvents } from './take-events.ts'

type Refused = Outcome & { outcome: 'refused' }

/**
 * Whether it is RongCloud's is known at once, for who asks whether a message may be sent does not wait for a database.
 * `kept` rejects when it could not be stored.
 */
export function receiveEvent(
  deps: ReceiveDeps,
  kind: EventKind,
  callback: ArrivedCallback,
): Refused | { outcome: 'accepted'; kept: Promise<Exclude<Outcome, Refused>> } {
  const held = holdCallback(deps, kind, callback)
  if ('refused' in held) return { outcome: 'refused', reason: held.refused }
  return { outcome: 'accepted', kept: keep(deps, held) }
}

async function keep(deps: ReceiveDeps, held: HeldEvents): Promise<Exclude<Outcome, Refused>> {
  if (await deps.buffer?.(held)) return { outcome: 'buffered', nonceReused: held.nonceReused }
  return storeCallback(deps, held)
}
