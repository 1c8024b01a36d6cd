// Protocol section 5.3: messages that carry other messages, quoted or forwarded together.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType, TextFunction } from './message-type.ts'
import { joinLines, listAt, memberOf, stringAt } from './readable-text.ts'
import {
  contentObject,
  maybeNumeric,
  maybeString,
  maybeWhole,
  stringOrObject,
  strings,
  whole,
} from './shared.ts'

const type = typesOf('content')

// The web SDKs 2.5 and 4.2 and the Flutter SDK do not say which message is quoted, nor its type (protocol section 15.3).
const quote = contentObject({
  content: z.string(),
  referMsgUserId: z.string(),
  referMsg: stringOrObject,
  referMsgUid: maybeString,
  objName: maybeString,
  referMsgStatus: maybeWhole,
})

const combined = contentObject({
  remoteUrl: z.string(),
  conversationType: whole,
  nameList: strings,
  summaryList: strings,
  title: maybeString,
  name: maybeString,
  localPath: maybeString,
})

const forwarded = z.looseObject({
  fromUserId: maybeString,
  targetId: maybeString,
  timestamp: maybeNumeric,
  objectName: maybeString,
  content: stringOrObject.nullish(),
})

// Above about 120 KB the list is a remote file and absent here.
const combinedInline = contentObject({
  conversationType: whole,
  summaryList: strings,
  nameList: strings,
  msgNum: whole,
  msgList: z.array(forwarded).nullish(),
  jsonMsgKey: maybeString,
  remoteUrl: maybeString,
})

const quoteText: TextFunction = (content, nestedText) =>
  joinLines([
    stringAt(content, 'content'),
    nestedText(memberOf(content, 'objName'), memberOf(content, 'referMsg')),
  ])

const combinedText: TextFunction = (content, nestedText) =>
  joinLines([
    stringAt(content, 'title'),
    ...listAt(content, 'summaryList').map((line) => (typeof line === 'string' ? line : null)),
    ...listAt(content, 'msgList').map((each) =>
      nestedText(memberOf(each, 'objectName'), memberOf(each, 'content')),
    ),
  ])

export const nestedContentTypes: readonly MessageType[] = [
  type('RC:ReferenceMsg', quote, quoteText),
  type('RC:CombineMsg', combined, combinedText),
  type('RC:CombineV2Msg', combinedInline, combinedText),
]
