// RC:RcCmd (protocol section 5.5), and RC:RcNtf where RongCloud says which message it is about.
import { z } from 'zod'
import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { isObject, parseJson, stringAt } from '../message-types/readable-text.ts'
import { recallCommand } from '../message-types/recall-command.ts'
import { membersOfRecallNotice } from '../message-types/recall-notice.ts'
import { originalOf } from './original.ts'
import { recalledConversation } from './recalled-conversation.ts'

const { messageUId, targetId, channelId, isAdmin, isDelete, originalFromUserId } = recallCommand.out.shape

// All spellings of the type, but only the message has to be named: early web clients write nothing else, and a flag
// that is no flag does not undo a recall.
const looseCommand = z.pipe(
  recallCommand.in,
  z.object({
    messageUId: messageUId.pipe(z.string().regex(/\S/)),
    conversationType: z.union([z.string(), z.number()]).nullish().catch(null),
    targetId: targetId.nullish().catch(null),
    channelId: channelId.catch(null),
    isAdmin: isAdmin.catch(null),
    isDelete: isDelete.catch(null),
    originalFromUserId: originalFromUserId.catch(null),
  }),
)

export type RecallCommand = z.output<typeof looseCommand>

/** Of content as object or as JSON text; null when it names no message. */
export function readRecallCommand(content: unknown): RecallCommand | null {
  const value = typeof content === 'string' ? parseJson(content) : content
  return looseCommand.safeParse(value).data ?? null
}

export function recallsOf(message: Message): MessageChange[] {
  const command = readRecallCommand(message.content)
  const recalled = command?.messageUId ?? originalOf(message)
  if (recalled === null) return []
  return [
    createChange({
      kind: 'recall',
      appKey: message.appKey,
      msgUID: recalled,
      upToMs: null,
      conversation: command ? recalledConversation(message, command) : conversationKeyOf(message),
      byUserId: message.fromUserId,
      atMs: message.sentAtMs,
      data: { isAdmin: command?.isAdmin ?? false, isDelete: command?.isDelete ?? false },
    }),
  ]
}

const SET: ReadonlySet<unknown> = new Set([true, 'true', 1, '1'])

/** Clients show this notice in the place of a message that was recalled. By itself it names none. */
export function recallsByNotice(message: Message): MessageChange[] {
  const recalled = originalOf(message)
  if (recalled === null) return []
  const content = parseJson(message.content)
  const notice = membersOfRecallNotice(isObject(content) ? content : {})
  return [
    createChange({
      kind: 'recall',
      appKey: message.appKey,
      msgUID: recalled,
      upToMs: null,
      conversation: conversationKeyOf(message),
      byUserId: stringAt(notice, 'operatorId') ?? message.fromUserId,
      atMs: message.sentAtMs,
      data: { isAdmin: SET.has(notice.admin), isDelete: SET.has(notice.delete) },
    }),
  ]
}
