// RC:RcCmd (protocol section 5.5).
import { z } from 'zod'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { parseJson } from '../message-types/readable-text.ts'
import { recallCommand } from '../message-types/recall-command.ts'
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
  if (!command) return []
  return [
    createChange({
      kind: 'recall',
      appKey: message.appKey,
      msgUID: command.messageUId,
      upToMs: null,
      conversation: recalledConversation(message, command),
      byUserId: message.fromUserId,
      atMs: message.sentAtMs,
      data: { isAdmin: command.isAdmin ?? false, isDelete: command.isDelete ?? false },
    }),
  ]
}
