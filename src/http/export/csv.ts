/** For spreadsheets: one message a row, what has become of it beside it. */
import { stringify } from 'csv-stringify/browser/esm/sync'
import { editsOf } from '../../archive/changes.ts'
import type { Exported } from '../../archive/export.ts'
import type { ArchivedMessage } from '../../archive/messages.ts'
import { saidText } from '../../rongcloud/said-text.ts'
import type { Format } from './format.ts'

type Cell = string | number | null
type Row = Record<(typeof COLUMNS)[number], Cell>

const COLUMNS = [
  'id',
  'appKey',
  'msgUID',
  'conversationId',
  'channelType',
  'busChannel',
  'fromUserId',
  'targetId',
  'objectName',
  'sentAt',
  'sentAtMs',
  'receivedAtMs',
  'origin',
  'source',
  'sensitiveType',
  'problem',
  'recalledAt',
  'deletedBy',
  'edits',
  'text',
  'content',
  // Filled in the last row of each page: what to hand back as `after` to go on behind it.
  'after',
] as const

// Excel takes a file for UTF-8 only with this in front.
const BYTE_ORDER_MARK = '\ufeff'

// In UTF-16 units. Excel takes no longer cells: the rest of one would become rows.
const CELL_MAX = 32_767

/** @param writeTime in the archive's time zone */
export function csv(writeTime: (ms: number) => string): Format {
  return {
    contentType: 'text/csv; charset=utf-8',
    head: () => BYTE_ORDER_MARK + written([[...COLUMNS]]),
    page: (entries, here) => rowsOf(entries, here?.after ?? null, writeTime),
    count: (entries) => messagesIn(entries).length,
    tail: () => '',
    // Its first cell is no id.
    trailer: (count, sha256) => written([['end', count, sha256]]),
  }
}

function rowsOf(
  entries: readonly Exported[],
  after: string | null,
  writeTime: (ms: number) => string,
): string {
  const rows = messagesIn(entries).map((message) => toRow(message, writeTime))
  const last = rows.at(-1)
  if (last) last.after = after
  return written(rows.map((row) => COLUMNS.map((column) => row[column])))
}

function messagesIn(entries: readonly Exported[]): ArchivedMessage[] {
  return entries.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []))
}

function toRow(message: ArchivedMessage, writeTime: (ms: number) => string): Row {
  const { state, fields: _, nonceReused: __, ...columns } = message
  return {
    ...columns,
    sentAt: writeTime(message.sentAtMs),
    recalledAt: state.recalled && writeTime(state.recalled.atMs),
    deletedBy: state.deletedFor.join(' '),
    edits: editsOf(state),
    text: saidText(message) ?? '',
    content: message.content,
    after: null,
  }
}

// What a sheet may skip before a sign. Where a semicolon or a tab parts cells, quotation marks do not hold these
// together: a cell begins behind the edge, and its own quotation marks are dropped.
const SKIPPED = '[\\s\\p{Cc}\\p{Cf}"]*'
const SIGN = '[=+\\-@＝＋－＠]'
const INSIDE = new RegExp(`([;\\t\\r\\n]${SKIPPED})(${SIGN})?`, 'gu')
const AT_FRONT = new RegExp(`^(?:[\\t\\r\\n]|${SKIPPED}${SIGN})`, 'u')

// An apostrophe before what begins like a formula, full width too, or with what a sheet takes for an edge.
function inert(text: string): string {
  const inside = text.replace(INSIDE, (_, edge: string, sign = '') => (sign ? `${edge}'${sign}` : edge))
  return AT_FRONT.test(inside) ? `'${inside}` : inside
}

// Apostrophes make a cell longer, so they are counted. Before them only what no cell will show is left out.
function cellOf(text: string): string {
  return capped(inert(text.slice(0, CELL_MAX + 1)))
}

function capped(text: string): string {
  if (text.length <= CELL_MAX) return text
  // Not between the halves of a character.
  return `${text.slice(0, CELL_MAX - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function written(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cellOf(cell) : cell))),
    // A sheet takes a bare line feed for the end of a row, and what follows for a cell.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  )
}
