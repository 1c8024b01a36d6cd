// Every callback that is not message sync (protocol §3 and §4): what a body carries, what it is about, how to answer.
export { readAuditResult, type AuditResult } from './audit-result.ts'
export { readBotEvent, type BotEvent } from './bot-event.ts'
export { EVENT_KINDS, type CallbackEvent, type EventKind } from './event-type.ts'
export { readMessageOperation, type MessageOperation } from './message-operation.ts'
export { readOnlineStatus, type OnlineStatus } from './online-status.ts'
export { answerOf, bodyAppKeyOf } from './pre-message.ts'
export { describeEvent, readEvents, type ReadEvents } from './read-events.ts'
