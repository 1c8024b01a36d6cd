/** Gives kept-aside callbacks to the archive again: what it could not take then, it may be able to take by now. */
import { markReplayed, type Delivery } from '../archive/deliveries.ts'
import { heldCallbackOf } from './delivery.ts'
import type { HeldCallback } from './held-callback.ts'
import { takeMessage, type StoreDeps, type Taken } from './store-message.ts'

export type ReplayDeps = StoreDeps & { now: () => number }

export type Replayed = Pick<Delivery, 'id' | 'reason'> & Taken

type Kind = HeldCallback['kind']

/** What takes in the callbacks of each kind. It must keep nothing aside, for the delivery stays. */
const TAKE: {
  [K in Kind]: (deps: StoreDeps, held: HeldCallback & { kind: K }, how: { dryRun: boolean }) => Promise<Taken>
} = {
  messages: takeMessage,
}

/**
 * The same parsing and recording as when it came, with the time of receipt that it had. The delivery stays and
 * notes the outcome. Repeating it is harmless.
 * @param dryRun tells what would happen and writes nothing
 */
export async function replayDelivery(
  deps: ReplayDeps,
  delivery: Delivery,
  { dryRun }: { dryRun: boolean },
): Promise<Replayed> {
  const { id, reason } = delivery
  if (!isReplayable(delivery)) {
    const detail = `there is no replay of ${delivery.kind}`
    return { id, reason, outcome: 'failed', detail, messageId: null }
  }
  const taken = await TAKE[delivery.kind](deps, heldCallbackOf(delivery), { dryRun })
  if (!dryRun) await markReplayed(deps.store, id, { replayedAtMs: deps.now(), replayOutcome: taken.outcome })
  return { id, reason, ...taken }
}

function isReplayable(delivery: Delivery): delivery is Delivery & { kind: Kind } {
  return Object.hasOwn(TAKE, delivery.kind)
}
