/** Makes an archived message of a line of RongCloud's hourly log, or finds the one that it tells of. */
import { changeStatementsOf } from '../archive/changes.ts'
import type { ImportEntry } from '../archive/import.ts'
import { noteFlags, type LoggedMessage } from '../archive/logged-messages.ts'
import { replaceLogged } from '../archive/message-statements.ts'
import { foresee, recordMessage, type MessageRecord, type RecordOutcome } from '../archive/record-message.ts'
import type { Statement, Store } from '../archive/store.ts'
import { changesOfMessage } from '../rongcloud/changes/index.ts'
import type { Line } from '../rongcloud/history-log/lines.ts'
import { parseLogRecord, type LogRecord, type NoLogRecord } from '../rongcloud/history-log/record.ts'
import type { HeldCallback } from './held-callback.ts'
import { toTaken } from './other-text.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'
import { toRecord } from './to-record.ts'

/** A line of a log, and where it is from. */
export type LogLine = Pick<Line, 'text' | 'bytes'> & { appKey: string | null; file: string; readAtMs: number }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function readLogLine(
  { hashing, logZone: zone }: Pick<StoreDeps, 'hashing' | 'logZone'>,
  { text, appKey, readAtMs: receivedAtMs }: LogLine,
): LogRecord | NoLogRecord {
  return parseLogRecord(text, { appKey, receivedAtMs, zone, hashing })
}

export function toLogRecord(
  deps: StoreDeps,
  { message, problem, flags }: LogRecord,
  readAtMs: number,
): MessageRecord {
  const arrival = { receivedAtMs: readAtMs, origin: 'history_log' as const, problem, nonceReused: false }
  return toRecord(deps.templates, message, arrival, flags)
}

/** Archives what is missing, with what it says of other messages. What a callback brought stays as it is. */
export async function fillIn(store: Store, record: MessageRecord): Promise<RecordOutcome> {
  const result = await recordMessage(store, record, changesSaidBy(record))
  if (result.outcome === 'known') await store.atomically([noteFlags(record.logFlags ?? 0, [result.id])])
  return result
}

const SECOND_MS = 1000
const HOUR_MS = 3_600_000

/** Whether a message that a log brought has another time by the same log, as when the log was read in another zone. */
export function isOfAnotherZone(known: LoggedMessage, record: MessageRecord): boolean {
  return known.origin === 'history_log' && isHoursApart(known, record, 0)
}

/** When the message of a record was sent: a callback of it tells that without a zone, and the log alone may be hours off. */
export function sentAtMsOf(record: MessageRecord, known: LoggedMessage | undefined): number {
  const isToldBetter = known && known.origin !== 'history_log' && isHoursApart(known, record, SECOND_MS)
  return isToldBetter ? known.sentAtMs : record.sentAtMs
}

/** Whole hours, give or take so much. */
function isHoursApart(
  known: LoggedMessage,
  { sentAtMs, receivedAtMs }: MessageRecord,
  tolerance: number,
): boolean {
  const apart = known.sentAtMs - sentAtMs
  const hours = Math.round(apart / HOUR_MS)
  const isTold = sentAtMs !== receivedAtMs
  return isTold && hours !== 0 && Math.abs(apart - hours * HOUR_MS) <= tolerance
}

/** Writes such a message as the log is read now. */
export function retell({ id, receivedAtMs }: LoggedMessage, record: MessageRecord): Statement[] {
  return [...replaceLogged({ ...record, id, receivedAtMs }), ...changesSaidBy(record)]
}

/** For many at once. @param alongside statements that share the message's transaction */
export function toImportEntry(record: MessageRecord, alongside: readonly Statement[]): ImportEntry {
  return {
    type: 'message',
    record,
    id: null,
    conversationId: null,
    alongside: [...changesSaidBy(record), ...alongside],
  }
}

function changesSaidBy(record: MessageRecord): Statement[] {
  return changeStatementsOf(record, changesOfMessage(record), record)
}

/** A line as it is kept aside when the archive cannot take it. */
export function heldLineOf(
  { text, bytes, appKey: own, file, readAtMs }: LogLine,
  appKey: string,
): HeldCallback & { kind: 'history-log' } {
  return {
    appKey,
    kind: 'history-log',
    query: new URLSearchParams({
      file,
      ...(own && { appKey: own }),
    }).toString(),
    contentType: null,
    body: bytes ?? encoder.encode(text),
    remoteAddress: null,
    nonceReused: false,
    receivedAtMs: readAtMs,
  }
}

export async function takeLogLine(
  deps: StoreDeps,
  { query, body, receivedAtMs }: HeldCallback,
  { dryRun = false, asEdit = false }: HowToTake,
): Promise<Taken> {
  const parameters = new URLSearchParams(query)
  const line = {
    text: decoder.decode(body),
    bytes: body,
    appKey: parameters.get('appKey'),
    file: parameters.get('file') ?? '',
    readAtMs: receivedAtMs,
  }
  const read = readLogLine(deps, line)
  if ('unreadable' in read) return { outcome: 'unreadable', detail: read.unreadable, messageId: null }
  const record = toLogRecord(deps, read, receivedAtMs)
  const result = dryRun ? await foresee(deps.store, record) : await fillIn(deps.store, record)
  return toTaken(deps, record, result, { asEdit, dryRun })
}
