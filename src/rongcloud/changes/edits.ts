// New content of a message (protocol sections 2.2, 15.5 and 15.6).
import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { findMessageType } from '../message-types/index.ts'
import { originalOf } from './original.ts'

/** A message that names an original is its next version, unless its type says that it is something else. */
export function editsOf(message: Message): MessageChange[] {
  const original = editedBy(message)
  if (original === null) return []
  const { appKey, msgUID, objectName, content, fromUserId, sentAtMs } = message
  const edit = createChange({
    kind: 'edit',
    appKey,
    msgUID: original,
    upToMs: null,
    conversation: conversationKeyOf(message),
    byUserId: fromUserId,
    atMs: sentAtMs,
    data: { msgUID, objectName, content },
  })
  return [edit]
}

/**
 * The `msgUID` of the message whose next version this one may be, or null. An original is also named when a message is
 * recalled or its expansion changed: a signal does to it what the signal says, and a notice of a recall recalls it.
 */
export function editedBy(message: Pick<Message, 'objectName' | 'fields'>): string | null {
  const original = originalOf(message)
  return original !== null && isOfUsers(message.objectName) ? original : null
}

function isOfUsers(objectName: string): boolean {
  const category = findMessageType(objectName)?.category ?? 'content'
  return category !== 'signal' && category !== 'status' && objectName !== 'RC:RcNtf'
}
