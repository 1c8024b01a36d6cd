/** The log of one hour: asked for, downloaded, imported, and the hour marked as proven; or why it is not. */
import { listProofs } from '../archive/completeness.ts'
import { NO_COUNTS, recordProvenHour, type LogCounts } from '../archive/history-logs.ts'
import { countMessages } from '../archive/message-counts.ts'
import { LOG_KEPT_MS } from '../domain/hour-state.ts'
import { isFromRongCloud } from '../domain/message.ts'
import { askForLog } from './ask-for-log.ts'
import { identityOf, importDownload, type Hour, type HourDeps, type Run } from './import-download.ts'
import { innermost } from './innermost.ts'

/** `counts` when the hour is proven now; else why it is not. */
export type HourResult = { counts: LogCounts; reason: null } | { counts: null; reason: string; why: Why }

type Why = 'too_often' | 'not_enabled' | 'not_answered' | 'no_file_yet' | 'stopped' | 'failed'

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
    return open('failed', innermost(error).message)
  }
}

function open(why: Why, reason: string): HourResult {
  return { counts: null, reason, why }
}

async function proveByFile(deps: HourDeps, hour: Hour, url: string, run: Run): Promise<HourResult> {
  const counts = await importDownload(deps, hour, url, run)
  if (run.signal?.aborted || counts === null) return open('stopped', 'not read to its end yet')
  if (counts.read === 0) return open('failed', 'there is no record in the file')
  return prove(deps, hour, counts)
}

/** That there is no file tells something only where there would be one, had there been messages. */
async function proveEmpty(deps: HourDeps, hour: Hour): Promise<HourResult> {
  const ageMs = deps.now() - hour.hourStartMs
  if (ageMs < SURELY_READY_AFTER_MS) return open('no_file_yet', 'there is no file yet')
  if (ageMs > LOG_KEPT_MS) return open('failed', 'there is no file, and RongCloud keeps none for so long')
  const doubt = await findDoubt(deps, identityOf(hour))
  return doubt === null ? prove(deps, hour, NO_COUNTS) : open('failed', `there is no file, but ${doubt}`)
}

async function findDoubt(
  { store }: HourDeps,
  { appKey, hourStartMs }: ReturnType<typeof identityOf>,
): Promise<string | null> {
  const untilMs = hourStartMs + HOUR_MS
  const buckets = [[hourStartMs, untilMs]] as const
  const { counts, uncounted } = await countMessages(store, { buckets, appKey, by: ['origin'] })
  if (counts.some(({ origin }) => isFromRongCloud(origin)))
    return 'messages that were sent in this hour are here'
  if (uncounted > 0) return 'the newest messages are not counted yet; the server does it'
  const [proof] = await listProofs(store, { appKeys: [appKey], fromMs: hourStartMs, untilMs })
  return proof && proof.read > 0 ? 'there was one before' : null
}

async function prove(deps: HourDeps, hour: Hour, counts: LogCounts): Promise<HourResult> {
  await recordProvenHour(deps.store, { ...identityOf(hour), provenAtMs: deps.now(), ...counts })
  return { counts, reason: null }
}
