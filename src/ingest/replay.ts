/** Gives kept-aside callbacks to the archive again: what it could not take then, it may be able to take by now. */
import { markReplayed, type Delivery } from '../archive/deliveries.ts'
import { heldCallbackOf } from './delivery.ts'
import { otherTextOf, takeCallback, type StoreDeps, type Taken } from './store-callback.ts'

export type ReplayDeps = StoreDeps & { now: () => number }

export type Replayed = Pick<Delivery, 'id' | 'reason'> & Omit<Taken, 'differsIn'>

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
  if (!dryRun) await noteTaken(deps, delivery, taken)
  const { outcome, detail, messageId } = taken
  return { id, reason, outcome, detail, messageId }
}

/** What was seen to be another text of a message stays shown there, whatever else is done. */
export async function noteTaken(
  { store, now }: Pick<ReplayDeps, 'store' | 'now'>,
  delivery: Delivery,
  taken: Taken,
): Promise<void> {
  await markReplayed(store, delivery.id, {
    replayedAtMs: now(),
    replayOutcome: taken.outcome,
    otherTextOf: otherTextOf(taken) ?? delivery.otherTextOf,
  })
}
