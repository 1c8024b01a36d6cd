// Protocol section 5.3: messages that carry other messages, quoted or forwarded together.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType, TextFunction } from './message-type.ts'
import { joinLines, listAt, memberOf, stringAt } from './readable-text.ts'
import { contentObject, maybeNumber, maybeString, maybeWhole, stringOrObject, strings } from './shared.ts'

const type = typesOf('content')

const quote = contentObject({
  content: z.string(),
  referMsgUserId: z.string(),
  referMsg: stringOrObject,
  referMsgUid: z.string(),
  objName: z.string(),
  referMsgStatus: maybeWhole,
})

const combined = contentObject({
  remoteUrl: z.string(),
  conversationType: z.int(),
  nameList: strings,
  summaryList: strings,
  title: maybeString,
  name: maybeString,
  localPath: maybeString,
})

const forwarded = z.looseObject({
  fromUserId: maybeString,
  targetId: maybeString,
  timestamp: maybeNumber,
  objectName: maybeString,
  content: stringOrObject.nullish(),
})

// Above about 120 KB the list is a remote file and absent here.
const combinedInline = contentObject({
  conversationType: z.int(),
  summaryList: strings,
  nameList: strings,
  msgNum: z.int(),
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
