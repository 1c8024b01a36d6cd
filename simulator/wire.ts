/** Callbacks as RongCloud puts them on the wire, still unsigned. */
import type { Carrier } from './sign.ts'
import type { SimulatedMessage } from './message.ts'

export type CallbackRequest = { path: string; contentType: string; body: string; carrier: Carrier }

const FORM = 'application/x-www-form-urlencoded'

export function formRequest(
  path: string,
  fields: Record<string, string>,
  carrier: Carrier = 'query',
): CallbackRequest {
  return { path, contentType: FORM, body: new URLSearchParams(fields).toString(), carrier }
}

export function jsonRequest(path: string, value: unknown, carrier: Carrier = 'query'): CallbackRequest {
  return { path, contentType: 'application/json', body: JSON.stringify(value), carrier }
}

/** 全量消息路由 (protocol §2.2). */
export function messageRequest(message: SimulatedMessage): CallbackRequest {
  const { groupUserIds, busChannel, originalMsgUID, aiGenerated } = message
  return formRequest('/callbacks/messages', {
    fromUserId: message.fromUserId,
    toUserId: message.targetId,
    objectName: message.objectName,
    content: message.content,
    channelType: message.channelType,
    msgTimestamp: String(message.sentAtMs),
    msgUID: message.msgUID,
    sensitiveType: String(message.sensitiveType),
    source: message.source,
    // In brackets and without quotes, as in the official example.
    ...(message.channelType === 'GROUP' && { groupUserIds: `[${groupUserIds.join(',')}]` }),
    ...(message.channelType === 'ULTRAGROUP' && { busChannel }),
    ...(originalMsgUID !== null && { originalMsgUID }),
    ...(aiGenerated && { aiGenerated: 'true' }),
  })
}
