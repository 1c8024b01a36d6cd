import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { MessageOperation } from '../events/message-operation.ts'
import { conversationNamed, conversationOfOne } from './named-conversation.ts'

/** Message operation sync (protocol section 4.10). */
export function changesOfOperation(operation: MessageOperation, appKey: string): MessageChange[] {
  const facts = {
    appKey,
    upToMs: null,
    conversation: conversationOfOne({ ...operation, appKey }),
    byUserId: operation.fromUserId,
    atMs: operation.optTimeMs,
  }
  if (operation.eventType === 'delete') return deletions(operation, { ...facts, kind: 'delete', data: null })
  if (!operation.messageId) return []
  const data = { isAdmin: operation.isAdmin ?? false, isDelete: operation.isDelete ?? false }
  return [createChange({ ...facts, kind: 'recall', msgUID: operation.messageId, data })]
}

type Deletion = Omit<Parameters<typeof createChange<'delete'>>[0], 'msgUID'>

/** It empties the view of the user who did it, so there has to be one; and "all up to then" needs a place. */
function deletions(operation: MessageOperation, facts: Deletion): MessageChange[] {
  const { messageId, deleteUpToMs } = operation
  const deleteType = operation.deleteType ?? (messageId ? 'message' : 'time')
  if (!facts.byUserId) return []
  if (deleteType === 'message') return messageId ? [createChange({ ...facts, msgUID: messageId })] : []
  const conversation = conversationNamed({ ...operation, appKey: facts.appKey })
  if (deleteUpToMs === null || conversation === null) return []
  // Nobody deletes what is not yet sent, whatever a client's clock says.
  const upToMs = Math.min(deleteUpToMs, operation.optTimeMs)
  return [createChange({ ...facts, conversation, msgUID: null, upToMs })]
}
