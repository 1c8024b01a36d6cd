import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { AuditResult } from '../events/audit-result.ts'
import { conversationOfOne } from './named-conversation.ts'

/**
 * @param appKey the app whose signature came with it: a result that speaks of another app's message changes nothing
 * @param receivedAtMs stands for the time of the verdict, which RongCloud does not tell
 */
export function changesOfAudit(result: AuditResult, appKey: string, receivedAtMs: number): MessageChange[] {
  const { msgUID, passed, serviceProvider, resultDetail, message } = result
  if (!msgUID || (message?.appKey ?? appKey) !== appKey) return []
  return [
    createChange({
      kind: 'verdict',
      appKey,
      msgUID,
      upToMs: null,
      conversation: message && conversationOfOne({ ...message, appKey, busChannel: null }),
      byUserId: '',
      atMs: receivedAtMs,
      data: { passed, serviceProvider, resultDetail },
    }),
  ]
}
