import { createChange, type MessageChange } from '../../domain/message-change.ts'
import { conversationNamed } from './named-conversation.ts'

/** Moderation result (protocol section 4.5), read. */
export type AuditResult = {
  msgUID: string
  passed: boolean
  serviceProvider: string | null
  /** JSON of the vendor's, as it came. */
  resultDetail: string | null
  /** Its `content`, where that can be read. */
  message: {
    appKey?: string | null
    fromUserId: string | null
    targetId: string | null
    conversationType: number | string | null
    busChannel?: string | null
  } | null
}

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
      conversation: message && conversationOf(message, appKey),
      byUserId: '',
      atMs: receivedAtMs,
      data: { passed, serviceProvider, resultDetail },
    }),
  ]
}

function conversationOf(message: NonNullable<AuditResult['message']>, appKey: string) {
  const busChannel = message.busChannel ?? null
  const named = conversationNamed({ ...message, appKey, busChannel })
  // The documented members leave out the channel, and an ultra group without it is not yet a conversation.
  return named?.channelType === 'ULTRAGROUP' && busChannel === null ? null : named
}
