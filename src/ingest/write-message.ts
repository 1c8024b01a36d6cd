/** Messages written over REST rather than by RongCloud; they are archived the same way. */
import { recordMessage, type RecordOutcome } from '../archive/record-message.ts'
import type { Store } from '../archive/store.ts'
import { invalidFields } from '../domain/errors.ts'
import type { LongId } from '../domain/long-id.ts'
import type { Message } from '../domain/message.ts'
import { pairOfIds, type PartyTemplates } from '../domain/parties.ts'
import type { Hashing } from '../domain/ports.ts'
import { findContentProblem, isKnownObjectName, isUserContent } from '../rongcloud/message-types/index.ts'
import { toRecord } from './to-record.ts'

// RongCloud's own are four groups of capitals and digits.
const WRITTEN_UID_PREFIX = 'rest:'

// For these a plain text is as good as the JSON around it.
const PLAIN_TEXT_TYPES: ReadonlySet<string> = new Set(['RC:TxtMsg', 'RC:InfoNtf'])

export type WrittenMessage = {
  appKey: string
  memberId: LongId
  sellerId: string
  sender: 'member' | 'seller'
  messageType: string
  cnt: string
  /** Written by the member's own device, which may say things but neither steer clients nor speak as the service. */
  byMember: boolean
}

export type WriteDeps = {
  store: Store
  hashing: Hashing
  templates: PartyTemplates
  customMessageTypes: readonly string[]
}

/**
 * Archives a message between a member and a seller.
 * @param repeatKey who repeats the same key repeats the same message; null makes every call a new one
 * @throws ArchiveError `invalid_request`: unknown type, one that is not a member's to write, content that does not fit it, or a repeat key used
 *   before with another message
 */
export async function writeMessage(
  deps: WriteDeps,
  written: WrittenMessage,
  { repeatKey, nowMs }: { repeatKey: string | null; nowMs: number },
): Promise<RecordOutcome> {
  refuseWrongContent(written, deps.customMessageTypes)
  const message = toMessage(deps.templates, written, nowMs)
  const msgUID =
    WRITTEN_UID_PREFIX + (repeatKey === null ? crypto.randomUUID() : deps.hashing.sha256(repeatKey))
  const arrival = { receivedAtMs: nowMs, origin: 'rest' as const, problem: null, nonceReused: false }
  const result = await recordMessage(deps.store, toRecord(deps.templates, { ...message, msgUID }, arrival))
  if (result.outcome === 'conflict')
    throw invalidFields([{ field: 'Idempotency-Key', message: 'was used before with other parameters' }])
  return result
}

function refuseWrongContent(
  { messageType, cnt, byMember }: WrittenMessage,
  customMessageTypes: readonly string[],
) {
  if (byMember && isKnownObjectName(messageType) && !isUserContent(messageType))
    throw invalidFields([
      { field: 'messageType', message: `${messageType} is no content, and a member may write nothing else` },
    ])
  if (customMessageTypes.includes(messageType)) return
  if (!messageType.startsWith('RC:') || !isKnownObjectName(messageType))
    throw invalidFields([
      { field: 'messageType', message: 'is neither a known RC:* type nor one of CUSTOM_MESSAGE_TYPES' },
    ])
  const problem = problemOfWritten(messageType, cnt)
  if (problem !== null)
    throw invalidFields([{ field: 'cnt', message: `does not fit ${messageType}: ${problem}` }])
}

/** Why content that a back end wrote does not fit its type; null when it does. */
export function problemOfWritten(messageType: string, cnt: string): string | null {
  const isPlainText = PLAIN_TEXT_TYPES.has(messageType) && !isJsonObject(cnt)
  return isPlainText ? null : findContentProblem(messageType, cnt)
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** @throws ArchiveError `invalid_request` when the ids are not those of a member and a seller */
export function toMessage(
  templates: PartyTemplates,
  written: Omit<WrittenMessage, 'byMember'>,
  sentAtMs: number,
): Omit<Message, 'msgUID'> {
  const { appKey, memberId, sellerId, sender, messageType, cnt } = written
  const pair = pairOfIds(templates, memberId, sellerId)
  if (!pair)
    throw invalidFields([
      { field: 'sellerId', message: 'reads as a member by MEMBER_USER_ID and SELLER_USER_ID' },
    ])
  const [fromUserId, targetId] =
    sender === 'member' ? [pair.memberUserId, pair.sellerUserId] : [pair.sellerUserId, pair.memberUserId]
  return {
    appKey,
    channelType: 'PERSON',
    fromUserId,
    targetId,
    busChannel: '',
    objectName: messageType,
    content: cnt,
    sentAtMs,
    source: null,
    sensitiveType: null,
    fields: null,
  }
}
