// RC:MsgExMsg (protocol section 5.5): small texts by name that users attach to a message, such as likes.
import { conversationKeyOf } from '../../domain/conversation.ts'
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { Message } from '../../domain/message.ts'
import { isObject, listAt, memberOf, parseJson, stringAt } from '../message-types/readable-text.ts'
import { originalOf } from './original.ts'

const SET: ReadonlySet<unknown> = new Set([1, '1', true, 'true'])

/** `put` and `del` that name nothing, without `clear`, are no change. */
export function expansionsOf(message: Message): MessageChange[] {
  const { appKey, msgUID, fromUserId, sentAtMs } = message
  const content = parseJson(message.content)
  const extended = stringAt(content, 'mid') ?? originalOf(message)
  const put = textsIn(memberOf(content, 'put'))
  const del = listAt(content, 'del').filter((key) => typeof key === 'string')
  const clear = SET.has(memberOf(content, 'clear'))
  if (extended === null || (Object.keys(put).length === 0 && del.length === 0 && !clear)) return []
  return [
    createChange({
      kind: 'expansion',
      appKey,
      msgUID: extended,
      upToMs: null,
      conversation: conversationKeyOf(message),
      byUserId: fromUserId,
      atMs: sentAtMs,
      data: { msgUID, clear, put, del },
    }),
  ]
}

/** Values are texts; a number or a flag is taken for one, anything deeper is none of RongCloud's. */
function textsIn(put: unknown): Record<string, string> {
  if (!isObject(put)) return {}
  const entries = Object.entries(put).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  )
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
}
