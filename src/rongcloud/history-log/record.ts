/** A line of a history log (protocol §7.1), made into a message of ours. */
import { channelTypeOf, isKnownChannelType, isOneToOne } from '../../domain/channel-type.ts'
import { LOG_FLAG_NAMES, toBits, type LogFlags } from '../../domain/log-flags.ts'
import type { Message } from '../../domain/message.ts'
import { parseExactJson, textAt } from '../exact-json.ts'
import { findContentProblem } from '../message-types/index.ts'
import { isObject, type JsonObject } from '../message-types/readable-text.ts'
import { readLogTime } from './hours.ts'

export type LogRecord = { message: Message; problem: string | null; flags: number }

/** Why a line is no record to be archived. */
export type NoLogRecord = { unreadable: string; isOfAnotherApp?: true }

/**
 * @param appKey of records that name no app; those that name another are refused. Null: whatever app they name.
 * @param receivedAtMs stands in for a time of sending that is missing or no time
 */
export function parseLogRecord(
  line: string,
  appKey: string | null,
  receivedAtMs: number,
): LogRecord | NoLogRecord {
  const record = readObject(line)
  if (record === null) return { unreadable: 'no JSON object' }
  try {
    return toLogRecord(record, appKey, receivedAtMs)
  } catch (error) {
    // JSON is read at any depth, and written at a bounded one.
    if (error instanceof RangeError) return { unreadable: 'nested too deeply' }
    throw error
  }
}

/** Whether a line has anything that only a history log has, whatever else is wrong with it. */
export function isLikeLogRecord(line: string): boolean {
  const record = readObject(line)
  return record !== null && ONLY_IN_LOGS.some((name) => textAt(record, name) !== '')
}

const ONLY_IN_LOGS: readonly string[] = ['targetType', 'classname', 'dateTime']

function toLogRecord(
  record: JsonObject,
  appKey: string | null,
  receivedAtMs: number,
): LogRecord | NoLogRecord {
  const missing = REQUIRED.filter((name) => !textAt(record, name))
  const content = contentOf(record)
  if (content === null) missing.push('content')
  const own = textAt(record, 'appId') || appKey
  if (!own) missing.push('appId')
  if (!own || content === null || missing.length > 0) return { unreadable: `missing ${missing.join(', ')}` }
  if (appKey !== null && own !== appKey)
    return { unreadable: `a record of the app ${clip(own)}`, isOfAnotherApp: true }
  const message = toMessage(record, { appKey: own, content, receivedAtMs })
  return { message, problem: problemsOf(record, message), flags: toBits(flagsOf(record)) }
}

const REQUIRED: readonly string[] = ['msgUID', 'fromUserId', 'targetId', 'targetType', 'classname']

// What else a record holds is kept as the fields of the message.
const IN_COLUMNS: ReadonlySet<string> = new Set([
  ...REQUIRED,
  ...LOG_FLAG_NAMES,
  'appId',
  'GroupId',
  'busChannel',
  'content',
  'dateTime',
  'source',
])

function toMessage(
  record: JsonObject,
  { appKey, content, receivedAtMs }: { appKey: string; content: string; receivedAtMs: number },
): Message {
  const targetType = textAt(record, 'targetType')
  const channelType = channelTypeOf(targetType) ?? targetType
  return {
    appKey,
    msgUID: textAt(record, 'msgUID'),
    channelType,
    fromUserId: textAt(record, 'fromUserId'),
    targetId: textAt(record, 'targetId'),
    busChannel: isOneToOne(channelType) ? '' : textAt(record, 'busChannel'),
    objectName: textAt(record, 'classname'),
    content,
    sentAtMs: readLogTime(textAt(record, 'dateTime')) ?? receivedAtMs,
    source: textAt(record, 'source') || null,
    sensitiveType: null,
    fields: otherFieldsOf(record),
  }
}

function readObject(line: string): JsonObject | null {
  // Whatever stands around it: a mark of order, a prefix, a comma.
  const text = line.slice(Math.max(line.indexOf('{'), 0), line.lastIndexOf('}') + 1)
  const value = parseExactJson(text)
  return isObject(value) ? value : null
}

// The log has the value, not its text. Content of an own type may be any text at all, and stays one.
function contentOf({ content }: JsonObject): string | null {
  if (content === undefined || content === null) return null
  return typeof content === 'string' ? content.toWellFormed() : JSON.stringify(content)
}

function otherFieldsOf(record: JsonObject): string | null {
  const names = Object.keys(record).filter((name) => !IN_COLUMNS.has(name))
  if (names.length === 0) return null
  return JSON.stringify(Object.fromEntries(names.toSorted().map((name) => [name, record[name]])))
}

function flagsOf(record: JsonObject): LogFlags {
  return Object.fromEntries(
    LOG_FLAG_NAMES.map((name) => [name, textAt(record, name).toLowerCase() === 'true']),
  ) as LogFlags
}

function problemsOf(record: JsonObject, message: Message): string | null {
  const time = textAt(record, 'dateTime')
  const { channelType, objectName, content } = message
  const problems = [
    readLogTime(time) === null && (time ? `dateTime is no time: ${clip(time)}` : 'dateTime is missing'),
    !isKnownChannelType(channelType) && `unknown targetType ${clip(channelType)}`,
    findContentProblem(objectName, content),
  ]
  return problems.filter((problem) => typeof problem === 'string').join('; ') || null
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
