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
import { download, type AskForLogDeps } from './ask-for-log.ts'
import type { LogFile, Slice } from './import-log.ts'
import type { LoggedHour } from './import-log-batch.ts'
import { importMembers } from './import-members.ts'
import type { StoreDeps } from './store-callback.ts'

export type HourDeps = StoreDeps &
  AskForLogDeps & {
    /** The logs in a file that is downloaded; throws when it is too large, or unpacks to too much. */
    openDownload: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<LogFile>
    /** Whether what comes from there is RongCloud's word; else anybody on the way may have written it. */
    isTrusted: (url: URL) => boolean
  }

export type Hour = { app: App; hourStartMs: number }

/** Goes through the hours of one run. */
export type Run = { linesLeft: number; signal: AbortSignal | undefined }

export function identityOf({ app, hourStartMs }: Hour) {
  return { appKey: app.appKey, hourStartMs }
}

/** `counts` null: there is more than this run may take, and the next one goes on there. */
export type ImportedDownload = {
  counts: (LogCounts & Pick<LoggedHour, 'outside'>) | null
  /** Those on the way to the file that came over plain http and are not allowed by the operator. */
  plainHosts: string[]
  /** Names of what lay beside the logs. */
  foreign: string[]
}

export async function importDownload(
  deps: HourDeps,
  hour: Hour,
  url: string,
  run: Run,
): Promise<ImportedDownload> {
  const hash = deps.hashing.startSha256()
  const plainHosts: string[] = []
  const onHop = (hop: URL) => void (deps.isTrusted(hop) || plainHosts.push(hop.host))
  let begun: Begun | undefined
  const { counts, foreign } = await importMembers(
    deps,
    deps.openDownload(noted(download(deps, url, onHop), hash)),
    async () => {
      // By then it is downloaded whole.
      begun ??= await begin(deps, hour, hash.digest(), run)
      const how = { appKey: hour.app.appKey, now: deps.now, slice: begun.slice, hour: begun.logged }
      return run.signal ? { ...how, signal: run.signal } : how
    },
  )
  if (!begun) return { counts: { ...NO_COUNTS, outside: 0 }, plainHosts, foreign }
  run.linesLeft -= begun.slice.taken
  const total = { ...addCounts(begun.before, counts), outside: begun.logged.outside }
  if (!begun.slice.isCut) return { counts: total, plainHosts, foreign }
  await noteHowFar(deps, hour, begun, total)
  return { counts: null, plainHosts, foreign }
}

type Begun = { sha256: string; linesBefore: number; before: LogCounts; slice: Slice; logged: LoggedHour }

/** Where an earlier run left off, if the file is still the same. */
async function begin(
  { store }: HourDeps,
  { app, hourStartMs }: Hour,
  sha256: string,
  { linesLeft }: Run,
): Promise<Begun> {
  const position = await findLogPosition(store, app.appKey, hourStartMs)
  const known = position?.sha256 === sha256 ? position : undefined
  const linesBefore = known?.lines ?? 0
  return {
    sha256,
    linesBefore,
    before: known ? addCounts(NO_COUNTS, known) : NO_COUNTS,
    slice: { passOver: linesBefore, most: linesLeft, taken: 0, isCut: false },
    logged: { startMs: hourStartMs, outside: known?.outside ?? 0 },
  }
}

function noteHowFar(
  deps: HourDeps,
  hour: Hour,
  { sha256, linesBefore, slice }: Begun,
  total: LogCounts & Pick<LoggedHour, 'outside'>,
): Promise<void> {
  const nowMs = deps.now()
  const position = {
    ...identityOf(hour),
    sha256,
    lines: linesBefore + slice.taken,
    readAtMs: nowMs,
    ...total,
  }
  return recordLogPosition(deps.store, position, nowMs - LOG_KEPT_MS)
}

async function* noted(pieces: AsyncIterable<Uint8Array>, hash: RunningHash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}
