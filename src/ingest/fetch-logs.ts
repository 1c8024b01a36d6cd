/** Proves hours complete: fetches RongCloud's log of each finished hour that is not proven yet, and imports it. */
import {
  addCounts,
  findLogPause,
  listProvenHours,
  NO_COUNTS,
  recordLogPause,
  recordProvenHour,
  type LogCounts,
} from '../archive/history-logs.ts'
import { hoursToProve } from '../domain/hour-state.ts'
import type { Log } from '../domain/ports.ts'
import { writeHour } from '../rongcloud/history-log/hours.ts'
import type { App } from '../rongcloud/signature.ts'
import { askForLog, download, type AskDeps } from './ask-for-log.ts'
import { importLog, type LogFile } from './import-log.ts'
import { innermost } from './innermost.ts'
import type { StoreDeps } from './store-callback.ts'

export type FetchDeps = StoreDeps &
  AskDeps & {
    apps: readonly App[]
    log: Log
    /** The logs in a file that is downloaded; throws when it is too large, or unpacks to too much. */
    openDownload: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<LogFile>
  }

/** `counts` when the hour is proven now; else why it is not. */
export type FetchedHour = {
  appKey: string
  hour: string
  hourStartMs: number
  counts: LogCounts | null
  reason: string | null
}

const HOUR_MS = 3_600_000
// Later than when it is ready: an hour that has no file by then had no messages.
const SURELY_READY_AFTER_MS = 4 * HOUR_MS

const PAUSE_MS = { too_often: HOUR_MS / 2, not_enabled: 24 * HOUR_MS } as const

export type WhichHours = {
  /** These, proven or not; without it, all that are not proven and can still be had. */
  hours?: readonly number[] | undefined
  /** Asks also an app of which RongCloud said a while ago that it has no logs, or that we ask too often. */
  insist?: boolean
  signal?: AbortSignal
  onHour?: (hour: FetchedHour) => void
}

export async function fetchLogs(deps: FetchDeps, which: WhichHours = {}): Promise<FetchedHour[]> {
  const fetched: FetchedHour[] = []
  for (const app of deps.apps) {
    const pause = which.insist ? undefined : await findLogPause(deps.store, app.appKey, deps.now())
    if (pause !== undefined) deps.log.debug('logs are not asked for', { appKey: app.appKey, reason: pause })
    else await fetchHoursOf(deps, app, which, fetched)
  }
  return fetched
}

async function fetchHoursOf(
  deps: FetchDeps,
  app: App,
  { hours, signal, onHour }: WhichHours,
  fetched: FetchedHour[],
): Promise<void> {
  for (const hourStartMs of hours ?? (await openHours(deps, app.appKey))) {
    if (signal?.aborted) return
    const { pauseMs = 0, ...result } = await fetchHour(deps, app, hourStartMs, signal)
    const hour = { appKey: app.appKey, hour: writeHour(hourStartMs, deps.api.zone), hourStartMs, ...result }
    fetched.push(hour)
    onHour?.(hour)
    if (hour.reason !== null) deps.log.warn('hour not proven', { ...hour })
    if (pauseMs === 0) continue
    const pause = { appKey: app.appKey, untilMs: deps.now() + pauseMs, reason: hour.reason ?? '' }
    return recordLogPause(deps.store, pause)
  }
}

async function openHours({ store, now }: FetchDeps, appKey: string): Promise<number[]> {
  const hours = hoursToProve(now())
  const proven = new Set(await listProvenHours(store, appKey, hours[0] ?? 0))
  return hours.filter((hour) => !proven.has(hour))
}

type Result = Pick<FetchedHour, 'counts' | 'reason'> & { pauseMs?: number }

async function fetchHour(
  deps: FetchDeps,
  app: App,
  hourStartMs: number,
  signal: AbortSignal | undefined,
): Promise<Result> {
  try {
    const answer = await askForLog(deps, app, hourStartMs)
    if ('refused' in answer) {
      const { refused, detail } = answer
      const pauseMs = refused === 'too_often' || refused === 'not_enabled' ? PAUSE_MS[refused] : 0
      return { counts: null, reason: detail, pauseMs }
    }
    if (answer.url === null && deps.now() - hourStartMs < SURELY_READY_AFTER_MS)
      return { counts: null, reason: 'there is no file yet' }
    const counts = answer.url === null ? NO_COUNTS : await importDownload(deps, app, answer.url, signal)
    if (signal?.aborted) return { counts: null, reason: 'stopped' }
    await recordProvenHour(deps.store, { appKey: app.appKey, hourStartMs, provenAtMs: deps.now(), ...counts })
    return { counts, reason: null }
  } catch (error) {
    return { counts: null, reason: innermost(error).message }
  }
}

async function importDownload(
  deps: FetchDeps,
  { appKey }: App,
  url: string,
  signal: AbortSignal | undefined,
): Promise<LogCounts> {
  let total = NO_COUNTS
  const how = { origin: { appKey, zone: deps.api.zone }, now: deps.now, ...(signal && { signal }) }
  for await (const file of deps.openDownload(download(deps, url)))
    total = addCounts(total, await importLog(deps, file, how))
  return total
}
