// Protocol section 5.4: the grey bar in a conversation. Stored by RongCloud, not counted as unread.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import { linesAt } from './readable-text.ts'
import {
  anything,
  contentObject,
  maybeFlag,
  maybeNumeric,
  maybeString,
  maybeWhole,
  stringOrObject,
} from './shared.ts'

const type = typesOf('notification')

const contact = contentObject({
  operation: z.string(),
  sourceUserId: z.string(),
  targetUserId: z.string(),
  message: z.string(),
})

const profile = contentObject({ operation: z.string(), data: z.string() })

const command = contentObject({ name: z.string(), data: z.string() })

const group = contentObject({
  operatorUserId: z.string(),
  operation: z.string(),
  // The Flutter SDK sends neither (protocol section 15.3).
  data: stringOrObject.nullish(),
  message: maybeString,
})

const discussion = contentObject({
  type: maybeWhole,
  extension: maybeString,
  operator: maybeString,
  operation: anything,
  isHasReceived: anything,
})

// Its words are those somebody took back, so it has no text. The Flutter SDK writes each member with a leading `m`
// (protocol section 15.3).
const recall = contentObject({
  operatorId: maybeString,
  recallTime: maybeNumeric,
  originalObjectName: maybeString,
  originalMessageContent: anything,
  recallContent: anything,
  recallActionTime: maybeNumeric,
  admin: maybeFlag,
  delete: maybeFlag,
})

export const notificationTypes: readonly MessageType[] = [
  type('RC:InfoNtf', contentObject({ message: z.string() }), linesAt('message')),
  type('RC:ContactNtf', contact, linesAt('message')),
  type('RC:ProfileNtf', profile, linesAt('operation')),
  type('RC:CmdNtf', command, linesAt('name')),
  type('RC:GrpNtf', group, linesAt('message')),
  type('RC:DizNtf', discussion),
  type('RC:RcNtf', recall),
]
