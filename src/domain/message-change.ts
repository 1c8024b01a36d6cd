/** What happened to a message after it was sent. Each is a fact of its own; `message-state.ts` adds them up. */
import { conversationKeyOf, type ConversationKey } from './conversation.ts'
import type { Message } from './message.ts'

export const CHANGE_KINDS = [
  'recall',
  'delete',
  'edit',
  'packet',
  'expansion',
  'receipt_request',
  'receipt',
  'read',
  'verdict',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export type MessageChange = {
  appKey: string
  kind: ChangeKind
  /** The message it is about; null for all of a conversation up to a moment. */
  msgUID: string | null
  /** Where `msgUID` is null: everything of the conversation sent at or before this, ms since 1970. */
  upToMs: number | null
  /**
   * It counts only for messages of this conversation. Null when whoever told us named none: then it counts for
   * the message with that `msgUID`.
   */
  conversation: ConversationKey | null
  /** Who did it; for `delete` whose view it empties. '' when unknown. */
  byUserId: string
  /** When it happened; for `verdict`, which tells no time, when it came in. ms since 1970. */
  atMs: number
  /** `ChangeData` as JSON, keys sorted; null for kinds that need none. */
  data: string | null
  /**
   * With `appKey` the identity, to be stored once: the same change has the same one whenever and by whatever road
   * it comes. All that the state is made of is in it or follows from it, so it is no matter which came first.
   */
  identity: string
}

/** The key of an expansion that sums up a streamed text (protocol section 15.4). */
export const STREAM_SUMMARY = 'RC_Ext_StreamMsgSummary'

/** What a kind needs to know besides about what, by whom and when. */
export type ChangeData = {
  recall: { isAdmin: boolean; isDelete: boolean }
  /** `msgUID` is that of the edit: a message of its own, or the edited one where an edit keeps its `msgUID`. */
  edit: { msgUID: string; objectName: string; content: string }
  /** Of a streamed text. `msgUID` is that of the packet: a message of its own, or the message itself. */
  packet: { msgUID: string; content: string }
  /** `msgUID` is that of the `RC:MsgExMsg`; where RongCloud's message history told of it, when that was. */
  expansion: { msgUID: string; clear: boolean; put: Record<string, string>; del: readonly string[] }
  /** Of the app's moderation: the vendor's id and words. */
  verdict: { passed: boolean; serviceProvider: string | null; resultDetail: string | null }
}

export type DataOf<Kind extends ChangeKind> = Kind extends keyof ChangeData ? ChangeData[Kind] : null

type Facts<Kind extends ChangeKind> = Omit<MessageChange, 'kind' | 'data' | 'identity'> & {
  kind: Kind
  data: DataOf<Kind>
}

/**
 * What tells two changes of one kind apart besides about what, where and by whom. Two roads that agree on a recall give
 * one; where they differ by a millisecond or a flag, both are kept and the state makes one of them.
 */
const TOLD_APART_BY: { [Kind in ChangeKind]: (facts: Facts<Kind>) => readonly unknown[] } = {
  recall: ({ atMs, data }) => [atMs, data.isAdmin, data.isDelete],
  // Gone is gone, whenever.
  delete: () => [],
  edit: ({ msgUID, data }) => (data.msgUID === msgUID ? [data.msgUID, data.content] : [data.msgUID]),
  packet: ({ msgUID, data }) => (data.msgUID === msgUID ? [data.msgUID, data.content] : [data.msgUID]),
  expansion: ({ data }) => [data.msgUID],
  receipt_request: () => [],
  receipt: ({ atMs }) => [atMs],
  read: ({ atMs }) => [atMs],
  // Without its time, which a retry does not repeat.
  verdict: ({ data }) => [data.passed, data.serviceProvider, data.resultDetail],
}

/** Gives a change its identity and its data their text. */
export function createChange<Kind extends ChangeKind>(facts: Facts<Kind>): MessageChange {
  const { kind, msgUID, upToMs, conversation, byUserId, data } = facts
  const place = conversation && [
    conversation.channelType,
    conversation.userId,
    conversation.targetId,
    conversation.busChannel,
  ]
  const apart = TOLD_APART_BY[kind](facts)
  return {
    ...facts,
    data: data && JSON.stringify(data, withSortedKeys),
    identity: JSON.stringify([kind, msgUID ?? upToMs, place, byUserId, ...apart]),
  }
}

type Edited = Pick<
  Message,
  'appKey' | 'msgUID' | 'channelType' | 'fromUserId' | 'targetId' | 'busChannel' | 'objectName'
>

/** An edit that kept the `msgUID` and the type of its message (protocol §15.5), which only its sender can make. */
export function editInPlace(message: Edited, content: string, atMs: number): MessageChange {
  const { appKey, msgUID, objectName, fromUserId } = message
  return createChange({
    kind: 'edit',
    appKey,
    msgUID,
    upToMs: null,
    conversation: conversationKeyOf(message),
    byUserId: fromUserId,
    atMs,
    data: { msgUID, objectName, content },
  })
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
