/** A few lines of an hourly log at once: known messages are looked up together, and what is written shares commits. */
import { changeStatements, isRecorded } from '../archive/changes.ts'
import { keepAsideStatement } from '../archive/deliveries.ts'
import { NO_COUNTS, type LogCounts } from '../archive/history-logs.ts'
import { importEntries, type Imported } from '../archive/import.ts'
import {
  isSameAsLogged,
  isSameButForContent,
  noteFlags,
  type LoggedMessage,
} from '../archive/logged-messages.ts'
import type { MessageRecord } from '../archive/record-message.ts'
import type { Statement } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import { editInPlace } from '../domain/message-change.ts'
import { packetUnderSameUID } from '../rongcloud/changes/index.ts'
import type { Line } from '../rongcloud/history-log/lines.ts'
import type { NoLogRecord } from '../rongcloud/history-log/record.ts'
import { deliveryOf, type WhyKept } from './delivery.ts'
import { findLogged } from './find-logged.ts'
import { innermost } from './innermost.ts'
import type { StoreDeps } from './store-callback.ts'
import {
  heldLineOf,
  isOfAnotherZone,
  readLogLine,
  retell,
  sentAtMsOf,
  toImportEntry,
  toLogRecord,
  type LogLine,
} from './take-log-line.ts'

type Read = { record: MessageRecord; line: LogLine }
type Batch = { statements: Statement[]; missing: Read[]; counts: LogCounts }

// One unit, which on D1 is one round trip of two seconds at most.
const FILLED_AT_ONCE = 100
const HOUR_MS = 3_600_000

/** Whose records are taken, and of which hour they should be. */
export type FromWhere = {
  /** Of records that name no app. Null: whatever app they name. */
  appKey: string | null
  /** What becomes of records that name another app: counted and kept aside as unreadable, or as if they were not there. */
  others?: 'kept aside' | 'passed over'
  /** The hour that the log is of, where that is known. */
  hour?: LoggedHour
}

/** `outside`: so many records so far whose time is not in it. */
export type LoggedHour = { startMs: number; outside: number }

export async function importBatch(
  deps: StoreDeps,
  lines: readonly Line[],
  file: string,
  { now, ...from }: FromWhere & { now: () => number },
): Promise<LogCounts> {
  const batch: Batch = { statements: [], missing: [], counts: { ...NO_COUNTS } }
  const read = lines.flatMap((line) => readOne(deps, line, { ...from, file, readAtMs: now() }, batch))
  const known = await findLogged(
    deps.store,
    read.map(({ record }) => record),
  )
  const flagged = new Map<number, number[]>()
  for (const [i, each] of read.entries()) {
    const message = known[i]
    if (from.hour && !isWithin(from.hour, sentAtMsOf(each.record, message))) from.hour.outside++
    if (!message) batch.missing.push(each)
    else if (await meetKnown(deps, each, message, batch)) collect(flagged, each.record, message)
  }
  for (const [flags, ids] of flagged) batch.statements.push(noteFlags(flags, ids))
  if (batch.statements.length > 0) await deps.store.atomically(batch.statements)
  await Promise.all(inParts(batch.missing).map((part) => fill(deps, part, batch.counts)))
  return batch.counts
}

function inParts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / FILLED_AT_ONCE)
  return Array.from({ length: count }, (_, i) => all.slice(i * FILLED_AT_ONCE, (i + 1) * FILLED_AT_ONCE))
}

const CUT: NoLogRecord = { unreadable: 'longer than a record can be; its beginning is kept' }

function readOne(
  deps: StoreDeps,
  { text, bytes, isCut }: Line,
  { others, hour: _hour, ...from }: FromWhere & Pick<LogLine, 'file' | 'readAtMs'>,
  { statements, counts }: Batch,
): Read[] {
  const line = { text, bytes, ...from }
  const read = isCut ? CUT : readLogLine(deps, line)
  if ('unreadable' in read && read.isOfAnotherApp && others === 'passed over') return []
  counts.read++
  if (!('unreadable' in read)) {
    return [{ record: toLogRecord(deps, read, line.readAtMs), line }]
  }
  counts.unreadable++
  statements.push(aside(deps, line, line.appKey ?? '', { reason: 'unreadable', detail: read.unreadable }))
  return []
}

