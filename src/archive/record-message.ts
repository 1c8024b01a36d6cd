/** The archive's one way to take a message in. One message is one atomic unit of a few statements. */
import type { ConversationKey } from '../domain/conversation.ts'
import { editInPlace } from '../domain/message-change.ts'
import { FETCHED_ORIGINS, type Arrival, type Message, type Origin } from '../domain/message.ts'
import type { Pair } from '../domain/parties.ts'
import { isSameJson } from '../domain/same-json.ts'
import { changeStatements } from './changes.ts'
import { groupNameStatement } from './group-names.ts'
import { isSameAsLogged, isSameButForContent } from './logged-messages.ts'
import { countUnknownType } from './object-names.ts'
import {
  COMPARED,
  ensureChat,
  ensureConversation,
  findArchived,
  insertFree,
  insertMessage,
  insertNewest,
  rememberProfile,
  replaceLogged,
} from './message-statements.ts'
import { conversations } from './schema.ts'
import type { Row, Statement, Store } from './store.ts'

/** Everything one unit writes; what is derived here can be rebuilt from the message itself. */
export type MessageRecord = Message &
  Arrival & {
    conversation: ConversationKey
    /** Null unless the conversation is one between a member and a seller. */
    pair: Pair | null
    listing: number
    /** The sender's `user` object, where the message carries one. */
    profile: Profile | null
    /** What the message says that its group is called. */
    groupName: string | null
    /** As `unknown_object_names.msg_type`; null when this program knows what its type means. */
    unknownType: string | null
    /** As `messages.log_flags`. */
    logFlags: number | null
  }

export type Profile = { name: string | null; portrait: string | null }

/** `known`: the same message was there. `conflict`: another one with this identity was; nothing changed. */
export type RecordOutcome = {
  outcome: 'recorded' | 'known' | 'conflict'
  id: number
  /** Of a conflict. */
  difference?: Difference
}

/** What tells a message from the archived one with its identity: the first of these that does. */
export type Difference =
  | { in: 'sender' | 'conversation' | 'type' | 'other fields' }
  /** Another text of the same message, it may be; `archived` is the one that is here. */
  | { in: 'content'; archived: { content: string; sentAtMs: number } }

/** Statements that share the transaction in which a callback takes the place of a copy with that content. */
export type WhenReplaced = (loggedContent: string) => readonly Statement[]

/**
 * Archives a message; repeating it is harmless. A callback takes the place of what RongCloud's own records had brought of
 * it, which have less than a callback (design §2).
 * @param alongside statements that share the message's transaction
 */
export async function recordMessage(
  store: Store,
  record: MessageRecord,
  alongside: readonly Statement[] = [],
  whenReplaced: WhenReplaced = () => [],
): Promise<RecordOutcome> {
  const unit = [...insertStatements(record), ...alongside]
  // Nearly every message is new and its conversation known. Looking first would cost each of them a third more.
  const [inserted] = await store.atomically(unit)
  if (inserted?.[0]) return recorded(inserted[0])
  const conversation = conversationStatements(record)
  const rows = await store.atomically([...conversation, ...unit, findArchived(record)], 'next')
  const insertedNow = rows[conversation.length]?.[0]
  if (insertedNow) return recorded(insertedNow)
  const archived = rows.at(-1)?.[0]
  if (!archived) throw new Error('a message neither inserted nor found')
  return settle(store, archived, record, whenReplaced)
}

async function settle(
  store: Store,
  archived: Row,
  record: MessageRecord,
  whenReplaced: WhenReplaced = () => [],
): Promise<RecordOutcome> {
  const outcome = compared(archived, record)
  if (isReplacing(archived, record)) {
    const said = [...editAlready(archived, record), ...whenReplaced(String(archived.content))]
    await store.atomically([...replaceLogged({ ...record, id: archived.id }), ...said])
  }
  return outcome
}

/** What {@link recordMessage} would tell; writes nothing. Without an id: it would be recorded. */
export async function foresee(
  store: Store,
  record: MessageRecord,
): Promise<RecordOutcome | { outcome: 'recorded'; id: null }> {
  const [rows] = await store.atomically([findArchived(record)])
  const archived = rows?.[0]
  return archived ? compared(archived, record) : { outcome: 'recorded', id: null }
}

function compared(archived: Row, record: MessageRecord): RecordOutcome {
  const id = Number(archived.id)
  if (isReplacing(archived, record) || isSame(archived, record)) return { outcome: 'known', id }
  return { outcome: 'conflict', id, difference: differenceOf(partsOf(archived), archived, record) }
}

function differenceOf(parts: ReturnType<typeof partsOf>, archived: Row, record: MessageRecord): Difference {
  if (parts.fromUserId !== record.fromUserId) return { in: 'sender' }
  if (!isSameButForContent({ ...parts, objectName: record.objectName }, record)) return { in: 'conversation' }
  if (parts.objectName !== record.objectName) return { in: 'type' }
  if (isSameJson(parts.content, record.content)) return { in: 'other fields' }
  return { in: 'content', archived: { content: parts.content, sentAtMs: Number(archived.sent_at_ms) } }
}

