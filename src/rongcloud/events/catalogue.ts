// All declarations, by kind.
import { publicService, userDeactivation } from './accounts.ts'
import { auditResult } from './audit-result.ts'
import { botEvent } from './bot-event.ts'
import type { EventKind, EventType } from './event-type.ts'
import { friend, groupOperation, groupProfile, hostedModeration, userProfile } from './hosted.ts'
import { messageOperation } from './message-operation.ts'
import { onlineStatus } from './online-status.ts'
import { preMessage } from './pre-message.ts'
import { chatroomKv, chatroomStatus } from './rooms.ts'
import { rtcEvent } from './rtc.ts'

export const EVENT_TYPES: Readonly<Record<EventKind, EventType>> = {
  'pre-messages': preMessage,
  'message-operations': messageOperation,
  'online-status': onlineStatus,
  'chatroom-status': chatroomStatus,
  'chatroom-kv': chatroomKv,
  'user-deactivations': userDeactivation,
  'audit-results': auditResult,
  'hosted-moderation': hostedModeration,
  'group-info': groupProfile,
  'group-operations': groupOperation,
  'user-profiles': userProfile,
  friends: friend,
  bots: botEvent,
  'rtc-rooms': rtcEvent,
  'rtc-recordings': rtcEvent,
  'rtc-players': rtcEvent,
  'rtc-cdn-pushes': rtcEvent,
  'rtc-screenshots': rtcEvent,
  'rtc-moderation': rtcEvent,
  'public-service': publicService,
}
