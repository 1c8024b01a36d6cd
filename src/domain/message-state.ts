/** What has become of a message: all its changes added up, in whatever order they came. */
import { isSameConversation, type ConversationKey } from './conversation.ts'
import type { Message } from './message.ts'
import type { ChangeData, MessageChange } from './message-change.ts'
import { isSameJson } from './same-json.ts'

export type MessageState = {
  /** The first time it was recalled, and by whom; the flags when any recall has them. */
  recalled: { atMs: number; byUserId: string; isAdmin: boolean; isDelete: boolean } | null
  /** Users whose own view no longer has it, sorted. */
  deletedFor: string[]
  /** Oldest first, without the original; the last is the present content. */
  versions: (ChangeData['edit'] & { atMs: number; byUserId: string })[]
  /** Of a streamed text, all that its sender sent besides the message itself, oldest first. */
  packets: (ChangeData['packet'] & { atMs: number; byUserId: string })[]
  /** Null when it has none, or none any more. */
  expansion: Record<string, string> | null
  /** Everybody but the sender, each with the first time, in order of it. */
  readBy: { userId: string; atMs: number }[]
  receiptRequested: boolean
  /** The latest one. */
  verdict: (ChangeData['verdict'] & { atMs: number }) | null
}

export type ChangedMessage = Pick<
  Message,
  'appKey' | 'msgUID' | 'fromUserId' | 'sentAtMs' | 'objectName' | 'content'
> & { conversation: ConversationKey }

/** The same for any order and repetition of `changes`; those of other messages are passed over. */
export function stateOf(message: ChangedMessage, changes: readonly MessageChange[]): MessageState {
  const own = inOrder(changes.filter((change) => isAbout(message, change)))
  return {
    recalled: recalledBy(own),
    deletedFor: usersWhoDeleted(own),
    versions: versionsOf(message, own),
    packets: dataOf('packet', own).filter(({ byUserId }) => byUserId === message.fromUserId),
    expansion: expandedBy(own),
    readBy: readersOf(message, own),
    receiptRequested: own.some(({ kind }) => kind === 'receipt_request'),
    verdict: latestVerdict(own),
  }
}

/** Whether a change counts for a message. */
export function isAbout(message: ChangedMessage, change: MessageChange): boolean {
  const { msgUID, upToMs, conversation } = change
  if (change.appKey !== message.appKey) return false
  if (conversation !== null && !isSameConversation(conversation, message.conversation)) return false
  if (msgUID !== null) return msgUID === message.msgUID
  return conversation !== null && upToMs !== null && message.sentAtMs <= upToMs
}

/** Each once, as it came first: an archive that stored only that one says the same. */
function inOrder(changes: readonly MessageChange[]): MessageChange[] {
  const sorted = changes.toSorted(
    (one, other) => one.atMs - other.atMs || compareText(one.identity, other.identity),
  )
  const first = new Map<string, MessageChange>()
  for (const change of sorted) if (!first.has(change.identity)) first.set(change.identity, change)
  return [...first.values()]
}

function recalledBy(own: readonly MessageChange[]): MessageState['recalled'] {
  const recalls = dataOf('recall', own)
  const [first] = recalls
  if (!first) return null
  return {
    atMs: first.atMs,
    byUserId: first.byUserId,
    isAdmin: recalls.some(({ isAdmin }) => isAdmin),
    isDelete: recalls.some(({ isDelete }) => isDelete),
  }
}

/**
 * A message that names an original may also tell of its expansion, and carry the content along unchanged: what says the
 * same as the version before it is no version.
 */
function versionsOf(message: ChangedMessage, own: readonly MessageChange[]): MessageState['versions'] {
  let present: Pick<Message, 'objectName' | 'content'> = message
  return dataOf('edit', own).filter((version) => {
    const isNew = version.objectName !== present.objectName || !isSameJson(version.content, present.content)
    if (isNew) present = version
    return isNew
  })
}

function usersWhoDeleted(own: readonly MessageChange[]): string[] {
  const users = own
    .filter(({ kind, byUserId }) => kind === 'delete' && byUserId !== '')
    .map(({ byUserId }) => byUserId)
  return [...new Set(users)].toSorted(compareText)
}

function expandedBy(own: readonly MessageChange[]): MessageState['expansion'] {
  const entries = new Map<string, string>()
  for (const { clear, put, del } of dataOf('expansion', own)) {
    if (clear) entries.clear()
    for (const [key, value] of Object.entries(put)) entries.set(key, value)
    for (const key of del) entries.delete(key)
  }
  return entries.size > 0 ? Object.fromEntries(entries) : null
}

function readersOf({ fromUserId }: ChangedMessage, own: readonly MessageChange[]): MessageState['readBy'] {
  const first = new Map<string, number>()
  for (const { kind, byUserId, atMs } of own) {
    const isByAnother = byUserId !== '' && byUserId !== fromUserId
    if ((kind === 'receipt' || kind === 'read') && isByAnother && !first.has(byUserId))
      first.set(byUserId, atMs)
  }
  return [...first]
    .map(([userId, atMs]) => ({ userId, atMs }))
    .toSorted((one, other) => one.atMs - other.atMs || compareText(one.userId, other.userId))
}

function latestVerdict(own: readonly MessageChange[]): MessageState['verdict'] {
  const latest = dataOf('verdict', own).at(-1)
  if (!latest) return null
  const { byUserId: _, ...verdict } = latest
  return verdict
}

function dataOf<Kind extends keyof ChangeData>(kind: Kind, own: readonly MessageChange[]) {
  return own
    .filter((change) => change.kind === kind)
    .map(({ data, atMs, byUserId }) =>
      Object.assign(JSON.parse(data ?? '{}') as ChangeData[Kind], { atMs, byUserId }),
    )
}

// By code unit: the same on every machine.
function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
