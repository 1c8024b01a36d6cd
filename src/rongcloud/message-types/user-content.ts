// Protocol section 5.3: what people write. Media and messages inside messages have files of their own.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import { joinLines, likelyText, linesAt, listAt, memberOf, stringAt } from './readable-text.ts'
import {
  contentObject,
  maybeFlag,
  maybeNumeric,
  maybeString,
  maybeWhole,
  numeric,
  object,
  unknownMembers,
} from './shared.ts'

const type = typesOf('content')

const imageText = contentObject({
  title: z.string(),
  content: z.string(),
  imageUri: z.string(),
  url: z.string(),
})

const location = contentObject({
  // The map; null where the sender has none (protocol section 15.3).
  content: maybeString,
  latitude: numeric,
  longitude: numeric,
  poi: z.string(),
})

const stream = contentObject({
  content: z.string(),
  seq: maybeNumeric,
  complete: maybeFlag,
  completeReason: maybeWhole,
  stopReason: maybeWhole,
  type: maybeString,
  messageUID: maybeString,
  referMsg: object({ messageUId: maybeString, objectName: maybeString, senderId: maybeString }).nullish(),
})

const sticker = contentObject({
  packageId: maybeString,
  stickerId: maybeString,
  digest: maybeString,
  width: maybeNumeric,
  height: maybeNumeric,
})

const contactCard = contentObject({
  userId: maybeString,
  name: maybeString,
  portraitUri: maybeString,
  sendUserId: maybeString,
  sendUserName: maybeString,
})

const article = z.looseObject({
  title: maybeString,
  digest: maybeString,
  picurl: maybeString,
  url: maybeString,
})
const articleList = z.array(article).nullish()
const singleArticle = contentObject({
  richContentMessage: z.union([article, z.array(article)], 'expected an article or a list of them').nullish(),
  articles: articleList,
})
const severalArticles = contentObject({ richContentMessages: articleList, articles: articleList })

function articlesText(content: unknown): string | null {
  const articles = [
    memberOf(content, 'richContentMessage'),
    ...listAt(content, 'richContentMessage'),
    ...listAt(content, 'richContentMessages'),
    ...listAt(content, 'articles'),
  ]
  return joinLines(articles.flatMap((each) => ['title', 'digest', 'url'].map((name) => stringAt(each, name))))
}

export const userContentTypes: readonly MessageType[] = [
  type('RC:TxtMsg', contentObject({ content: z.string() }), linesAt('content')),
  type('RC:ImgTextMsg', imageText, linesAt('title', 'content', 'url')),
  type('RC:LBSMsg', location, linesAt('poi')),
  type('RC:StreamMsg', stream, linesAt('content')),
  type('RC:PSImgTxtMsg', singleArticle, articlesText),
  type('RC:PSMultiImgTxtMsg', severalArticles, articlesText),
  type('RC:StkMsg', sticker, linesAt('digest')),
  type('RC:CardMsg', contactCard, linesAt('name')),
  type('RCJrmf:RpMsg', unknownMembers, likelyText),
  type('RCJrmf:RpOpendMsg', unknownMembers, likelyText),
  type('RC:RLStart', unknownMembers, likelyText),
  type('RC:RLEnd', unknownMembers, likelyText),
  type('RC:VSTMsg', unknownMembers, likelyText),
]
