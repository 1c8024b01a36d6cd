/** An item of RongCloud's message history, made into a message of ours. */
import { isOneToOne } from '../../domain/channel-type.ts'
import { conversationKeyOf, isSameConversation } from '../../domain/conversation.ts'
import type { Message } from '../../domain/message.ts'
import type { Hashing } from '../../domain/ports.ts'
import { derivedUID } from '../derived-uid.ts'
import { textAt } from '../exact-json.ts'
import { findContentProblem } from '../message-types/index.ts'
import { isObject, parseJson, type JsonObject } from '../message-types/readable-text.ts'
import { toMilliseconds } from '../time.ts'
import type { QueriedConversation } from './request.ts'

export type QueriedMessage = {
  message: Message
  problem: string | null
  /** What users had attached to the message when RongCloud was asked; null when nothing. */
  expansion: Record<string, string> | null
}

export type Circumstances = {
  /** The one that was asked for. */
  conversation: QueriedConversation
  /** Stands in for a time of sending that is missing or no time. */
  receivedAtMs: number
  hashing: Pick<Hashing, 'sha256'>
}

export function parseQueriedMessage(
  item: unknown,
  circumstances: Circumstances,
): QueriedMessage | { unreadable: string } {
  if (!isObject(item)) return { unreadable: 'no JSON object' }
  try {
    return toQueriedMessage(item, circumstances)
  } catch (error) {
    // JSON is read at any depth, and written at a bounded one.
    if (error instanceof RangeError) return { unreadable: 'nested too deeply' }
    throw error
  }
}

const REQUIRED: readonly string[] = ['fromUserId', 'objectName']

function toQueriedMessage(
  item: JsonObject,
  { conversation, receivedAtMs, hashing }: Circumstances,
): QueriedMessage | { unreadable: string } {
  const missing = REQUIRED.filter((name) => !textAt(item, name))
  const content = contentOf(item)
  if (content === null) missing.push('content')
  if (content === null || missing.length > 0) return { unreadable: `missing ${missing.join(', ')}` }
  const { appKey, channelType } = conversation
  const time = textAt(item, 'msgTime')
  const [fromUserId, targetId] = [textAt(item, 'fromUserId'), targetOf(item, conversation)]
  const message = {
    appKey,
    channelType,
    fromUserId,
    targetId,
    busChannel: isOneToOne(channelType) ? '' : textAt(item, 'busChannel') || conversation.busChannel,
    objectName: textAt(item, 'objectName'),
    content,
    sentAtMs: toMilliseconds(time) ?? receivedAtMs,
    source: textAt(item, 'source') || null,
    sensitiveType: null,
    fields: otherFieldsOf(item, targetId, channelType),
  }
  if (!isSameConversation(conversationKeyOf(message), conversation))
    return { unreadable: 'a message of another conversation than the one that was asked for' }
  const msgUID = textAt(item, 'messageUID') || derivedUID(hashing, message, time)
  return { message: { ...message, msgUID }, problem: problemOf(item, message), expansion: expansionOf(item) }
}

/**
 * Of a conversation of two the target is the one who did not send it: in a view of one of them RongCloud may name the
 * other as the target of either's messages.
 */
function targetOf(item: JsonObject, { channelType, userId, targetId }: QueriedConversation): string {
  const named = textAt(item, 'targetId')
  if (channelType !== 'PERSON') return named || targetId
  const ends = new Set([userId, targetId])
  const sender = textAt(item, 'fromUserId')
  if (!ends.has(sender) || (named !== '' && !ends.has(named))) return named
  return sender === userId ? targetId : userId
}

// The same string as in routing. A value in its place is written anew.
function contentOf({ content }: JsonObject): string | null {
  if (content === undefined || content === null) return null
  return typeof content === 'string' ? content.toWellFormed() : JSON.stringify(content)
}

// RongCloud gives these empty when they do not apply, which says no more than leaving them out.
const EMPTY_SAYS_NOTHING: readonly string[] = [
  'busChannel',
  'expansion',
  'extraContent',
  'messageUID',
  'msgTime',
]
const EMPTY: ReadonlySet<unknown> = new Set([null, '', false])

function otherFieldsOf(item: JsonObject, targetId: string, channelType: string): string | null {
  const inColumns = new Set([...REQUIRED, 'content'])
  for (const name of ['messageUID', 'source']) if (textAt(item, name) !== '') inColumns.add(name)
  if (['', targetId].includes(textAt(item, 'targetId'))) inColumns.add('targetId')
  if (toMilliseconds(textAt(item, 'msgTime')) !== null) inColumns.add('msgTime')
  if (!isOneToOne(channelType)) inColumns.add('busChannel')
  for (const name of EMPTY_SAYS_NOTHING) if (EMPTY.has(item[name])) inColumns.add(name)
  const names = Object.keys(item).filter((name) => !inColumns.has(name))
  if (names.length === 0) return null
  return JSON.stringify(Object.fromEntries(names.toSorted().map((name) => [name, item[name]])))
}

function problemOf(
  item: JsonObject,
  { objectName, content }: Pick<Message, 'objectName' | 'content'>,
): string | null {
  const time = textAt(item, 'msgTime')
  const problems = [
    time === '' && 'msgTime is missing',
    time !== '' && toMilliseconds(time) === null && `msgTime is no time: ${time.slice(0, 60)}`,
    findContentProblem(objectName, content),
  ]
  return problems.filter((problem) => typeof problem === 'string').join('; ') || null
}

/** A map of texts, written as JSON in a text or as it is. */
function expansionOf(item: JsonObject): Record<string, string> | null {
  const { extraContent } = item
  const map = typeof extraContent === 'string' ? parseJson(extraContent) : extraContent
  if (textAt(item, 'expansion').toLowerCase() !== 'true' || !isObject(map)) return null
  const entries = Object.keys(map).map((key) => [key, textAt(map, key)] as const)
  const texts = entries.filter(([key]) => ['string', 'number', 'boolean'].includes(typeof map[key]))
  return texts.length > 0 ? Object.fromEntries(texts) : null
}

/** When it was sent; null when the item does not say it. */
export function sentAtMsOf(item: unknown): number | null {
  return isObject(item) ? toMilliseconds(textAt(item, 'msgTime')) : null
}

const TELLING = ['messageUID', 'fromUserId', 'msgTime', 'objectName', 'content', 'extraContent']

/** The same for two items that say the same of the same message. */
export function keyOf(item: unknown): string {
  return isObject(item) ? TELLING.map((name) => textAt(item, name)).join(' ') : String(item)
}
