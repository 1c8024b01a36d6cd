/** The log of an hour, imported as it comes; or as far as a run may go, to be gone on with by the next. */
import {
  addCounts,
  findLogPosition,
  NO_COUNTS,
  recordLogPosition,
  type LogCounts,
} from '../archive/history-logs.ts'
import { LOG_KEPT_MS } from '../domain/hour-state.ts'
import type { RunningHash } from '../domain/ports.ts'
import type { App } from '../rongcloud/signature.ts'
import { download } from './ask-for-log.ts'
import type { AskDeps } from './ask-rongcloud.ts'
import { importLog, type LogFile, type Slice } from './import-log.ts'
import type { StoreDeps } from './store-callback.ts'

export type HourDeps = StoreDeps &
  AskDeps & {
    /** The logs in a file that is downloaded; throws when it is too large, or unpacks to too much. */
    openDownload: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<LogFile>
  }

export type Hour = { app: App; hourStartMs: number }

/** Goes through the hours of one run. */
export type Run = { linesLeft: number; signal: AbortSignal | undefined }

export function identityOf({ app, hourStartMs }: Hour) {
  return { appKey: app.appKey, hourStartMs }
}

/** Null when there is more than this run may take: the next one goes on there. */
export async function importDownload(
  deps: HourDeps,
  hour: Hour,
  url: string,
  run: Run,
): Promise<LogCounts | null> {
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
  return recordLogPosition(deps.store, position, nowMs - LOG_KEPT_MS)
}

async function* noted(pieces: AsyncIterable<Uint8Array>, hash: RunningHash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}
