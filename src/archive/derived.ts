/**
 * What triggers keep, told once more from the messages and changes alone, to find out whether they kept it right and
 * to mend it. Plain SQL, for files that no store has opened.
 */
import { sql } from 'drizzle-orm'
import { msgTypeIn } from './object-names.ts'
import type { Statement, Store } from './store.ts'

export type Derived = {
  name: string
  /** Rows that are not as they should be, by `id`. One statement, so that it sees one moment. */
  differing: string
  /** Mends those of these ids. */
  mend: (ids: readonly unknown[]) => Statement
}

const ofMember = `(SELECT member_user_id FROM chats WHERE chats.id = c.chat_id)`

const shownAfter = `coalesce((SELECT max(up_to_ms) FROM message_changes AS ch
  WHERE ch.msg_uid IS NULL AND ch.kind = 'delete' AND ch.target_id = c.target_id AND ch.user_id = c.user_id
    AND ch.channel_type = c.channel_type AND ch.app_key = c.app_key AND ch.bus_channel = c.bus_channel
    AND ch.by_user_id = ${ofMember}), -1)`

const isListed = `m.conversation_id = s.id AND m.listing = 2 AND m.sent_at_ms > s.shown_after_ms`
const newest = (column: string, where: string) =>
  `(SELECT ${column} FROM messages AS m WHERE ${where} ORDER BY m.sent_at_ms DESC, m.id DESC LIMIT 1)`

const CONVERSATION_COLUMNS = [
  'shown_after_ms',
  'message_count',
  'last_message_id',
  'last_sent_at_ms',
  'listed_count',
  'last_listed_id',
  'last_listed_at_ms',
]

/** Each conversation as its messages and changes say it is. */
const conversationsTold = (where: string) => `SELECT s.id, s.shown_after_ms,
    (SELECT count(*) FROM messages AS m WHERE m.conversation_id = s.id) AS message_count,
    ${newest('m.id', 'm.conversation_id = s.id')} AS last_message_id,
    ${newest('m.sent_at_ms', 'm.conversation_id = s.id')} AS last_sent_at_ms,
    (SELECT count(*) FROM messages AS m WHERE ${isListed}) AS listed_count,
    ${newest('m.id', isListed)} AS last_listed_id,
    ${newest('m.sent_at_ms', isListed)} AS last_listed_at_ms
  FROM (SELECT c.id, ${shownAfter} AS shown_after_ms FROM conversations AS c ${where}) AS s`

const CONVERSATIONS: Derived = {
  name: 'conversations',
  differing: `SELECT k.id FROM conversations AS k JOIN (${conversationsTold('')}) AS t ON t.id = k.id
    WHERE (${CONVERSATION_COLUMNS.map((column) => `k.${column}`).join(', ')})
      IS NOT (${CONVERSATION_COLUMNS.map((column) => `t.${column}`).join(', ')})`,
  mend: (ids) => ({
    // What the trigger makes of a change of `shown_after_ms` is said here too, and by the same rule.
    sql: `UPDATE conversations SET (${CONVERSATION_COLUMNS.join(', ')}) =
        (SELECT ${CONVERSATION_COLUMNS.join(', ')} FROM (${conversationsTold('WHERE c.id = conversations.id')}))
      WHERE id IN (SELECT value FROM json_each(?))`,
    params: [JSON.stringify(ids)],
  }),
}

/** A message that is hidden from the member, or was never delivered, and is listed all the same. */
const LISTING: Derived = {
  name: 'listing',
  differing: `SELECT message_id AS id FROM hiding_changes JOIN messages ON messages.id = message_id
      WHERE messages.listing <> 0
    UNION SELECT m.id FROM messages AS m CROSS JOIN conversations AS c ON c.id = m.conversation_id
      WHERE m.listing <> 0 AND (m.log_flags & 5 OR m.sensitive_type = 1) AND m.from_user_id IS NOT ${ofMember}`,
  mend: (ids) => ({
    sql: 'UPDATE messages SET listing = 0 WHERE id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify(ids)],
  }),
}

const wrote = `SELECT m.from_user_id AS user_id, m.conversation_id FROM messages AS m
  JOIN conversations AS c ON c.id = m.conversation_id WHERE c.user_id = ''`

const SENDERS: Derived = {
  name: 'senders',
  differing: `SELECT conversation_id AS id FROM (${wrote} EXCEPT SELECT user_id, conversation_id FROM senders)`,
  mend: (ids) => ({
    sql: `INSERT INTO senders ${wrote} AND c.id IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING`,
    params: [JSON.stringify(ids)],
  }),
}