function isWithin({ startMs }: LoggedHour, ms: number): boolean {
  return ms >= startMs && ms < startMs + HOUR_MS
}

/** Whether what it tells of the message's fate is to be noted. What differs is kept aside, and the archive's stays. */
async function meetKnown(
  deps: StoreDeps,
  read: Read,
  known: LoggedMessage,
  { statements, counts }: Batch,
): Promise<boolean> {
  const { record } = read
  if (isSameAsLogged(known, record)) {
    counts.known++
    if (isOfAnotherZone(known, record)) statements.push(...retell(known, record))
    return true
  }
  const isOtherText = isSameButForContent(known, record)
  if (isOtherText && (await isRecorded(deps.store, editInPlace(record, record.content, record.sentAtMs))))
    counts.known++
  else statements.push(...takeOther(deps, read, { ...known, isOtherText }, counts))
  // What was not delivered must not be shown, whatever it said.
  return record.logFlags !== 0 && isOtherText
}

type Other = { id: number; content: string; isOtherText: boolean }

/** The statements for a record that differs from the message with its identity: it is kept aside, unless it is a packet of it. */
function takeOther(
  deps: StoreDeps,
  { record, line }: Read,
  { id, content, isOtherText }: Other,
  counts: LogCounts,
): Statement[] {
  const packet = isOtherText ? packetUnderSameUID(record, content) : null
  if (packet) {
    counts.known++
    return changeStatements([packet], record)
  }
  counts.different++
  const detail = `message ${id} has this msgUID and other fields`
  const otherTextOf = isOtherText ? id : null
  return [aside(deps, line, record.appKey, { reason: 'conflict', detail, otherTextOf })]
}

function collect(flagged: Map<number, number[]>, { logFlags }: MessageRecord, known: LoggedMessage) {
  const flags = logFlags ?? 0
  if (known.logFlags === flags) return
  const ids = flagged.get(flags)
  if (ids) ids.push(known.id)
  else flagged.set(flags, [known.id])
}

async function fill(deps: StoreDeps, missing: readonly Read[], counts: LogCounts): Promise<void> {
  const filled = await importAll(deps, missing)
  const statements =
    filled instanceof Error
      ? await fillApart(deps, missing, filled, counts)
      : missing.flatMap((each, i) => settle(deps, each, filled[i]!, counts))
  if (statements.length > 0) await deps.store.atomically(statements)
}

/** An error, when a record among them is at fault. */
async function importAll(deps: StoreDeps, missing: readonly Read[]): Promise<Imported[] | Error> {
  try {
    return await importEntries(
      deps.store,
      missing.map((each) => toImportEntry(each.record, lossOf(deps, each))),
    )
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    return cause
  }
}

/** What the text lost of the bytes. */
function lossOf(deps: StoreDeps, { record, line }: Read): Statement[] {
  if (line.bytes === null) return []
  return [aside(deps, line, record.appKey, { reason: 'lossy', detail: 'the line is not valid UTF-8' })]
}

// One that no try gets in must not keep its neighbours out.
async function fillApart(
  deps: StoreDeps,
  missing: readonly Read[],
  { message: detail }: Error,
  counts: LogCounts,
): Promise<Statement[]> {
  const [only, ...others] = missing
  if (only && others.length === 0) {
    counts.unreadable++
    return [aside(deps, only.line, only.record.appKey, { reason: 'failed', detail })]
  }
  for (const each of missing) await fill(deps, [each], counts)
  return []
}

/** What is left to write: of one that was there by then its flags, of one that differs the line. */
function settle(
  deps: StoreDeps,
  read: Read,
  { outcome, id, difference }: Imported,
  counts: LogCounts,
): Statement[] {
  if (outcome === 'conflict' && id !== null) {
    const isOtherText = difference?.in === 'content'
    const content = difference?.in === 'content' ? difference.archived.content : ''
    return takeOther(deps, read, { id, content, isOtherText }, counts)
  }
  counts[outcome === 'recorded' ? 'filled' : 'known']++
  if (outcome === 'recorded' || id === null) return []
  return [noteFlags(read.record.logFlags ?? 0, [id])]
}

function aside({ hashing }: StoreDeps, line: LogLine, appKey: string, why: WhyKept): Statement {
  return keepAsideStatement(deliveryOf(hashing, heldLineOf(line, appKey), why))
}
