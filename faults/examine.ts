/** What a database file holds of what was acknowledged, and whether it agrees with itself. */
import Database from 'better-sqlite3'
import type { SimulatedMessage } from '../simulator/message.ts'
import { isSo, type Finding } from './trial.ts'

export type Examined = {
  lost: number
  doubled: number
  altered: number
  /** What `integrity_check` says. */
  integrity: string
  /** Conversations whose counts or last messages are not those of their messages. */
  disagreeing: number
  /** Messages more or fewer in the counts by the hour than there are up to their mark. */
  miscounted: number
}

/** Opens as the server does: what the write-ahead log holds is recovered. */
export function examine(path: string, acknowledged: readonly SimulatedMessage[]): Examined {
  const database = new Database(path)
  try {
    return {
      ...compare(database, acknowledged),
      integrity: String(database.pragma('integrity_check', { simple: true })),
      disagreeing: Number(database.prepare(DISAGREEING).pluck().get()),
      miscounted: Number(database.prepare(MISCOUNTED).pluck().get()),
    }
  } finally {
    database.close()
  }
}

export function findingsOf({
  lost,
  doubled,
  altered,
  integrity,
  disagreeing,
  miscounted,
}: Examined): Finding[] {
  return [
    isSo('acknowledged and lost', lost, 0),
    isSo('archived twice', doubled, 0),
    isSo('archived with another content', altered, 0),
    isSo('`integrity_check`', integrity, 'ok'),
    isSo('conversations whose counts disagree with their messages', disagreeing, 0),
    isSo('messages miscounted by the hour', miscounted, 0),
  ]
}

/** Adds up what several files showed. */
export function together(all: readonly Examined[]): Examined {
  const sum = (name: 'lost' | 'doubled' | 'altered' | 'disagreeing' | 'miscounted') =>
    all.reduce((total, one) => total + one[name], 0)
  return {
    lost: sum('lost'),
    doubled: sum('doubled'),
    altered: sum('altered'),
    disagreeing: sum('disagreeing'),
    miscounted: sum('miscounted'),
    integrity: all.find(({ integrity }) => integrity !== 'ok')?.integrity ?? 'ok',
  }
}

type Row = {
  from_user_id: string
  target_id: string
  object_name: string
  content: string
  sent_at_ms: number
}

function compare(database: Database.Database, acknowledged: readonly SimulatedMessage[]) {
  const find = database.prepare<[string], Row>(
    'SELECT from_user_id, target_id, object_name, content, sent_at_ms FROM messages WHERE msg_uid = ?',
  )
  const counts = { lost: 0, doubled: 0, altered: 0 }
  for (const message of acknowledged) {
    const rows = find.all(message.msgUID)
    if (rows.length === 0) counts.lost++
    if (rows.length > 1) counts.doubled++
    if (rows.some((row) => !isSame(row, message))) counts.altered++
  }
  return counts
}

function isSame(row: Row, { fromUserId, targetId, objectName, content, sentAtMs }: SimulatedMessage) {
  return (
    row.from_user_id === fromUserId &&
    row.target_id === targetId &&
    row.object_name === objectName &&
    row.content === content &&
    row.sent_at_ms === sentAtMs
  )
}

const MISCOUNTED = `
SELECT abs((SELECT coalesce(sum(messages), 0) FROM message_counts WHERE hours = 1) -
  (SELECT count(*) FROM messages WHERE id <= (SELECT coalesce(max(counted_up_to), 0) FROM count_progress)))`

/** Counted again from the messages alone; `listing` 2 is what is always shown. */
const DISAGREEING = `
WITH counted AS (
  SELECT conversation_id, count(*) AS messages, sum(listing = 2) AS listed FROM messages GROUP BY conversation_id
),
ranked AS (
  SELECT conversation_id, id, sent_at_ms, listing,
    row_number() OVER (PARTITION BY conversation_id ORDER BY sent_at_ms DESC, id DESC) AS place,
    row_number() OVER (PARTITION BY conversation_id, listing = 2 ORDER BY sent_at_ms DESC, id DESC) AS listed_place
  FROM messages
)
SELECT count(*) FROM conversations AS kept
LEFT JOIN counted ON counted.conversation_id = kept.id
LEFT JOIN ranked AS last ON last.conversation_id = kept.id AND last.place = 1
LEFT JOIN ranked AS listed ON listed.conversation_id = kept.id AND listed.listing = 2 AND listed.listed_place = 1
WHERE kept.message_count <> coalesce(counted.messages, 0)
  OR kept.listed_count <> coalesce(counted.listed, 0)
  OR kept.last_message_id IS NOT last.id OR kept.last_sent_at_ms IS NOT last.sent_at_ms
  OR kept.last_listed_id IS NOT listed.id OR kept.last_listed_at_ms IS NOT listed.sent_at_ms`

/** How many of these are not in the archive exactly once. */
export function examineIds(path: string, msgUIDs: readonly string[]): number {
  const database = new Database(path)
  const count = database.prepare<[string], number>('SELECT count(*) FROM messages WHERE msg_uid = ?').pluck()
  const wrong = msgUIDs.filter((msgUID) => count.get(msgUID) !== 1).length
  database.close()
  return wrong
}
