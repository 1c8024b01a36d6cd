/** What the archive derives from a message before it takes it in; all of it can be derived again. */
import type { MessageRecord } from '../archive/record-message.ts'
import { LISTING } from '../archive/schema.ts'
import { conversationKeyOf } from '../domain/conversation.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { pairOfConversation, type Pair, type PartyTemplates } from '../domain/parties.ts'
import { isKnownObjectName, isListedByDefault, senderProfileOf } from '../rongcloud/message-types/index.ts'

export function toRecord(templates: PartyTemplates, message: Message, arrival: Arrival): MessageRecord {
  const conversation = conversationKeyOf(message)
  const pair = pairOfConversation(templates, conversation)
  return {
    ...message,
    ...arrival,
    conversation,
    pair,
    listing: listingOf(message, pair),
    profile: senderProfileOf(message.content, message.fromUserId),
    isUnknownType: !isKnownObjectName(message.objectName),
  }
}

function listingOf(message: Message, pair: Pair | null): number {
  // RongCloud stored it and did not deliver it: only its sender may know of it (protocol §2.8).
  const blocked = message.sensitiveType === 1 && message.fromUserId !== pair?.memberUserId
  if (blocked) return LISTING.hidden
  return isListedByDefault(message.objectName) ? LISTING.always : LISTING.onRequest
}
