// Deactivated users (用户注销, protocol §4.4) and the oldest family, followers of public services (公众服务, §4.13).
import type { EventType } from './event-type.ts'
import { code, id, maybe, members, text, time } from './members.ts'

export const userDeactivation: EventType = {
  schema: members({ userId: id, operateId: id, type: code(0, 1), code: maybe(text), time }),
  // One call may name many users, and the id is that of the call.
  identity: ['operateId', 'userId', 'type', 'code', 'time'],
  occurredAt: ['time'],
  userId: ['userId'],
  line: (textAt) => {
    const change = textAt('type') === '1' ? 'reactivation' : 'deactivation'
    const result = textAt('code') ?? '0'
    return result === '0' ? change : `${change} failed with ${result}`
  },
}

export const publicService: EventType = {
  schema: members({
    ToUserName: id,
    FromUserName: id,
    CreateTime: time,
    MsgType: id,
    Event: maybe(text),
    Content: maybe(text),
    MsgId: maybe(id),
  }),
  // The page advises to tell duplicates by MsgId, which coming and going followers do not have.
  identity: ['MsgId', 'ToUserName', 'FromUserName', 'CreateTime'],
  occurredAt: ['CreateTime'],
  userId: ['FromUserName'],
  targetId: ['ToUserName'],
  line: (textAt) => textAt('Event') ?? textAt('MsgType') ?? 'unknown type',
}
