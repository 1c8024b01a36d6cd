/** A line of a history log (protocol §7.1, §15.1), made into a message of ours. */
import { channelTypeOf, isKnownChannelType, isOneToOne } from '../../domain/channel-type.ts'
import { LOG_FLAG_NAMES, toBits, type LogFlags } from '../../domain/log-flags.ts'
import type { LogZone } from '../../domain/log-zone.ts'
import type { Message } from '../../domain/message.ts'
import type { Hashing } from '../../domain/ports.ts'
import { derivedUID } from '../derived-uid.ts'
import { findContentProblem } from '../message-types/index.ts'
import { fieldsOf } from './record-fields.ts'
import { clip, readRecord, textAt, type RecordMembers } from './record-members.ts'
import { timeOf, type RecordTime } from './record-time.ts'

export type LogRecord = { message: Message; problem: string | null; flags: number }

/** Why a line is no record to be archived. */
export type NoLogRecord = { unreadable: string; isOfAnotherApp?: true }

export type LogCircumstances = {
  /** Of records that name no app; those that name another are refused. Null: whatever app they name. */
  appKey: string | null
  /** Stands in for a time of sending that is missing or no time. */
  receivedAtMs: number
  zone: LogZone
  hashing: Pick<Hashing, 'sha256'>
}

export function parseLogRecord(line: string, circumstances: LogCircumstances): LogRecord | NoLogRecord {
  const record = readRecord(line)
  if (record === null) return { unreadable: 'no JSON object' }
  try {
    return toLogRecord(record, circumstances)
  } catch (error) {
    // JSON is read at any depth, and written at a bounded one.
    if (error instanceof RangeError) return { unreadable: 'nested too deeply' }
    throw error
  }
}

/** Whether a line has anything that only a history log has, whatever else is wrong with it. */
export function isLikeLogRecord(line: string): boolean {
  const record = readRecord(line)
  return record !== null && ONLY_IN_LOGS.some((name) => textAt(record, name) !== '')
}

const ONLY_IN_LOGS: readonly string[] = ['targetType', 'classname', 'dateTime']

function toLogRecord(record: RecordMembers, circumstances: LogCircumstances): LogRecord | NoLogRecord {
  const { appKey } = circumstances
  const own = textAt(record, 'appId') || appKey
  const content = contentOf(record)
  const channelType = channelTypeIn(record)
  const missing = ['fromUserId', 'classname'].filter((name) => !textAt(record, name))
  if (!channelType) missing.push('targetType')
  if (content === null) missing.push('content')
  if (!own) missing.push('appId')
  if (!own || content === null || missing.length > 0) return { unreadable: `missing ${missing.join(', ')}` }
  if (appKey !== null && own !== appKey)
    return { unreadable: `a record of the app ${clip(own)}`, isOfAnotherApp: true }
  const time = timeOf(record, circumstances.zone)
  const flags = flagsOf(record)
  const known = toMessage(record, { appKey: own, channelType, content, time }, circumstances)
  const message = { ...known, fields: fieldsOf(record, { message: known, flags, zone: circumstances.zone }) }
  return { message, problem: problemsOf(record, message, time), flags: toBits(flags) }
}

type Required = { appKey: string; channelType: string; content: string; time: RecordTime }

function toMessage(
  record: RecordMembers,
  { appKey, channelType, content, time }: Required,
  { receivedAtMs, hashing }: LogCircumstances,
): Omit<Message, 'fields'> {
  const message = {
    appKey,
    channelType,
    fromUserId: textAt(record, 'fromUserId'),
    targetId: targetIn(record, channelType),
    busChannel: isOneToOne(channelType) ? '' : textAt(record, 'busChannel'),
    objectName: textAt(record, 'classname'),
    content,
    sentAtMs: time.ms ?? receivedAtMs,
    source: textAt(record, 'source') || null,
    sensitiveType: null,
  }
  const msgUID = textAt(record, 'msgUID') || derivedUID(hashing, { ...message, fields: null }, time.text)
  return { ...message, msgUID }
}

// What is said to all users is logged without a target (protocol §15.1), perhaps without a kind of target: it is no more
// than a notification by the system then. A target of no kind could be anybody.
function channelTypeIn(record: RecordMembers): string {
  const targetType = textAt(record, 'targetType')
  if (targetType === '') return textAt(record, 'targetId') || textAt(record, 'GroupId') ? '' : 'NOTIFY'
  return channelTypeOf(targetType) ?? targetType
}

/** Blank when it is to nobody in particular. */
function targetIn(record: RecordMembers, channelType: string): string {
  return textAt(record, 'targetId') || (isOneToOne(channelType) ? '' : textAt(record, 'GroupId'))
}

// The log has the value, not its text. Content of an own type may be any text at all, and stays one.
function contentOf(record: RecordMembers): string | null {
  const content = record.get('content')?.[0]
  if (content === undefined || content === null) return null
  return typeof content === 'string' ? content.toWellFormed() : JSON.stringify(content)
}

function flagsOf(record: RecordMembers): LogFlags {
  return Object.fromEntries(
    LOG_FLAG_NAMES.map((name) => [name, /^(true|1)$/i.test(textAt(record, name))]),
  ) as LogFlags
}

function problemsOf(record: RecordMembers, message: Message, time: RecordTime): string | null {
  const { channelType, targetId, objectName, content } = message
  const problems = [
    ...time.problems,
    textAt(record, 'targetType') === '' && 'targetType is missing',
    targetId === '' && 'targetId is missing: it is to nobody in particular',
    !isKnownChannelType(channelType) && `unknown targetType ${clip(channelType)}`,
    findContentProblem(objectName, content),
  ]
  return problems.filter((problem) => typeof problem === 'string').join('; ') || null
}
