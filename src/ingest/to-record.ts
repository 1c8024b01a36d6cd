/** What the archive derives from a message before it takes it in; all of it can be derived again. */
import type { MessageRecord } from '../archive/record-message.ts'
import { LISTING } from '../archive/schema.ts'
import { conversationKeyOf } from '../domain/conversation.ts'
import { isUndelivered } from '../domain/log-flags.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { pairOfConversation, type Pair, type PartyTemplates } from '../domain/parties.ts'
import { continuedBy } from '../rongcloud/changes/index.ts'
import {
  groupNameIn,
  isListedByDefault,
  senderProfileOf,
  unknownTypeOf,
} from '../rongcloud/message-types/index.ts'

/** @param logFlags see domain/log-flags.ts; null when no log tells of it */
export function toRecord(
  templates: PartyTemplates,
  message: Message,
  arrival: Arrival,
  logFlags: number | null = null,
): MessageRecord {
  const conversation = conversationKeyOf(message)
  const pair = pairOfConversation(templates, conversation)
  return {
    ...message,
    ...arrival,
    conversation,
    pair,
    listing: listingOf(message, pair, logFlags),
    profile: senderProfileOf(message.content, message.fromUserId),
    groupName: groupNameIn(message),
    unknownType: unknownTypeOf(message.objectName, message.content),
    logFlags,
  }
}

function listingOf(message: Message, pair: Pair | null, logFlags: number | null): number {
  // RongCloud stored it and did not deliver it: only its sender may know of it (protocol §2.8).
  const isBlocked = message.sensitiveType === 1 || isUndelivered(logFlags)
  if (isBlocked && message.fromUserId !== pair?.memberUserId) return LISTING.hidden
  // What goes on with another message stands in the text of that one.
  const isListed = isListedByDefault(message.objectName) && continuedBy(message) === null
  return isListed ? LISTING.always : LISTING.onRequest
}
