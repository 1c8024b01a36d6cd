/** A message of RongCloud's history beside the archived one with its identity. */
import { isSameButForContent } from '../archive/logged-messages.ts'
import type { ArchivedMessage } from '../archive/messages.ts'
import { conversationKeyOf } from '../domain/conversation.ts'
import { createChange, editInPlace, type MessageChange } from '../domain/message-change.ts'
import type { Message } from '../domain/message.ts'
import { isSameJson } from '../domain/same-json.ts'

type Queried = { record: Message; expansion: Record<string, string> | null }

/**
 * The history gives what a message says now: another content than that of the newest version is an edit, whose time
 * nobody tells. What differs in more than that is another message.
 */
export function meet(
  { record, expansion }: Queried,
  archived: ArchivedMessage,
  nowMs: number,
): { outcome: 'known' | 'conflict'; changes: MessageChange[] } {
  if (!isSameButForContent(archived, record)) return { outcome: 'conflict', changes: [] }
  const { versions, expansion: before } = archived.state
  const present = versions.at(-1)?.content ?? archived.content
  const edits = isSameJson(present, record.content) ? [] : [editInPlace(archived, record.content, nowMs)]
  return {
    outcome: 'known',
    changes: [...edits, ...expansionChanges(archived, expansion, { before, nowMs })],
  }
}

type Expanded = Pick<Message, 'appKey' | 'msgUID' | 'channelType' | 'fromUserId' | 'targetId' | 'busChannel'>

/** What differs from before. A text that the history does not give any more stays: that it is absent proves nothing. */
export function expansionChanges(
  message: Expanded,
  expansion: Record<string, string> | null,
  { before, nowMs }: { before: Record<string, string> | null; nowMs: number },
): MessageChange[] {
  const put = Object.entries(expansion ?? {}).filter(([key, value]) => before?.[key] !== value)
  if (put.length === 0) return []
  const { appKey, msgUID } = message
  const change = createChange({
    kind: 'expansion',
    appKey,
    msgUID,
    upToMs: null,
    conversation: conversationKeyOf(message),
    // Nobody says who did it, and when.
    byUserId: '',
    atMs: nowMs,
    data: { msgUID: `history:${nowMs}`, clear: false, put: Object.fromEntries(put), del: [] },
  })
  return [change]
}
