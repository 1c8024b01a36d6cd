/** The log of one hour: asked for, downloaded, imported, and the hour marked as proven; or as far as a run may go. */
import {
  addCounts,
  findLogPosition,
  NO_COUNTS,
  recordLogPosition,
  recordProvenHour,
  type LogCounts,
} from '../archive/history-logs.ts'
import type { RunningHash } from '../domain/ports.ts'
import type { App } from '../rongcloud/signature.ts'
import { askForLog, download, type AskDeps } from './ask-for-log.ts'
import { importLog, type LogFile, type Slice } from './import-log.ts'
import { innermost } from './innermost.ts'
import type { StoreDeps } from './store-callback.ts'

export type HourDeps = StoreDeps &
  AskDeps & {
    /** The logs in a file that is downloaded; throws when it is too large, or unpacks to too much. */
    openDownload: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<LogFile>
  }

export type Hour = { app: App; hourStartMs: number }

/** Goes through the hours of one run. */
export type Run = { linesLeft: number; signal: AbortSignal | undefined }

/** `counts` when the hour is proven now; else why it is not. */
export type HourResult = { counts: LogCounts; reason: null } | { counts: null; reason: string; why: Why }

type Why = 'too_often' | 'not_enabled' | 'not_answered' | 'no_file_yet' | 'stopped' | 'failed'

const HOUR_MS = 3_600_000
export const KEPT_MS = 72 * HOUR_MS
// An hour without a file had no messages when its file would have been ready for long.
const SURELY_READY_AFTER_MS = 4 * HOUR_MS

export async function fetchHour(deps: HourDeps, hour: Hour, run: Run): Promise<HourResult> {
  try {
    const answer = await askForLog(deps, hour.app, hour.hourStartMs)
    if ('refused' in answer) {
      const { refused, detail } = answer
      const isPlain = refused === 'too_often' || refused === 'not_enabled'
      return open(isPlain ? refused : 'not_answered', detail)
    }
    const { url } = answer
    if (url === null && deps.now() - hour.hourStartMs < SURELY_READY_AFTER_MS)
      return open('no_file_yet', 'there is no file yet')
    const counts = url === null ? NO_COUNTS : await importDownload(deps, hour, url, run)
    if (run.signal?.aborted || counts === null) return open('stopped', 'not read to its end yet')
    await recordProvenHour(deps.store, { ...identityOf(hour), provenAtMs: deps.now(), ...counts })
    return { counts, reason: null }
  } catch (error) {
    return open('failed', innermost(error).message)
  }
}

function open(why: Why, reason: string): HourResult {
  return { counts: null, reason, why }
}

function identityOf({ app, hourStartMs }: Hour) {
  return { appKey: app.appKey, hourStartMs }
}

/** Null when there is more than this run may take: the next one goes on there. */
async function importDownload(deps: HourDeps, hour: Hour, url: string, run: Run): Promise<LogCounts | null> {
  const hash = deps.hashing.startSha256()
  let begun: Begun | undefined
  for await (const file of deps.openDownload(noted(download(deps, url), hash))) {
    // By then it is downloaded whole.
    begun ??= await begin(deps, hour, hash.digest(), run)
    const how = { appKey: hour.app.appKey, now: deps.now, slice: begun.slice }
    const counts = await importLog(deps, file, run.signal ? { ...how, signal: run.signal } : how)
    begun.total = addCounts(begun.total, counts)
    if (begun.slice.isCut) break
  }
  if (!begun) return NO_COUNTS
  run.linesLeft -= begun.slice.taken
  if (!begun.slice.isCut) return begun.total
  await noteHowFar(deps, hour, begun)
  return null
}

type Begun = { sha256: string; before: number; slice: Slice; total: LogCounts }

/** Where an earlier run left off, if the file is still the same. */
async function begin(
  { store }: HourDeps,
  { app, hourStartMs }: Hour,
  sha256: string,
  { linesLeft }: Run,
): Promise<Begun> {
  const position = await findLogPosition(store, app.appKey, hourStartMs)
  const known = position?.sha256 === sha256 ? position : undefined
  const before = known?.lines ?? 0
  const slice = { passOver: before, most: linesLeft, taken: 0, isCut: false }
  return { sha256, before, slice, total: known ? addCounts(NO_COUNTS, known) : NO_COUNTS }
}

function noteHowFar(deps: HourDeps, hour: Hour, { sha256, before, slice, total }: Begun): Promise<void> {
  const nowMs = deps.now()
  const position = { ...identityOf(hour), sha256, lines: before + slice.taken, readAtMs: nowMs, ...total }
  return recordLogPosition(deps.store, position, nowMs - KEPT_MS)
}

async function* noted(pieces: AsyncIterable<Uint8Array>, hash: RunningHash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}
