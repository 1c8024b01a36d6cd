/** Which messages of a conversation a page shows. */
import {
  findMessage,
  listContext,
  listMessages,
  type ArchivedMessage,
  type Place,
} from '../../archive/messages.ts'
import type { Page } from '../../archive/page.ts'
import type { Store } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'

const SIZE = 50
const BEFORE_TARGET = 20

/** Oldest first. Null where nothing goes on. */
export type Window = {
  messages: ArchivedMessage[]
  older: Place | null
  newer: Place | null
  /** When the message before these was sent. */
  precedingMs: number | null
}

export type Asked =
  | { from: 'newest' }
  | { from: 'before'; place: Place }
  | { from: 'after'; place: Place }
  /** On or after a moment. */
  | { from: 'moment'; ms: number }
  | { from: 'message'; id: number }

export async function findWindow(store: Store, conversationId: number, asked: Asked): Promise<Window> {
  if (asked.from === 'newest') return newestWindow(store, conversationId)
  if (asked.from === 'message') return aroundMessage(store, conversationId, asked.id)
  if (asked.from === 'before') return around(store, asked.place, { before: SIZE, after: 0 })
  if (asked.from === 'after') {
    const window = await around(store, asked.place, { before: 0, after: SIZE })
    return { ...window, precedingMs: asked.place.sentAtMs }
  }
  // Before all messages of that millisecond.
  const place = { conversationId, sentAtMs: asked.ms, appKey: '', msgUID: '' }
  return around(store, place, { before: 0, after: SIZE })
}

async function newestWindow(store: Store, conversationId: number): Promise<Window> {
  const found = await listMessages(store, { conversationId }, { after: null, limit: SIZE + 1 })
  const messages = found.rows.slice(0, SIZE).toReversed()
  const preceding = found.rows[SIZE]
  const older = preceding || found.more ? (messages[0] ?? null) : null
  return { messages, older, newer: null, precedingMs: preceding?.sentAtMs ?? null }
}

async function aroundMessage(store: Store, conversationId: number, id: number): Promise<Window> {
  const message = await findMessage(store, id)
  if (message?.conversationId !== conversationId)
    throw new ArchiveError('not_found', `there is no message ${id} in this conversation`)
  return around(store, message, { before: BEFORE_TARGET, after: SIZE - BEFORE_TARGET }, message)
}

/** One more on each side tells whether it goes on there, and when the one before these was sent. */
async function around(
  store: Store,
  place: Place,
  { before, after }: { before: number; after: number },
  message?: ArchivedMessage,
): Promise<Window> {
  const found = await listContext(store, place, { before: before + 1, after: after + 1 })
  const older = before === 0 ? [] : found.before.rows.slice(-before)
  const newer = found.after.rows.slice(0, after)
  const messages = [...older, ...(message ? [message] : []), ...newer]
  return {
    messages,
    older: goesOn(found.before, older.length) ? (messages[0] ?? place) : null,
    newer: goesOn(found.after, newer.length) ? (messages.at(-1) ?? place) : null,
    precedingMs: found.before.rows.at(-older.length - 1)?.sentAtMs ?? null,
  }
}

function goesOn({ rows, more }: Page<ArchivedMessage>, shown: number): boolean {
  return more || rows.length > shown
}
