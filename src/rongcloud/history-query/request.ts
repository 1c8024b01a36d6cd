/** RongCloud's message history, asked for by conversation (protocol §7.2, §15.8). */
import { signedRequest, type SignedRequest, type Signing } from '../server-request.ts'
import type { ConversationKey } from '../../domain/conversation.ts'

const QUERIED = {
  PERSON: 'private',
  GROUP: 'group',
  ULTRAGROUP: 'ultragroup',
  TEMPGROUP: 'chatroom',
} as const

export type QueriedChannelType = keyof typeof QUERIED

/** Kinds of conversation whose history RongCloud gives out. */
export const QUERIED_CHANNEL_TYPES = Object.keys(QUERIED) as QueriedChannelType[]

export function isQueried(channelType: string): channelType is QueriedChannelType {
  return Object.hasOwn(QUERIED, channelType)
}

const DAY_MS = 24 * 3_600_000

/** RongCloud answers for 14 days at most. An hour less leaves room for both ends being counted in. */
export const WINDOW_MAX_MS = 14 * DAY_MS - 3_600_000

/** The most messages that RongCloud puts into an answer. */
export const PAGE_SIZE_MAX = 100

export type QueriedConversation = ConversationKey & { channelType: QueriedChannelType }

export type HistoryQuery = {
  conversation: QueriedConversation
  /** Whose view is asked for: one of the two, or a member of the group. A chat room has none. */
  asUserId: string
  /** Messages sent from `fromMs` on and before `untilMs`, the newest of them first. */
  fromMs: number
  untilMs: number
  pageSize: number
}

export function queryPath(channelType: QueriedChannelType): string {
  return `/v3/message/${QUERIED[channelType]}/query.json`
}

/**
 * `startTime` is the newer end. It is never asked to be included, so that an API that always or never includes it
 * answers the same but for messages of that very millisecond, which are not wanted. The older end is a millisecond early,
 * for RongCloud does not say whether it is included.
 */
export function queryRequest(signing: Signing, query: HistoryQuery): SignedRequest {
  const { conversation, asUserId, fromMs, untilMs, pageSize } = query
  const { channelType, userId, targetId, busChannel } = conversation
  const peerId = userId === asUserId || channelType !== 'PERSON' ? targetId : userId
  const body = {
    ...(channelType !== 'TEMPGROUP' && { userId: asUserId }),
    targetId: peerId,
    ...(channelType === 'ULTRAGROUP' && { busChannel }),
    startTime: untilMs,
    endTime: fromMs - 1,
    pageSize,
    includeStart: false,
  }
  return signedRequest(signing, 'application/json', JSON.stringify(body))
}
