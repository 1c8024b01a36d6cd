/** An identity for a message that came without a `msgUID`. */
import type { Message } from '../domain/message.ts'
import type { Hashing } from '../domain/ports.ts'

// Not one of RongCloud's, which are four groups of capitals and digits.
const DERIVED_UID_PREFIX = 'sha256:'

export function isDerivedUID(msgUID: string): boolean {
  return msgUID.startsWith(DERIVED_UID_PREFIX)
}

/** What the message does have tells two messages apart (protocol §11.4). @param time as RongCloud wrote it */
export function derivedUID(
  hashing: Pick<Hashing, 'sha256'>,
  message: Omit<Message, 'msgUID'>,
  time: string,
): string {
  const { appKey, fromUserId, targetId, objectName, channelType, content } = message
  const identity = [appKey, fromUserId, targetId, objectName, channelType, time, content].join('|')
  return DERIVED_UID_PREFIX + hashing.sha256(identity)
}
