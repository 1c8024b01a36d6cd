import type { Message } from '../../domain/message.ts'
import { memberOf, parseJson } from '../message-types/readable-text.ts'

/** The `msgUID` that RongCloud names in a form field of its own as the message that this one is about, or null. */
export function originalOf({ fields }: Pick<Message, 'fields'>): string | null {
  if (!fields?.includes('"originalMsgUID"')) return null
  const named = memberOf(parseJson(fields), 'originalMsgUID')
  // A list where the form had it twice: the first value wins.
  const original: unknown = Array.isArray(named) ? named[0] : named
  return typeof original === 'string' && original !== '' ? original : null
}
