import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { memberOf, parseJson } from '../message-types/readable-text.ts'
import { expansionsOf } from './expansion.ts'
import { readsOf, receiptRequestsOf, receiptsOf } from './receipts.ts'
import { recallsOf } from './recall.ts'

type Reader = (message: Message) => MessageChange[]

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['RC:RcCmd', recallsOf],
  ['RC:MsgExMsg', expansionsOf],
  ['RC:ReadNtf', readsOf],
  ['RC:RRReqMsg', receiptRequestsOf],
  ['RC:RRRspMsg', receiptsOf],
])

/** Types of messages that do something to others, besides those that name an original. */
export const SIGNALS = [...READERS.keys()]

/** What a routed message does to others. Most do nothing, and this runs for every one of them. */
export function changesOfMessage(message: Message): MessageChange[] {
  return (READERS.get(message.objectName) ?? editsOf)(message)
}

/**
 * A message of any type that names an original is its next version (protocol section 2.2). The signals above may
 * name one too: what they do to it is in their content.
 */
function editsOf(message: Message): MessageChange[] {
  const { appKey, msgUID, objectName, content, fromUserId, sentAtMs } = message
  const original = editedBy(message)
  if (original === null) return []
  return [
    createChange({
      kind: 'edit',
      appKey,
      msgUID: original,
      upToMs: null,
      conversation: conversationKeyOf(message),
      byUserId: fromUserId,
      atMs: sentAtMs,
      data: { msgUID, objectName, content },
    }),
  ]
}

/** The `msgUID` of the message whose next version this one is, or null. */
export function editedBy({ objectName, fields }: Pick<Message, 'objectName' | 'fields'>): string | null {
  if (READERS.has(objectName) || !fields?.includes('"originalMsgUID"')) return null
  const named = memberOf(parseJson(fields), 'originalMsgUID')
  // A list where the form had it twice: the first value wins.
  const original: unknown = Array.isArray(named) ? named[0] : named
  return typeof original === 'string' && original !== '' ? original : null
}
