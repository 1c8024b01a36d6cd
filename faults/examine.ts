/** What a database file holds of what was acknowledged, and whether it agrees with itself. */
import Database from 'better-sqlite3'
import type { ArchivedItem } from '../simulator/archive-reader.ts'
import { alteredFields } from '../simulator/compare.ts'
import type { SimulatedMessage } from '../simulator/message.ts'
import { checkDatabase } from '../src/node/backup/check.ts'
import { nodeHashing } from '../src/node/hashing.ts'
import { readEvents, type EventKind } from '../src/rongcloud/events/index.ts'
import type { Callback } from './sending.ts'
import { isSo, type Finding } from './trial.ts'

export type Examined = { lost: number; doubled: number; altered: number; problems: string[] }

/** Opens as the server does: what the write-ahead log holds is recovered. */
export function examine(path: string, acknowledged: readonly Callback[]): Examined {
  const database = new Database(path)
  try {
    const counts = compare(database, acknowledged)
    return { ...counts, problems: [...checkDatabase(path).problems, ...marksBeyond(database)] }
  } finally {
    database.close()
  }
}

export function findingsOf({ lost, doubled, altered, problems }: Examined): Finding[] {
  return [
    isSo('acknowledged and lost', lost, 0),
    isSo('archived twice', doubled, 0),
    isSo('archived with another content', altered, 0),
    isSo('wrong in the file', problems.join('; ') || 'nothing', 'nothing'),
  ]
}

/** Adds up what several files showed. */
export function together(all: readonly Examined[]): Examined {
  const sum = (name: 'lost' | 'doubled' | 'altered') => all.reduce((total, one) => total + one[name], 0)
  const problems = all.flatMap((one) => one.problems)
  return { lost: sum('lost'), doubled: sum('doubled'), altered: sum('altered'), problems }
}

function compare(database: Database.Database, acknowledged: readonly Callback[]) {
  const find = database.prepare<[string], Row>(MESSAGE)
  const counts = { lost: 0, doubled: 0, altered: 0 }
  for (const callback of acknowledged) {
    const rows = callback.message ? find.all(callback.message.msgUID) : []
    const copies = callback.message ? [rows.length] : copiesOfEvents(database, callback)
    if (copies.includes(0)) counts.lost++
    if (copies.some((count) => count > 1)) counts.doubled++
    if (rows.some((row) => isAltered(row, callback.message!))) counts.altered++
  }
  return counts
}

type Row = Omit<ArchivedItem, 'fields'> & { fields: string | null }

const MESSAGE = `SELECT m.msg_uid AS msgUID, m.from_user_id AS fromUserId, m.target_id AS targetId,
    c.channel_type AS channelType, c.bus_channel AS busChannel, m.object_name AS objectName, m.content,
    m.sent_at_ms AS sentAtMs, m.source, m.sensitive_type AS sensitiveType, m.fields
  FROM messages AS m LEFT JOIN conversations AS c ON c.id = m.conversation_id WHERE m.msg_uid = ?`

function isAltered({ fields, ...row }: Row, message: SimulatedMessage): boolean {
  const item = { ...row, fields: JSON.parse(fields ?? '{}') as Record<string, unknown> }
  return alteredFields(message, item).length > 0
}

/** How often each event of the callback is there, by what makes it the same. */
function copiesOfEvents(database: Database.Database, { request }: Callback): number[] {
  const kind = request.path.split('/').at(-1) as EventKind
  const read = readEvents(kind, new TextEncoder().encode(request.body))
  if ('unreadable' in read) throw new Error(`${request.path}: ${read.unreadable}`)
  const count = database
    .prepare<[string, string], number>('SELECT count(*) FROM callback_events WHERE kind = ? AND identity = ?')
    .pluck()
  return read.events.map(({ identity, body }) => count.get(kind, nodeHashing.sha256(identity ?? body)) ?? 0)
}

/** What follows the messages says how far it has come: what lies beyond would never be looked at. */
function marksBeyond(database: Database.Database): string[] {
  const marks = Number(database.prepare(MARKS_BEYOND).pluck().get())
  return marks === 0 ? [] : [`${marks} marks beyond the newest message`]
}

const MARKS_BEYOND = `SELECT count(*) FROM (
    SELECT indexed_up_to AS mark FROM search_progress UNION ALL SELECT surveyed_up_to FROM search_progress
    UNION ALL SELECT counted_up_to FROM count_progress)
  WHERE mark > (SELECT coalesce(max(id), 0) FROM messages)`

/** How many of these are not in the archive exactly once. */
export function examineIds(path: string, sent: readonly { msgUID: string }[]): number {
  const database = new Database(path)
  const count = database.prepare<[string], number>('SELECT count(*) FROM messages WHERE msg_uid = ?').pluck()
  const wrong = sent.filter(({ msgUID }) => count.get(msgUID) !== 1).length
  database.close()
  return wrong
}
