/** Gives kept-aside callbacks to the archive again: what it could not take then, it may be able to take by now. */
import { markReplayed, type Delivery } from '../archive/deliveries.ts'
import { heldCallbackOf } from './delivery.ts'
import { takeCallback, type StoreDeps, type Taken } from './store-callback.ts'

export type ReplayDeps = StoreDeps & { now: () => number }

export type Replayed = Pick<Delivery, 'id' | 'reason'> & Taken

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
  const taken = await takeCallback(deps, heldCallbackOf(delivery), { dryRun })
  if (!dryRun) await markReplayed(deps.store, id, { replayedAtMs: deps.now(), replayOutcome: taken.outcome })
  return { id, reason, ...taken }
}
