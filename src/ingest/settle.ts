/** An operator's word on a callback kept aside: what it is, where nothing that came with it tells. */
import type { Delivery } from '../archive/deliveries.ts'
import { invalidFields } from '../domain/errors.ts'
import { heldCallbackOf } from './delivery.ts'
import { noteTaken, type ReplayDeps } from './replay.ts'
import { takeCallback, type Taken } from './store-callback.ts'

/** `edit`: the next version of the message under whose `msgUID` it came. */
export const SETTLEMENTS = ['edit'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

export type Settled = { id: number; as: Settlement } & Pick<Taken, 'outcome' | 'detail' | 'messageId'>

/**
 * The delivery stays and notes the outcome. Repeating it is harmless.
 * @throws ArchiveError `invalid_request` when it cannot be that, and says why
 */
export async function settleDelivery(deps: ReplayDeps, delivery: Delivery, as: Settlement): Promise<Settled> {
  const held = heldCallbackOf(delivery)
  const foreseen = await takeCallback(deps, held, { asEdit: true, dryRun: true })
  if (foreseen.differsIn !== 'content')
    throw invalidFields([{ field: 'as', message: `cannot be ${as}: ${whyNoEdit(held.kind, foreseen)}` }])
  const taken = await takeCallback(deps, held, { asEdit: true })
  await noteTaken(deps, delivery, taken)
  const { outcome, detail, messageId } = taken
  return { id: delivery.id, as, outcome, detail, messageId }
}

const OF_MESSAGES: ReadonlySet<string> = new Set(['messages', 'history-log', 'unknown-address'])

function whyNoEdit(kind: string, { outcome, detail, differsIn, messageId }: Taken): string {
  if (!OF_MESSAGES.has(kind)) return `a callback of ${kind} is no message`
  if (differsIn === 'other fields') return `message ${messageId} has the same content`
  if (differsIn !== undefined) return `message ${messageId} is of another ${differsIn}`
  if (outcome === 'recorded') return 'the archive has no message with its msgUID; replay it'
  if (outcome === 'known' && messageId !== null) return `it is message ${messageId} itself`
  return `it cannot be read as one message: ${detail}`
}
