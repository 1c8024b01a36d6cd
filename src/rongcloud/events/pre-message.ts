// The pre-message callback (消息回调服务, protocol §3): RongCloud holds a message until it is answered.
import { stringOrObject } from '../message-types/shared.ts'
import { readBody } from './body.ts'
import type { EventKind, EventType } from './event-type.ts'
import { flag, id, ids, maybe, memberAt, members, text, time } from './members.ts'

export const preMessage: EventType = {
  schema: members({
    appKey: maybe(id),
    fromUserId: id,
    targetId: id,
    toUserIds: maybe(ids),
    msgType: id,
    content: stringOrObject,
    pushContent: maybe(text),
    pushExt: maybe(stringOrObject),
    disablePush: maybe(flag),
    expansion: maybe(flag),
    extraContent: maybe(stringOrObject),
    channelType: id,
    msgTimeStamp: time,
    messageId: id,
    originalMsgUID: maybe(id),
    os: maybe(text),
    busChannel: maybe(text),
    clientIp: maybe(text),
    aiGenerated: maybe(flag),
  }),
  identity: ['messageId', 'originalMsgUID', 'msgTimeStamp', 'fromUserId', 'targetId', 'msgType'],
  occurredAt: ['msgTimeStamp'],
  userId: ['fromUserId'],
  targetId: ['targetId'],
  msgUID: ['messageId'],
  line: (textAt) => `${textAt('msgType')} about to be sent`,
}

/**
 * The app key of a callback that names its app in the body alone, which is the pre-message callback; undefined of
 * every other, whose body is not even looked at. Cheap, and never throws.
 */
export function bodyAppKeyOf(kind: EventKind, body: Uint8Array): string | undefined {
  if (kind !== 'pre-messages') return undefined
  const read = readBody(body)
  const appKey = 'elements' in read ? memberAt(read.elements[0]?.value, 'appKey') : undefined
  return typeof appKey === 'string' && appKey !== '' ? appKey : undefined
}

/** What the sender expects to hear with a 200; null: of a message, or of who knows what. A person waits for the first: let the message go on its way. */
export function answerOf(kind: EventKind | null): { body: string; contentType: string } {
  return kind === 'pre-messages'
    ? { body: '{"pass":1}', contentType: 'application/json' }
    : { body: 'ok', contentType: 'text/plain' }
}
