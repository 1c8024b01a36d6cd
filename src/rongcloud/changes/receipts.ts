// Who has read what (protocol section 5.5): RC:ReadNtf of conversations of two; RC:RRReqMsg, which asks for receipts in a
// group, and RC:RRRspMsg, which answers.
import { isOneToOne } from '../../domain/channel-type.ts'
import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { isObject, memberOf, parseJson } from '../message-types/readable-text.ts'
import { toMilliseconds } from '../time.ts'
import { uidIn } from './uid.ts'

/** All that the other had sent up to `lastMessageSendTime`: milliseconds or seconds, a Number or a String. */
export function readsOf(message: Message): MessageChange[] {
  const lastRead = toTime(memberOf(parseJson(message.content), 'lastMessageSendTime'))
  if (lastRead === null || !isOneToOne(message.channelType)) return []
  // Some apps write the client's clock, which may run ahead; nobody has read what is yet to be sent.
  const upToMs = Math.min(lastRead, message.sentAtMs)
  return [createChange({ ...factsOf(message), kind: 'read', msgUID: null, upToMs })]
}

export function receiptRequestsOf(message: Message): MessageChange[] {
  const msgUID = uidIn(parseJson(message.content))
  return msgUID === null ? [] : [createChange({ ...factsOf(message), kind: 'receipt_request', msgUID })]
}

/** `receiptMessageDic` lists the read messages by their senders; who has read them sent this one. */
export function receiptsOf(message: Message): MessageChange[] {
  const read = memberOf(parseJson(message.content), 'receiptMessageDic')
  const lists = isObject(read) ? Object.values(read).filter(Array.isArray) : []
  const uids = new Set(lists.flat().filter((uid) => typeof uid === 'string' && uid !== ''))
  return [...uids].map((msgUID) => createChange({ ...factsOf(message), kind: 'receipt', msgUID }))
}

function factsOf(message: Message) {
  return {
    appKey: message.appKey,
    upToMs: null,
    conversation: conversationKeyOf(message),
    byUserId: message.fromUserId,
    atMs: message.sentAtMs,
    data: null,
  }
}

function toTime(value: unknown): number | null {
  return typeof value === 'string' || typeof value === 'number' ? toMilliseconds(String(value)) : null
}