/**
 * RongCloud's message history gives the present content, the callback the first one: what an edit had made of the message
 * by then stays as a version of it.
 */
function editAlready(archived: Row, record: MessageRecord): Statement[] {
  const content = String(archived.content)
  if (archived.origin !== 'history_query' || isSameJson(content, record.content)) return []
  const atMs = Number(archived.received_at_ms)
  const edit = editInPlace({ ...record, objectName: String(archived.object_name) }, content, atMs)
  return changeStatements([edit], { receivedAtMs: atMs, origin: 'history_query' })
}

function isReplacing(archived: Row, record: MessageRecord): boolean {
  return (
    isFetched(archived.origin) &&
    record.origin === 'callback' &&
    archived.channel_type === record.channelType &&
    archived.bus_channel === record.conversation.busChannel &&
    archived.from_user_id === record.fromUserId &&
    archived.target_id === record.targetId
  )
}

function recorded(row: Row): RecordOutcome {
  return { outcome: 'recorded', id: Number(row.id) }
}

export type IdRule =
  /** When it is above every id so far, so that whoever follows the archive meets the message. */
  | 'newest'
  /** When no message has it, also below others. */
  | 'free'

/**
 * The statements that take in a message of another archive, its conversation first. Those in `known` are there already.
 * @param ids of the message and of its conversation there; each is kept where it can be
 * @returns the statements, and which of them gives a row for a new message
 */
export function importStatements(
  record: MessageRecord,
  ids: { id: number | null; conversationId: number | null; rule: IdRule },
  known: Set<string>,
): { statements: Statement[]; insertAt: number } {
  const { conversation } = record
  const key = JSON.stringify(conversation)
  const before = known.has(key) ? [] : conversationStatements(record, ids.conversationId)
  known.add(key)
  const insert = ids.rule === 'free' ? insertFree : insertNewest
  return { statements: [...before, ...insertStatements(record, insert, ids.id)], insertAt: before.length }
}

/** What becomes of messages that were not inserted, because others were there. */
export async function settleRecords(
  store: Store,
  records: readonly MessageRecord[],
): Promise<RecordOutcome[]> {
  if (records.length === 0) return []
  const found = await store.atomically(records.map(findArchived))
  return Promise.all(
    records.map((record, i) => {
      const archived = found[i]?.[0]
      if (!archived) throw new Error('a message neither inserted nor found')
      return settle(store, archived, record)
    }),
  )
}

/** Does nothing when the message is there already, or its conversation is not. */
function insertStatements(
  record: MessageRecord,
  insert = insertMessage,
  id: number | null = null,
): Statement[] {
  const { conversation, profile, groupName, unknownType } = record
  const key = { conversationUserId: conversation.userId, conversationTargetId: conversation.targetId }
  const message = insert({ ...record, ...key, id, nonceReused: Number(record.nonceReused) })
  return [
    message,
    ...(unknownType === null ? [] : [countUnknownType(record, unknownType)]),
    ...(profile ? [rememberProfile({ ...record, ...profile })] : []),
    ...(groupName === null ? [] : [groupNameStatement(record, groupName)]),
  ]
}

function conversationStatements(
  { appKey, conversation, pair }: MessageRecord,
  conversationId: number | null = null,
): Statement[] {
  const sides = { memberId: pair?.memberId ?? null, sellerId: pair?.sellerId ?? null }
  const ensured = ensureConversation({ ...conversation, ...sides, conversationId })
  return pair ? [ensureChat({ appKey, ...pair }), ensured] : [ensured]
}

function isFetched(origin: unknown): boolean {
  return FETCHED_ORIGINS.includes(origin as Origin)
}

function isSame(row: Row, record: MessageRecord): boolean {
  if (isFetched(record.origin) && row.origin !== record.origin) return isSameAsLogged(partsOf(row), record)
  const archived = { sentAtMs: Number(row.sent_at_ms), receivedAtMs: Number(row.received_at_ms) }
  return (
    Object.entries(COMPARED).every(
      ([field, { name }]) => row[name] === record[field as keyof typeof COMPARED],
    ) &&
    row.bus_channel === record.conversation.busChannel &&
    (archived.sentAtMs === record.sentAtMs || (isTimeAssumed(archived) && isTimeAssumed(record)))
  )
}

function partsOf(row: Row) {
  const textAt = ({ name }: { name: string }) => String(row[name])
  return {
    channelType: textAt(COMPARED.channelType),
    busChannel: textAt(conversations.busChannel),
    fromUserId: textAt(COMPARED.fromUserId),
    targetId: textAt(COMPARED.targetId),
    objectName: textAt(COMPARED.objectName),
    content: textAt(COMPARED.content),
  }
}

// A message without a time of its own has that of its receipt, which a retry does not repeat.
function isTimeAssumed({
  sentAtMs,
  receivedAtMs,
}: Pick<MessageRecord, 'sentAtMs' | 'receivedAtMs'>): boolean {
  return sentAtMs === receivedAtMs
}
