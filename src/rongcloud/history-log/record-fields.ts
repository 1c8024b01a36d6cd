/** What a log's record says besides the columns of its message: kept, for nothing of it may vanish. */
import { channelTypeOf } from '../../domain/channel-type.ts'
import { LOG_FLAG_NAMES, type LogFlags } from '../../domain/log-flags.ts'
import type { LogZone } from '../../domain/log-zone.ts'
import type { Message } from '../../domain/message.ts'
import { textOf } from '../exact-json.ts'
import type { RecordMembers } from './record-members.ts'
import { isTime, TIME_NAMES } from './record-time.ts'

export type InColumns = { message: Omit<Message, 'fields'>; flags: LogFlags; zone: LogZone }

type Says = (text: string, columns: InColumns, name: string) => boolean

/** Whether a text says exactly what a column does. Of these names a blank one says nothing at all. */
const COLUMNS: Readonly<Record<string, Says>> = {
  appId: (text, { message }) => text === message.appKey,
  fromUserId: (text, { message }) => text === message.fromUserId,
  targetId: (text, { message }) => text === message.targetId,
  GroupId: (text, { message }) => text === message.targetId,
  targetType: (text, { message }) => (channelTypeOf(text) ?? text) === message.channelType,
  busChannel: (text, { message }) => text === message.busChannel,
  classname: (text, { message }) => text === message.objectName,
  source: (text, { message }) => text === message.source,
  msgUID: (text, { message }) => text === message.msgUID,
  ...Object.fromEntries(
    TIME_NAMES.map((name): [string, Says] => [
      name,
      (text, { message, zone }) => isTime(name, text, message.sentAtMs, zone),
    ]),
  ),
  ...Object.fromEntries(
    LOG_FLAG_NAMES.map((name): [string, Says] => [name, (text, { flags }) => text === String(flags[name])]),
  ),
}

/** A JSON object, names sorted; what came more than once as a list. Null when there is nothing. */
export function fieldsOf(record: RecordMembers, columns: InColumns): string | null {
  const entries: [string, unknown][] = []
  for (const [name, values] of record) {
    const left = leftOf(name, values, columns)
    if (left.length > 0) entries.push([name, left.length === 1 ? left[0] : left])
  }
  if (entries.length === 0) return null
  return JSON.stringify(Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))))
}

function leftOf(name: string, values: readonly unknown[], columns: InColumns): readonly unknown[] {
  // Whatever it is, the first is the content.
  if (name === 'content') return values.slice(1)
  const says = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined
  if (!says) return values
  return values.filter((value) => !isBlank(value) && !says(textOf(value), columns, name))
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
