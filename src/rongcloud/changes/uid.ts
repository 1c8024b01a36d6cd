import { isObject } from '../message-types/readable-text.ts'

// messageUId, messageUID, msgUID, msgUid, messageId: RongCloud's pages, SDKs and callbacks do not agree.
const NAMES = new Set(['messageuid', 'msguid', 'messageid'])

/** The message that an object names, however it spells the member; null when it names none. */
export function uidIn(value: unknown): string | null {
  if (!isObject(value)) return null
  const named = Object.entries(value).find(
    ([name, uid]) => NAMES.has(name.toLowerCase()) && typeof uid === 'string' && /\S/.test(uid),
  )
  return named ? (named[1] as string) : null
}
