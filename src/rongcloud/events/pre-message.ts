// The pre-message callback (消息回调服务, protocol §3): RongCloud holds a message until it is answered.
import { flag, stringOrObject } from '../message-types/shared.ts'
import type { EventKind, EventType } from './event-type.ts'
import { id, ids, maybe, members, text, time } from './members.ts'

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
  appKey: 'appKey',
  line: (textAt) => `${textAt('msgType')} about to be sent`,
}

/**
 * What the sender expects to be answered with a 200. Null: a message, or a kind that nobody knows. A person waits for
 * the answer to the pre-message callback: the message may go on its way.
 */
export function answerOf(kind: EventKind | null): { body: string; contentType: string } {
  return kind === 'pre-messages'
    ? { body: '{"pass":1}', contentType: 'application/json' }
    : { body: 'ok', contentType: 'text/plain' }
}
