// Message operations (消息操作状态同步, protocol §4.10): recall and delete. The shape is known from a third party only.
import { z } from 'zod'
import { flag } from '../message-types/shared.ts'
import { readElement } from './body.ts'
import type { EventType } from './event-type.ts'
import { code, id, maybe, maybeTime, members, text, time } from './members.ts'

const EVENT = { 1: 'recall', 2: 'delete' } as const
const DELETE = { 1: 'message', 2: 'time' } as const

const structure = members({
  eventType: code(1, 2),
  fromUserId: id,
  optTime: time,
  source: maybe(text),
  conversationInfo: members({
    conversationType: z.union([z.number(), z.string().min(1)], 'expected a number or a name'),
    targetId: id,
    busChannel: maybe(text),
  }),
  originalMsgInfo: maybe(members({ messageId: maybe(id), messageTime: maybeTime })),
  recallMsgInfo: maybe(members({ isDelete: maybe(flag), isAdmin: maybe(flag), extra: maybe(text) })),
  deleteMsgInfo: maybe(members({ deleteType: maybe(code(1, 2), 0, '0'), msgTimestamp: maybeTime })),
})

type Operation = z.infer<typeof structure>

const schema = structure.refine(namesWhatItIsAbout, 'names neither a message nor a time')

export const messageOperation: EventType = {
  schema,
  identity: [
    'eventType',
    'fromUserId',
    'optTime',
    'conversationInfo.conversationType',
    'conversationInfo.targetId',
    'conversationInfo.busChannel',
    'originalMsgInfo.messageId',
    'deleteMsgInfo.deleteType',
    'deleteMsgInfo.msgTimestamp',
  ],
  occurredAt: ['optTime'],
  userId: ['fromUserId'],
  targetId: ['conversationInfo.targetId'],
  msgUID: ['originalMsgInfo.messageId'],
  line: (textAt) => {
    if (textAt('eventType') === '1') return 'recall of a message'
    return textAt('deleteMsgInfo.deleteType') === '2' ? 'deletion up to a time' : 'deletion of a message'
  },
}

export type MessageOperation = {
  eventType: 'recall' | 'delete'
  fromUserId: string
  optTimeMs: number
  /** As given: a number (protocol §2.3) or a name. */
  conversationType: number | string
  targetId: string
  /** Empty when there is none. */
  busChannel: string
  /** The `msgUID` of the message. */
  messageId: string | null
  messageTimeMs: number | null
  isDelete: boolean
  isAdmin: boolean
  /** `time`: everything of the conversation up to `deleteUpToMs`. Null for a recall. */
  deleteType: 'message' | 'time' | null
  deleteUpToMs: number | null
  extra: string | null
}

/** @returns null when the body of the event does not fit */
export function readMessageOperation(body: string): MessageOperation | null {
  const { data } = schema.safeParse(readElement(body))
  return data ? toMessageOperation(data) : null
}

function namesWhatItIsAbout(operation: Operation): boolean {
  return deleteTypeOf(operation) === 'time'
    ? typeof operation.deleteMsgInfo?.msgTimestamp === 'number'
    : typeof operation.originalMsgInfo?.messageId === 'string'
}

/** A deletion that does not say which of the two is one of a message. */
function deleteTypeOf({ eventType, deleteMsgInfo }: Operation): 'message' | 'time' | null {
  return EVENT[eventType] === 'delete' ? DELETE[deleteMsgInfo?.deleteType ?? 1] : null
}

function toMessageOperation(operation: Operation): MessageOperation {
  const { eventType, fromUserId, optTime, conversationInfo, originalMsgInfo, recallMsgInfo } = operation
  const deleteType = deleteTypeOf(operation)
  return {
    eventType: EVENT[eventType],
    fromUserId,
    optTimeMs: optTime,
    conversationType: conversationInfo.conversationType,
    targetId: conversationInfo.targetId,
    busChannel: conversationInfo.busChannel ?? '',
    messageId: originalMsgInfo?.messageId ?? null,
    messageTimeMs: originalMsgInfo?.messageTime ?? null,
    ...recallOf(recallMsgInfo),
    deleteType,
    deleteUpToMs: deleteType === 'time' ? (operation.deleteMsgInfo?.msgTimestamp ?? null) : null,
  }
}

function recallOf(recall: Operation['recallMsgInfo']) {
  return {
    isDelete: recall?.isDelete ?? false,
    isAdmin: recall?.isAdmin ?? false,
    extra: recall?.extra ?? null,
  }
}
