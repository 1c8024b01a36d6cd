/** The words of the simulator: what somebody is about to say, and what RongCloud makes of it. */
import type { Person } from './world/people.ts'
import type { ChannelType, Place } from './world/places.ts'

export type JsonObject = { readonly [member: string]: unknown }

/** Before RongCloud gave it a time and an id. */
export type Draft = {
  place: Place
  from: Person
  objectName: string
  /** An object becomes JSON as the sender's SDK writes it; text stays as it is. */
  content: JsonObject | string
  sensitiveType?: 1 | 2
  /** Of a directed group message: who alone gets it. */
  groupUserIds?: readonly string[]
  /** The message that this one takes the place of. */
  originalMsgUID?: string
  aiGenerated?: true
}

/** One message as RongCloud has it. */
export type SimulatedMessage = {
  /** Its place in the run, from 0. */
  index: number
  author: Person
  msgUID: string
  fromUserId: string
  targetId: string
  channelType: ChannelType
  busChannel: string
  objectName: string
  content: string
  sentAtMs: number
  source: string
  sensitiveType: number
  groupUserIds: readonly string[]
  originalMsgUID: string | null
  aiGenerated: boolean
}

/**
 * Somebody's part of the traffic: says what comes next and is told what became of it. Whoever runs it sends
 * messages of other scenes in between.
 */
export type Scene = Generator<Draft, void, SimulatedMessage>
