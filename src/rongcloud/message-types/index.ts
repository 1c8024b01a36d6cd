// RongCloud's message types (protocol section 5): which there are, whether content fits, what it says.
// `content` is always the text as received; parsing it costs a few microseconds and is done inside.
export {
  KNOWN_OBJECT_NAMES,
  findMessageType,
  isKnownObjectName,
  isListedByDefault,
  isReservedName,
  isUserContent,
} from './catalogue.ts'
export { findContentProblem } from './content-problem.ts'
export { textOf } from './content-text.ts'
export { groupNameIn } from './group-notice.ts'
export { STREAM, streamOf } from './stream.ts'
export { senderProfileOf } from './sender-profile.ts'
export { unknownTypeOf } from './unknown-type.ts'
export { wrappedFields, wrappedTypeOf } from './wrapped.ts'
