// Chat rooms (聊天室, protocol §4.2, §4.3).
import { whole } from '../message-types/shared.ts'
import { nameOf, type EventType } from './event-type.ts'
import { code, id, ids, maybe, members, text, time } from './members.ts'

const ROOM_EVENT = ['created', 'joined', 'left', 'destroyed']

export const chatroomStatus: EventType = {
  schema: members({
    chatRoomId: id,
    userIds: maybe(ids),
    type: code(0, 1, 2, 3),
    status: maybe(whole),
    time,
  }),
  identity: ['chatRoomId', 'type', 'status', 'time', 'userIds'],
  occurredAt: ['time'],
  userId: ['userIds'],
  targetId: ['chatRoomId'],
  line: (textAt) => nameOf(ROOM_EVENT, textAt('type')),
}

const ENTRY_CHANGE = ['', 'set', 'deleted', 'cleared']

export const chatroomKv: EventType = {
  schema: members({
    chatroomId: id,
    // None when all entries are cleared.
    key: maybe(text),
    value: maybe(text),
    optType: code(1, 2, 3),
    userId: maybe(id),
    timestamp: time,
    version: id,
  }),
  identity: ['chatroomId', 'key', 'optType', 'version', 'timestamp', 'userId'],
  occurredAt: ['timestamp'],
  userId: ['userId'],
  targetId: ['chatroomId'],
  line: (textAt) => `${textAt('key') ?? 'all entries'} ${nameOf(ENTRY_CHANGE, textAt('optType'))}`,
}
