// Where we learn what happened to a message afterwards (protocol section 6): later messages, and other callbacks already
// read. Nothing here throws; what cannot be understood changes nothing, and is archived as it came all the same.
export { editedBy } from './edits.ts'
export { continuedBy, packetUnderSameUID } from './packets.ts'
export { changesOfAudit } from './of-audit.ts'
export { changesOfBotEvent } from './of-bot-event.ts'
export { changesOfMessage, SIGNALS } from './of-message.ts'
export { changesOfOperation } from './of-operation.ts'
