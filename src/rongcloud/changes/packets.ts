// RC:StreamMsg (protocol section 15.4): servers and bots send a text packet after packet. The first that comes is the
// message; later ones have its msgUID, or one of their own and name the first in their content.
import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { parseJson } from '../message-types/readable-text.ts'
import { readPacket, STREAM } from '../message-types/stream.ts'
import { uidIn } from './uid.ts'

/** The `msgUID` of the message whose text this one continues, or null. */
export function continuedBy({
  objectName,
  msgUID,
  content,
}: Pick<Message, 'objectName' | 'msgUID' | 'content'>): string | null {
  if (objectName !== STREAM) return null
  const first = uidIn(parseJson(content))
  return first === msgUID ? null : first
}

export function packetsOf(message: Message): MessageChange[] {
  const first = continuedBy(message)
  return first === null ? [] : [packetOf(message, first)]
}

/** A message under the `msgUID` of an archived one as the packet that it is; null when its place in the text is the same. */
export function packetUnderSameUID(message: Message, archivedContent: string): MessageChange | null {
  if (message.objectName !== STREAM) return null
  const { seq } = readPacket(message.content)
  return seq === readPacket(archivedContent).seq ? null : packetOf(message, message.msgUID)
}

function packetOf(message: Message, first: string): MessageChange {
  const { appKey, msgUID, content, fromUserId, sentAtMs } = message
  return createChange({
    kind: 'packet',
    appKey,
    msgUID: first,
    upToMs: null,
    conversation: conversationKeyOf(message),
    byUserId: fromUserId,
    atMs: sentAtMs,
    data: { msgUID, content },
  })
}
