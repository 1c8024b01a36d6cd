/** A few lines of an hourly log at once: known messages are looked up together, and what is written shares commits. */
import { keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { NO_COUNTS, type LogCounts } from '../archive/history-logs.ts'
import { isSameAsLogged, listByUid, noteFlags, type LoggedMessage } from '../archive/logged-messages.ts'
import type { MessageRecord } from '../archive/record-message.ts'
import type { Statement } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { Line } from '../rongcloud/history-log/lines.ts'
import type { LogOrigin } from '../rongcloud/history-log/record.ts'
import { deliveryOf } from './delivery.ts'
import { innermost } from './innermost.ts'
import type { StoreDeps } from './store-callback.ts'
import { fillIn, heldLineOf, readLogLine, toLogRecord, type LogLine } from './take-log-line.ts'

type Batch = {
  statements: Statement[]
  missing: { record: MessageRecord; line: LogLine }[]
  counts: LogCounts
}

export async function importBatch(
  deps: StoreDeps,
  lines: readonly Line[],
  file: string,
  { origin, now }: { origin: LogOrigin; now: () => number },
): Promise<LogCounts> {
  const batch: Batch = { statements: [], missing: [], counts: { ...NO_COUNTS, read: lines.length } }
  const read = readAll(deps, lines, (bytes) => ({ bytes, origin, file, readAtMs: now() }), batch)
  const known = new Map(
    (
      await listByUid(
        deps.store,
        read.map(({ record }) => record.msgUID),
      )
    ).map((message) => [identityOf(message), message]),
  )
  const flagged = new Map<number, number[]>()
  for (const each of read) {
    const message = known.get(identityOf(each.record))
    if (!message) batch.missing.push(each)
    else if (meetKnown(deps, each, message, batch)) collect(flagged, each.record, message)
  }
  for (const [flags, ids] of flagged) batch.statements.push(noteFlags(flags, ids))
  if (batch.statements.length > 0) await deps.store.atomically(batch.statements)
  await Promise.all(batch.missing.map((each) => fill(deps, each, batch.counts)))
  return batch.counts
}

function identityOf({ appKey, msgUID }: { appKey: string; msgUID: string }): string {
  return `${msgUID} ${appKey}`
}

function readAll(
  deps: StoreDeps,
  lines: readonly Line[],
  toLogLine: (bytes: Uint8Array) => LogLine,
  batch: Batch,
) {
  return lines.flatMap(({ bytes, isCut }) => {
    const line = toLogLine(bytes)
    const read = isCut
      ? { unreadable: 'longer than a record can be; its beginning is kept' }
      : readLogLine(line)
    if (!('unreadable' in read)) return [{ record: toLogRecord(deps, read, line.readAtMs), line }]
    batch.counts.unreadable++
    batch.statements.push(
      aside(deps, line, line.origin.appKey ?? '', { reason: 'unreadable', detail: read.unreadable }),
    )
    return []
  })
}

/** False when it differs from what the archive has, which stays. */
function meetKnown(
  deps: StoreDeps,
  { record, line }: Batch['missing'][number],
  known: LoggedMessage,
  { statements, counts }: Batch,
): boolean {
  if (!isSameAsLogged(known, record)) {
    counts.different++
    const detail = `message ${known.id} has this msgUID and other fields`
    statements.push(aside(deps, line, record.appKey, { reason: 'conflict', detail }))
    return false
  }
  counts.known++
  return true
}

function collect(flagged: Map<number, number[]>, { logFlags }: MessageRecord, known: LoggedMessage) {
  const flags = logFlags ?? 0
  if (known.logFlags === flags) return
  const ids = flagged.get(flags)
  if (ids) ids.push(known.id)
  else flagged.set(flags, [known.id])
}

async function fill(
  deps: StoreDeps,
  { record, line }: Batch['missing'][number],
  counts: LogCounts,
): Promise<void> {
  try {
    const { outcome } = await fillIn(deps.store, record)
    counts[COUNTED_AS[outcome]]++
    if (outcome !== 'conflict') return
    const detail = 'another message has this msgUID and other fields'
    await deps.store.atomically([aside(deps, line, record.appKey, { reason: 'conflict', detail })])
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    counts.unreadable++
    const why = { reason: 'failed' as const, detail: cause.message }
    await deps.store.atomically([aside(deps, line, record.appKey, why)])
  }
}

const COUNTED_AS = { recorded: 'filled', known: 'known', conflict: 'different' } as const

function aside(
  { hashing }: StoreDeps,
  line: LogLine,
  appKey: string,
  why: Pick<KeptAside, 'reason' | 'detail'>,
): Statement {
  return keepAsideStatement(deliveryOf(hashing, heldLineOf(line, appKey), why))
}
