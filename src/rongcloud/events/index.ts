// Every callback that is not message sync (protocol §3 and §4): what a body carries, what it is about, how to answer.
export { readAuditResult } from './audit-result.ts'
export { readBotEvent } from './bot-event.ts'
export { EVENT_KINDS, type CallbackEvent, type EventKind } from './event-type.ts'
export { readMessageOperation } from './message-operation.ts'
export { readOnlineStatus, type OnlineStatus } from './online-status.ts'
export { answerOf, bodyAppKeyOf } from './pre-message.ts'
export { describeEvent, readEvents } from './read-events.ts'
export { kindNamedBy, kindFitting } from './which-kind.ts'
