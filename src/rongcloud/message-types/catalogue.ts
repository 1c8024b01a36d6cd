// All declarations, by name.
import { callTypes } from './calls.ts'
import { customerServiceTypes } from './customer-service.ts'
import { mediaTypes } from './media.ts'
import type { MessageType } from './message-type.ts'
import { nestedContentTypes } from './nested-content.ts'
import { notificationTypes } from './notifications.ts'
import { signalTypes } from './signals.ts'
import { userContentTypes } from './user-content.ts'
import { wrappedTypes } from './wrapped.ts'

const byName = new Map(
  [
    ...userContentTypes,
    ...mediaTypes,
    ...nestedContentTypes,
    ...wrappedTypes,
    ...notificationTypes,
    ...signalTypes,
    ...customerServiceTypes,
    ...callTypes,
  ].map((type) => [type.objectName, type]),
)

/** Every object name of protocol section 5, spelled exactly as on the wire. */
export const KNOWN_OBJECT_NAMES: readonly string[] = [...byName.keys()]

/** Undefined for the app's own types and for `RC:*` names younger than the protocol file. */
export function findMessageType(objectName: string): MessageType | undefined {
  return byName.get(objectName)
}

export function isKnownObjectName(objectName: string): boolean {
  return byName.has(objectName)
}

/** Names beginning with `RC:` are RongCloud's; apps must not use them (protocol section 2.2). */
export function isReservedName(objectName: string): boolean {
  return objectName.startsWith('RC:')
}

// They tell that a shared location or a whiteboard began or ended.
const HAPPENINGS = new Set(['RC:RLStart', 'RC:RLEnd', 'RC:VSTMsg'])

/** Whether the type is what people write to each other: known, user content, and not the record of something that happened. */
export function isUserContent(objectName: string): boolean {
  return findMessageType(objectName)?.category === 'content' && !HAPPENINGS.has(objectName)
}

// They say that a person came, left or was called, and what was said then, which belongs to the record of a conversation.
const LISTED_ALTHOUGH_SIGNALS = new Set(['RC:HsMsg', 'RC:SpMsg', 'RC:VCSummary', 'RC:CallAISummary'])

/**
 * Whether chat-records shows it unasked (design section 8): user content, notifications, and what we do not know.
 * Signalling, status, customer service and calls are left out, but for the four above.
 */
export function isListedByDefault(objectName: string): boolean {
  const category = findMessageType(objectName)?.category ?? 'content'
  return category === 'content' || category === 'notification' || LISTED_ALTHOUGH_SIGNALS.has(objectName)
}
