/** Proves hours complete: fetches RongCloud's log of each finished hour that is not proven yet, and imports it. */
import {
  findLogPause,
  isLogHalfRead,
  listReadHours,
  recordLogPause,
  recordRefusedHost,
  type LogCounts,
} from '../archive/history-logs.ts'
import { hoursToProve } from '../domain/hour-state.ts'
import type { Log } from '../domain/ports.ts'
import { writeHour } from '../rongcloud/history-log/hours.ts'
import type { App } from '../rongcloud/signature.ts'
import { fetchHour, type HourResult } from './fetch-hour.ts'
import type { HourDeps, Run } from './import-download.ts'

export type FetchDeps = HourDeps & {
  apps: readonly App[]
  log: Log
  /** After so many the run ends, and the next goes on there. */
  linesPerRun: number
}

/** `counts` when the hour is proven now; else why it is not. */
export type FetchedHour = {
  appKey: string
  hour: string
  hourStartMs: number
  counts: LogCounts | null
  reason: string | null
  /** Names of what was packed along with the logs and is none; it was passed over. */
  foreign: string[]
}

const HOUR_MS = 3_600_000

const PAUSE_MS = { too_often: HOUR_MS / 2, not_enabled: 24 * HOUR_MS } as const
// Whoever does not answer for one hour may for another, but not whoever never does.
// Nor whoever has the logs where nobody may go.
const NOT_ANSWERED_MAX = 3
// A log that cannot be read further is left to the hourly run.
const HALF_READ_LATELY_MS = 5 * 60_000

export type WhichHours = {
  /** These, proven or not; without it, all that are not proven and can still be had. */
  hours?: readonly number[] | undefined
  /**
   * Asks also an app of which RongCloud said a while ago that it has no logs, or that we ask too often; and for logs that came
   * over plain http, whose host may be allowed by now.
   */
  insist?: boolean
  signal?: AbortSignal
  onHour?: (hour: FetchedHour) => void
}

export async function fetchLogs(deps: FetchDeps, which: WhichHours = {}): Promise<FetchedHour[]> {
  const fetched: FetchedHour[] = []
  const run: Run = { linesLeft: deps.linesPerRun, signal: which.signal }
  for (const app of deps.apps) {
    const pause = which.insist ? undefined : await findLogPause(deps.store, app.appKey, deps.now())
    if (pause !== undefined) deps.log.debug('logs are not asked for', { appKey: app.appKey, reason: pause })
    else await fetchHoursOf(deps, app, which, run, fetched)
  }
  return fetched
}

/** Only where the last run had to leave a log half read. */
export async function goOnFetching(deps: FetchDeps): Promise<FetchedHour[]> {
  const isDue = await isLogHalfRead(deps.store, deps.now() - HALF_READ_LATELY_MS)
  return isDue ? fetchLogs(deps) : []
}

async function fetchHoursOf(
  deps: FetchDeps,
  app: App,
  { hours, insist = false, onHour }: WhichHours,
  run: Run,
  fetched: FetchedHour[],
): Promise<void> {
  let notAnswered = 0
  for (const hourStartMs of hours ?? (await openHours(deps, app.appKey, insist))) {
    if (run.signal?.aborted || run.linesLeft <= 0) return
    const result = await fetchHour(deps, { app, hourStartMs }, run)
    const { counts, reason, foreign } = result
    const name = writeHour(hourStartMs, deps.logZone)
    const hour = { appKey: app.appKey, hour: name, hourStartMs, counts, reason, foreign }
    fetched.push(hour)
    onHour?.(hour)
    report(deps.log, hour, result)
    const why = whyOf(result)
    notAnswered = why === 'not_answered' || why === 'host_refused' ? notAnswered + 1 : 0
    if (await isEnough(deps, app, result)) return
    if (notAnswered === NOT_ANSWERED_MAX) return
  }
}

// One whose log was read and proves nothing waits for somebody to ask for it, or to set another zone.
async function openHours(
  { store, now, logZone }: FetchDeps,
  appKey: string,
  insist: boolean,
): Promise<number[]> {
  const hours = hoursToProve(now())
  const fromMs = hours[0] ?? 0
  const asked = { appKey, fromMs, zoneAheadMs: logZone.aheadOfUtcMs, unlessPlain: insist }
  const read = new Set(await listReadHours(store, asked))
  return hours.filter((hour) => !read.has(hour))
}

function whyOf(result: HourResult) {
  return 'why' in result ? result.why : null
}

// That a file is not there yet, or too long for one run, is as it should be.
function report(log: Log, hour: FetchedHour, result: HourResult) {
  const why = whyOf(result)
  if (hour.foreign.length > 0)
    log.info('passed over what is no log', { hour: hour.hour, files: hour.foreign })
  if (why === null || why === 'no_file_yet' || why === 'stopped') log.debug('hour asked for', { ...hour })
  else log.warn('hour not proven', { ...hour })
}

async function isEnough({ store, now }: FetchDeps, { appKey }: App, result: HourResult): Promise<boolean> {
  const why = whyOf(result)
  const reason = result.reason ?? ''
  if (why === 'host_refused') await recordRefusedHost(store, { appKey, atMs: now(), reason })
  if (why !== 'too_often' && why !== 'not_enabled') return false
  await recordLogPause(store, { appKey, untilMs: now() + PAUSE_MS[why], reason })
  return true
}
