/** Asked before a message is delivered, and told what became of it afterwards. */
import { formRequest, jsonRequest } from '../wire.ts'
import { CONVERSATION_TYPES } from '../world/places.ts'
import { addressOf, clientIp, type EventContext, type Events } from './event.ts'

const PASSED = 10_000
const FAILED = 10_001

export const messageEvents: Events = {
  'pre-messages': ({ random, appKey, message }) =>
    formRequest(
      addressOf('pre-messages'),
      {
        appKey,
        fromUserId: message.fromUserId,
        targetId: message.targetId,
        toUserIds: message.groupUserIds.join(','),
        msgType: message.objectName,
        content: message.content,
        pushContent: '',
        disablePush: 'false',
        expansion: 'false',
        channelType: message.channelType,
        // Written with a capital S, unlike that of message sync.
        msgTimeStamp: String(message.sentAtMs),
        messageId: message.msgUID,
        os: message.source,
        ...(message.busChannel && { busChannel: message.busChannel }),
        clientIp: clientIp(random),
      },
      'query-without-app-key',
    ),

  'message-operations': ({ random, message }) => {
    const operation = random.pick([
      { eventType: 1, recallMsgInfo: { isDelete: 0, isAdmin: 0, extra: '' } },
      { eventType: 2, deleteMsgInfo: { deleteType: 1, msgTimestamp: message.sentAtMs } },
    ])
    return jsonRequest(addressOf('message-operations'), {
      ...operation,
      fromUserId: message.fromUserId,
      optTime: message.sentAtMs + 1500,
      source: message.source,
      conversationInfo: {
        conversationType: CONVERSATION_TYPES[message.channelType],
        targetId: message.targetId,
        ...(message.busChannel && { busChannel: message.busChannel }),
      },
      originalMsgInfo: { messageId: message.msgUID, messageTime: message.sentAtMs },
    })
  },

  'audit-results': (context) => {
    const { random, message } = context
    return jsonRequest(
      addressOf('audit-results'),
      {
        result: random.chance(0.8) ? PASSED : FAILED,
        msgUID: message.msgUID,
        content: JSON.stringify(auditedMessage(context)),
        serviceProvider: 'shumei',
        resultDetail: JSON.stringify({ requestId: random.digits(16), riskLevel: 'PASS' }),
      },
      'headers',
    )
  },
}

function auditedMessage({ appKey, message }: EventContext) {
  return {
    appKey,
    fromUserId: message.fromUserId,
    targetId: message.targetId,
    toUserIds: message.groupUserIds.join(','),
    conversationType: message.channelType,
    objectName: message.objectName,
    message: message.content,
    extraContent: '',
    clientOs: message.source,
    messageTime: message.sentAtMs,
    messageId: message.msgUID,
  }
}
