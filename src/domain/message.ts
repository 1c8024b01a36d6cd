/** Who brought a message into the archive. */
export const ORIGINS = ['callback', 'rest', 'history_log', 'history_query', 'import'] as const
export type Origin = (typeof ORIGINS)[number]

/**
 * RongCloud's own records of a message, asked for afterwards. They have less than the callback, which takes their place
 * if it comes after all.
 */
export const FETCHED_ORIGINS: readonly Origin[] = ['history_log', 'history_query']

/** True for the origins of messages that RongCloud delivered, and false for what the archive was given otherwise. */
export function isFromRongCloud(origin: Origin): boolean {
  return origin === 'callback' || FETCHED_ORIGINS.includes(origin)
}

/** One chat message. `appKey` and `msgUID` together are its identity, for ever. */
export type Message = {
  appKey: string
  msgUID: string
  channelType: string
  fromUserId: string
  /** Peer user, group, room or service, as `channelType` decides; RongCloud's `toUserId`. '' for what is to nobody in particular. */
  targetId: string
  /** Channel of an ultra group; '' for every other conversation. */
  busChannel: string
  objectName: string
  /** Exactly as decoded from the form: parsing and printing again would lose key order and large integers. */
  content: string
  /** When RongCloud took the message, ms since 1970. */
  sentAtMs: number
  source: string | null
  sensitiveType: number | null
  /** All other form fields as a JSON object, keys sorted; null when there are none. */
  fields: string | null
}

/** What the archive notes about a message on its arrival. */
export type Arrival = {
  receivedAtMs: number
  origin: Origin
  /** Why the message does not fit its type, or null. */
  problem: string | null
  /** The signature that brought it had come before with another body. */
  nonceReused: boolean
}
