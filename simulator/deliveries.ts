/**
 * Messages as a sequence of callbacks: some are sent twice, as RongCloud does when an answer was slow, and other
 * callbacks come in between. Neither changes the messages.
 */
import { EVENT_KINDS, EVENTS } from './events/index.ts'
import type { SimulatedMessage } from './message.ts'
import { createRandom, type Random } from './random.ts'
import { messageRequest, type CallbackRequest } from './wire.ts'

export type Delivery = {
  request: CallbackRequest
  /** Its message's place in the run; null for other callbacks. */
  index: number | null
}

export type DeliveryOptions = { seed: number; messages: number; events: boolean; appKey: string }

const SENT_TWICE = 0.015
// How many other messages come before the second copy.
const LATER_BY: readonly [number, number] = [1, 30]
const EVENT_EVERY = 16

export function* deliveriesOf(
  messages: Iterable<SimulatedMessage>,
  { seed, messages: count, events, appKey }: DeliveryOptions,
): Generator<Delivery, void> {
  // Of its own, so that the messages are the same with events and without.
  const random = createRandom(seed ^ 0x0f0f_0f0f)
  const kinds = random.shuffled(EVENT_KINDS)
  const again = new Map<number, Delivery>()
  for (const message of messages) {
    if (message.index >= count) break
    const delivery = { request: messageRequest(message), index: message.index }
    yield delivery
    const due = message.index + random.whole(...LATER_BY)
    if (random.chance(SENT_TWICE)) again.set(due, delivery)
    const repeated = again.get(message.index)
    if (repeated) yield repeated
    again.delete(message.index)
    if (message.index % EVENT_EVERY === EVENT_EVERY - 1) {
      const event = eventAbout(message, random, { kinds, appKey })
      if (events) yield { request: event, index: null }
    }
  }
  yield* again.values()
}

function eventAbout(
  message: SimulatedMessage,
  random: Random,
  { kinds, appKey }: { kinds: readonly string[]; appKey: string },
): CallbackRequest {
  const round = Math.floor(message.index / EVENT_EVERY)
  const kind = kinds[round % kinds.length] as string
  const create = EVENTS[kind]
  if (!create) throw new Error(`there is no event ${kind}`)
  return create({ random, appKey, message })
}
