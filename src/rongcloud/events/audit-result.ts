// Results of moderation (审核结果回调, protocol §4.5). A message that failed was normally never routed, so this may be
// the only place where its content is seen.
import type { z } from 'zod'
import { stringOrObject } from '../message-types/shared.ts'
import { readElement } from './body.ts'
import type { EventType } from './event-type.ts'
import { code, id, ids, maybe, maybeTime, members, text } from './members.ts'

const PASSED = 10000
const FAILED = 10001

const message = members({
  appKey: maybe(id),
  fromUserId: id,
  targetId: id,
  toUserIds: maybe(ids),
  conversationType: id,
  objectName: id,
  message: text,
  extraContent: maybe(stringOrObject),
  clientOs: maybe(text),
  messageTime: maybeTime,
  messageId: maybe(id),
})

const shape = {
  result: code(PASSED, FAILED),
  msgUID: id,
  content: maybe(message),
  serviceProvider: maybe(text),
  resultDetail: maybe(text),
}

const schema = members(shape)

// A result counts even where the message in it cannot be read.
const lenientSchema = members({ ...shape, content: maybe(message).catch(null) })

export const auditResult: EventType = {
  schema,
  identity: ['msgUID', 'result', 'serviceProvider', 'resultDetail'],
  occurredAt: [],
  userId: ['content.fromUserId'],
  targetId: ['content.targetId'],
  msgUID: ['msgUID', 'content.messageId'],
  line: (textAt) =>
    `${textAt('result') === String(PASSED) ? 'passed' : 'failed'} moderation by ${textAt('serviceProvider') ?? 'unknown'}`,
}

export type AuditResult = {
  msgUID: string
  passed: boolean
  serviceProvider: string | null
  /** As given: JSON text whose shape depends on the provider. */
  resultDetail: string | null
  /** What was judged; null when it is missing or cannot be read. */
  message: {
    appKey: string | null
    fromUserId: string
    targetId: string
    /** In words, as `channelType` of message sync. */
    conversationType: string
    objectName: string
    /** The content of the message. */
    message: string
    messageTimeMs: number | null
  } | null
}

/** @returns null when the body of the event does not fit */
export function readAuditResult(body: string): AuditResult | null {
  const { data } = lenientSchema.safeParse(readElement(body))
  if (!data) return null
  return {
    msgUID: data.msgUID,
    passed: data.result === PASSED,
    serviceProvider: data.serviceProvider,
    resultDetail: data.resultDetail,
    message: data.content ? toMessage(data.content) : null,
  }
}

function toMessage(content: z.infer<typeof message>): AuditResult['message'] {
  const { fromUserId, targetId, conversationType, objectName } = content
  return {
    appKey: content.appKey,
    fromUserId,
    targetId,
    conversationType,
    objectName,
    message: content.message,
    messageTimeMs: content.messageTime,
  }
}
