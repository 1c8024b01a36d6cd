/** A message as 全量消息路由 sends it (protocol §2.2), made into ours. */
import { isKnownChannelType, isOneToOne } from '../domain/channel-type.ts'
import type { Message } from '../domain/message.ts'
import type { Hashing } from '../domain/ports.ts'
import { derivedUID } from './derived-uid.ts'
import type { Form } from './form.ts'
import { findContentProblem } from './message-types/index.ts'
import { otherFieldsOf } from './other-fields.ts'
import { toMilliseconds } from './time.ts'

const REQUIRED = ['fromUserId', 'toUserId', 'objectName', 'channelType'] as const

// The time of the message, newest spelling first; `timestamp` is the 2015 format.
const TIME_NAMES = ['msgTimestamp', 'timestamp'] as const

export type ParsedMessage = { message: Message; problem: string | null } | { unreadable: string }

type Circumstances = { appKey: string; receivedAtMs: number; hashing: Pick<Hashing, 'sha256'> }

/**
 * @returns the message, with what is odd about it; or why it cannot be read, which is when sender, target,
 *   `objectName`, `channelType` or `content` cannot be had. The time of receipt stands in for a time of
 *   sending that is missing or no time.
 */
export function parseRoutedMessage(form: Form, circumstances: Circumstances): ParsedMessage {
  if (form.broken) return { unreadable: 'the multipart form is broken' }
  const missing = missingIn(form)
  if (missing.length > 0) return { unreadable: `missing ${missing.join(', ')}` }
  const message = toMessage(form, circumstances)
  return { message, problem: problemsOf(form, message).join('; ') || null }
}

/** Whether it is of a message, odd or not. */
export function isOfMessage(form: Form): boolean {
  return missingIn(form).length === 0
}

function missingIn(form: Form): string[] {
  const missing: string[] = REQUIRED.filter((name) => !first(form, name))
  return form.values.has('content') ? missing : [...missing, 'content']
}

function toMessage(form: Form, { appKey, receivedAtMs, hashing }: Circumstances): Message {
  const channelType = first(form, 'channelType')
  const message = {
    appKey,
    channelType,
    fromUserId: first(form, 'fromUserId'),
    targetId: first(form, 'toUserId'),
    busChannel: isOneToOne(channelType) ? '' : first(form, 'busChannel'),
    objectName: first(form, 'objectName'),
    content: first(form, 'content'),
    sentAtMs: toMilliseconds(timeOf(form)) ?? receivedAtMs,
    source: first(form, 'source') || null,
    sensitiveType: toInteger(first(form, 'sensitiveType')),
    fields: otherFieldsOf(form, namesInColumns(form)),
  }
  // The 2015 format has none.
  return { ...message, msgUID: first(form, 'msgUID') || derivedUID(hashing, message, timeOf(form)) }
}

const ALWAYS_IN_COLUMNS: readonly string[] = [...REQUIRED, 'content', 'msgUID', 'source']

/** Names whose first value a column of the message says exactly; what no column can hold stays a field. */
function namesInColumns(form: Form): Set<string> {
  const names = new Set(ALWAYS_IN_COLUMNS)
  if (toMilliseconds(timeOf(form)) !== null) names.add(timeNameOf(form))
  const sensitive = first(form, 'sensitiveType')
  if (String(toInteger(sensitive)) === sensitive) names.add('sensitiveType')
  if (!isOneToOne(first(form, 'channelType'))) names.add('busChannel')
  return names
}

function problemsOf(form: Form, message: Message): string[] {
  const { channelType, fromUserId, targetId, objectName, content, sensitiveType } = message
  const [time, sensitive] = [timeOf(form), first(form, 'sensitiveType')]
  const blank = 'holds a blank, perhaps a + that was not encoded'
  const problems = [
    !time && 'msgTimestamp is missing',
    time && toMilliseconds(time) === null && `msgTimestamp is no time: ${clip(time)}`,
    !isKnownChannelType(channelType) && `unknown channelType ${clip(channelType)}`,
    fromUserId.includes(' ') && `fromUserId ${blank}`,
    targetId.includes(' ') && `toUserId ${blank}`,
    sensitive && sensitiveType === null && `sensitiveType is no number: ${clip(sensitive)}`,
    form.lossy && 'the body is not valid UTF-8',
    findContentProblem(objectName, content),
  ]
  return problems.filter((problem) => typeof problem === 'string' && problem !== '') as string[]
}

function timeNameOf(form: Form): string {
  return TIME_NAMES.find((name) => first(form, name)) ?? TIME_NAMES[0]
}

function timeOf(form: Form): string {
  return first(form, timeNameOf(form))
}

function first(form: Form, name: string): string {
  return form.values.get(name)?.[0] ?? ''
}

function toInteger(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