/** A sender who wrote nothing. */
const GONE_SENDERS: Derived = {
  name: 'senders too many',
  differing: `SELECT conversation_id AS id FROM (SELECT user_id, conversation_id FROM senders EXCEPT ${wrote})`,
  mend: (ids) => ({
    sql: `DELETE FROM senders WHERE conversation_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
      SELECT 1 FROM messages AS m WHERE m.conversation_id = senders.conversation_id AND m.from_user_id = user_id)`,
    params: [JSON.stringify(ids)],
  }),
}

// No such type is RC:TxtMsg; saying so lets the index of the others serve it.
const ofItsType = `(SELECT count(*) FROM messages AS m
  WHERE m.object_name = u.object_name AND m.app_key = u.app_key AND m.object_name <> 'RC:TxtMsg')`

/** Types that were unknown when they came, counted more often than they are here. */
const UNKNOWN_TYPES: Derived = {
  name: 'unknown types',
  differing: `SELECT rowid AS id FROM unknown_object_names AS u WHERE msg_type = '' AND message_count > ${ofItsType}`,
  mend: (ids) => ({
    sql: `UPDATE unknown_object_names AS u SET message_count = ${ofItsType}
      WHERE rowid IN (SELECT value FROM json_each(?))`,
    params: [JSON.stringify(ids)],
  }),
}

// All names at once: each by itself would read every content once more.
const wrapped = `SELECT m.app_key, m.object_name, ${msgTypeIn('m.content')} AS msg_type, count(*) AS messages
  FROM messages AS m WHERE m.object_name <> 'RC:TxtMsg'
    AND m.object_name IN (SELECT object_name FROM unknown_object_names WHERE msg_type <> '')
  GROUP BY 1, 2, 3`

/** The same for the types that wrapper libraries carry. */
const WRAPPED_TYPES: Derived = {
  name: 'wrapped types',
  differing: `SELECT u.rowid AS id FROM unknown_object_names AS u
    LEFT JOIN (${wrapped}) AS t USING (app_key, object_name, msg_type)
    WHERE u.msg_type <> '' AND u.message_count > coalesce(t.messages, 0)`,
  mend: (ids) => ({
    sql: `UPDATE unknown_object_names AS u SET message_count = coalesce((SELECT t.messages FROM (${wrapped}) AS t
        WHERE t.app_key = u.app_key AND t.object_name = u.object_name AND t.msg_type = u.msg_type), 0)
      WHERE rowid IN (SELECT value FROM json_each(?))`,
    params: [JSON.stringify(ids)],
  }),
}

/**
 * Messages of a range of ids that may say something of others, each as JSON with the names that it has elsewhere.
 * @param signals their types; others may in a field of their own
 */
export const sayingSql = (signals: readonly string[], afterId: number, throughId: number) =>
  `SELECT json_object('id', m.id, 'appKey', m.app_key, 'msgUID', m.msg_uid, 'channelType', c.channel_type,
      'busChannel', c.bus_channel, 'fromUserId', m.from_user_id, 'targetId', m.target_id, 'objectName', m.object_name,
      'content', m.content, 'sentAtMs', m.sent_at_ms, 'receivedAtMs', m.received_at_ms, 'origin', m.origin,
      'fields', m.fields)
    FROM messages AS m CROSS JOIN conversations AS c ON c.id = m.conversation_id
    WHERE m.id > ${afterId} AND m.id <= ${throughId} AND +m.origin <> 'rest'
      AND (+m.object_name IN (${signals.map((name) => `'${name}'`).join(', ')}) OR m.fields IS NOT NULL)
    ORDER BY m.id`

/** @param saying made by {@link sayingSql} */
export async function listSaying(store: Store, saying: string): Promise<string[]> {
  return (await store.db.all<[string]>(sql.raw(saying))).map(([row]) => row)
}

/** Of messages that have no conversation nothing could be counted. */
export const ORPHANS = `SELECT m.id FROM messages AS m
  WHERE NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.id = m.conversation_id)`

/** In the order in which they are mended: counts follow the listing. */
export const DERIVED: readonly Derived[] = [
  LISTING,
  CONVERSATIONS,
  GONE_SENDERS,
  SENDERS,
  UNKNOWN_TYPES,
  WRAPPED_TYPES,
]

/** After messages were put below others, a tie of time may have gone to the one that came last. */
export function settleTiesOf(messageIds: readonly number[]): Statement {
  return {
    sql: `UPDATE conversations AS s SET last_message_id = ${newest('m.id', 'm.conversation_id = s.id')},
        last_listed_id = ${newest('m.id', isListed)}
      WHERE id IN (SELECT conversation_id FROM messages WHERE id IN (SELECT value FROM json_each(?)))`,
    params: [JSON.stringify(messageIds)],
  }
}
