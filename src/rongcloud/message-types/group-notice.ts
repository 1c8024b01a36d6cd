import type { Message } from '../../domain/message.ts'
import { memberOf, parseJson, stringAt } from './readable-text.ts'

const NAMING = new Set(['Create', 'Rename'])

/** What a notice says that its group is called from now on; null for every other message. */
export function groupNameIn({
  objectName,
  channelType,
  content,
}: Pick<Message, 'objectName' | 'channelType' | 'content'>): string | null {
  if (objectName !== 'RC:GrpNtf' || channelType !== 'GROUP') return null
  const notice = parseJson(content)
  if (!NAMING.has(stringAt(notice, 'operation') ?? '')) return null
  const data = memberOf(notice, 'data')
  // The documents write JSON in a string, a server SDK the object itself (protocol section 12).
  return stringAt(typeof data === 'string' ? parseJson(data) : data, 'targetGroupName')
}
