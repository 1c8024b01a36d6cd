/** A callback that is no message (protocol §3, §4). */
import type { SimulatedMessage } from '../message.ts'
import type { Random } from '../random.ts'
import type { CallbackRequest } from '../wire.ts'

export type EventContext = {
  random: Random
  appKey: string
  /** What was just sent: most events happen around messages. */
  message: SimulatedMessage
}

/** By the last part of the address. */
export type Events = Readonly<Record<string, (context: EventContext) => CallbackRequest>>

/** Addresses are named by their events (docs/reference.md). */
export const addressOf = (kind: string) => `/callbacks/${kind}`

export const clientIp = (random: Random) =>
  `${random.whole(36, 222)}.${random.whole(1, 254)}.${random.whole(1, 254)}.${random.whole(1, 254)}:${random.whole(1025, 65_535)}`
