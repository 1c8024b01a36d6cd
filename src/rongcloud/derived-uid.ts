/**
 * The identity of a message that came without `msgUID`, as callbacks of 2015 and some lines of logs do: made of what tells
 * two messages apart (protocol §11.4), so that whoever brings the message makes the same one.
 */
import type { Message } from '../domain/message.ts'
import type { Hashing } from '../domain/ports.ts'
import { readJson } from './events/json.ts'
import { isObject } from './message-types/readable-text.ts'
import { toMilliseconds } from './time.ts'

// Not one of RongCloud's, which are four groups of capitals and digits.
const DERIVED_UID_PREFIX = 'sha256:'

export function isDerivedUID(msgUID: string): boolean {
  return msgUID.startsWith(DERIVED_UID_PREFIX)
}

/** @param time as it was written; where it is none of RongCloud's it counts as the text that it is */
export function derivedUID(
  hashing: Pick<Hashing, 'sha256'>,
  message: Omit<Message, 'msgUID'>,
  time: string,
): string {
  const { appKey, fromUserId, targetId, objectName, channelType, content } = message
  const sentAt = toMilliseconds(time) ?? time
  const identity = [appKey, fromUserId, targetId, objectName, channelType, sentAt, canonical(content)]
  return DERIVED_UID_PREFIX + hashing.sha256(identity.join('|'))
}

/** JSON in the one way to write it, for a log writes content anew: without blanks, names in order; other text as it is. */
function canonical(content: string): string {
  const value = /^\s*[[{]/.test(content) ? readJson(content) : undefined
  if (value === undefined) return content
  try {
    return JSON.stringify(inOrder(value))
  } catch {
    // Nested more deeply than it can be written.
    return content
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, member]) => [name, inOrder(member)] as const)
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
