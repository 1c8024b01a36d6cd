/** The log of one hour: asked for, downloaded, imported, and the hour marked as proven; or why it is not. */
import { listProofs } from '../archive/completeness.ts'
import { forgetRefusedHost, NO_COUNTS, recordProvenHour, type LogCounts } from '../archive/history-logs.ts'
import { countMessages } from '../archive/message-counts.ts'
import { GAP_REASONS, isMisfit, LOG_KEPT_MS, type LogOfHour, type ReadLog } from '../domain/hour-state.ts'
import type { LogZone } from '../domain/log-zone.ts'
import { isFromRongCloud } from '../domain/message.ts'
import { askForLog } from './ask-for-log.ts'
import { HostRefused } from './host-refused.ts'
import { identityOf, importDownload, type Hour, type HourDeps, type Run } from './import-download.ts'
import { innermost } from './innermost.ts'

/** `counts` when the hour is proven now; else why it is not. `foreign`: names of what lay beside the logs. */
export type HourResult = (
  { counts: LogCounts; reason: null } | { counts: null; reason: string; why: Why }
) & {
  foreign: string[]
}

type Why =
  | 'too_often'
  | 'not_enabled'
  | 'not_answered'
  | 'host_refused'
  | 'no_file_yet'
  | 'stopped'
  | 'misfit'
  | 'plain_http'
  | 'failed'

const HOUR_MS = 3_600_000

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
    return await (url === null ? proveEmpty(deps, hour) : proveByFile(deps, hour, url, run))
  } catch (error) {
    const cause = innermost(error)
    return open(cause instanceof HostRefused ? 'host_refused' : 'failed', cause.message)
  }
}

function open(why: Why, reason: string, foreign: string[] = []): HourResult {
  return { counts: null, reason, why, foreign }
}

async function proveByFile(deps: HourDeps, hour: Hour, url: string, run: Run): Promise<HourResult> {
  const { counts, plainHosts, foreign } = await importDownload(deps, hour, url, run)
  await forgetRefusedHost(deps.store, hour.app.appKey)
  if (run.signal?.aborted || counts === null) return open('stopped', 'not read to its end yet', foreign)
  if (counts.read === 0) return open('failed', 'there is no record in the file', foreign)
  const { outside: _outside, ...ofLog } = counts
  await note(deps, hour, { ...counts, overPlainHttp: plainHosts.length > 0 })
  if (isMisfit(counts)) return open('misfit', misfitOf(counts, deps.logZone), foreign)
  if (plainHosts.length > 0) return open('plain_http', plainOf(plainHosts), foreign)
  return { counts: ofLog, reason: null, foreign }
}

function misfitOf({ read, unreadable, outside }: LogOfHour, { name }: LogZone): string {
  return `${GAP_REASONS[0]}: ${outside} of ${read - unreadable} lie outside; it was asked for in the zone ${name} (RONGCLOUD_LOG_ZONE)`
}

function plainOf(hosts: readonly string[]): string {
  return `${GAP_REASONS[1]}: ${hosts.join(', ')}; what it held is archived. If the way there is safe, add the host to RONGCLOUD_LOG_HOSTS, and archive logs fetch asks for the hour again`
}

/** That there is no file tells something only where there would be one, had there been messages. */
async function proveEmpty(deps: HourDeps, hour: Hour): Promise<HourResult> {
  const ageMs = deps.now() - hour.hourStartMs
  if (ageMs < SURELY_READY_AFTER_MS) return open('no_file_yet', 'there is no file yet')
  if (ageMs > LOG_KEPT_MS) return open('failed', 'there is no file, and RongCloud keeps none for so long')
  const doubt = await findDoubt(deps, identityOf(hour))
  if (doubt !== null) return open('failed', `there is no file, but ${doubt}`)
  await note(deps, hour, { ...NO_COUNTS, outside: 0, overPlainHttp: false })
  return { counts: NO_COUNTS, reason: null, foreign: [] }
}

async function findDoubt(
  { store, logZone }: HourDeps,
  { appKey, hourStartMs }: ReturnType<typeof identityOf>,
): Promise<string | null> {
  const untilMs = hourStartMs + HOUR_MS
  const buckets = [[hourStartMs, untilMs]] as const
  const { counts, uncounted } = await countMessages(store, { buckets, appKey, by: ['origin'] })
  if (counts.some(({ origin }) => isFromRongCloud(origin)))
    return 'messages that were sent in this hour are here'
  if (uncounted > 0) return 'the newest messages are not counted yet; the server does it'
  const hours = { appKeys: [appKey], fromMs: hourStartMs, untilMs }
  const [proof] = await listProofs(store, hours, logZone.aheadOfUtcMs)
  return proof && proof.read > 0 ? 'there was one before' : null
}

/** What was made of the log: of an hour that is proven by it, and of one that it does not fit. */
function note(deps: HourDeps, hour: Hour, counts: LogCounts & ReadLog): Promise<void> {
  const zoneAheadMs = deps.logZone.aheadOfUtcMs
  return recordProvenHour(deps.store, { ...identityOf(hour), provenAtMs: deps.now(), zoneAheadMs, ...counts })
}
