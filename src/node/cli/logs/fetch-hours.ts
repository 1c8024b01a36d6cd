/** `archive logs fetch`: the same as the server's hourly job, asked for by hand. */
import { InvalidArgumentError } from 'commander'
import { createJsonLog } from '../../../domain/json-log.ts'
import { GAP_REASONS, hoursToProve } from '../../../domain/hour-state.ts'
import { UTC } from '../../../domain/log-zone.ts'
import { fetchLogs, type FetchedHour } from '../../../ingest/fetch-logs.ts'
import { readHour } from '../../../rongcloud/history-log/hours.ts'
import { logFetching } from '../../log-downloads.ts'
import { Failure, type Io } from '../io.ts'

export function hourOption(text: string, before: string[] = []): string[] {
  // Which moment it is the zone decides, whether it is one does not depend on it.
  if (readHour(text, UTC) === null) throw new InvalidArgumentError('must be yyyyMMddHH, such as 2024121916')
  return [...before, text]
}

export async function fetchHours(io: Io, { hour: given }: { hour?: string[] }): Promise<void> {
  const log = createJsonLog('error', io.say)
  const config = io.settings()
  const fetching = logFetching(config, {
    store: io.openStore(),
    log,
    now: io.now,
    signal: io.signal,
  })
  if (!fetching)
    throw new Failure(
      'RongCloud is not asked: RONGCLOUD_API is off, or RONGCLOUD_APPS is not set and the app here was made up',
    )
  if (fetching.apps.length === 0) throw new Failure('RONGCLOUD_APPS names no app whose logs to ask for')
  const hours = given?.map((text) => readHour(text, config.logZone) as number)
  const count = (hours ?? hoursToProve(io.now())).length * fetching.apps.length
  const bar = io.progress('hours', count)
  const { signal } = io
  const fetched = await fetchLogs(fetching, { hours, insist: true, signal, onHour: () => bar.step() })
  bar.stop()
  io.print(fetched, textOf(fetched))
  if (signal.aborted) throw new Failure('stopped before the end; the same command goes on from here')
  const open = fetched.filter(({ counts }) => counts === null).length
  if (open > 0) throw new Failure(`${open} of ${fetched.length} hours could not be proven`)
}

function textOf(fetched: readonly FetchedHour[]): string {
  if (fetched.length === 0) return 'every hour that can be proven is proven'
  return fetched.map(lineOf).join('\n')
}

function lineOf({ appKey, hour, counts, reason, foreign }: FetchedHour): string {
  const beside = foreign.length === 0 ? '' : `; passed over, being no logs: ${foreign.join(', ')}`
  if (!counts) {
    const isGap = GAP_REASONS.some((gap) => reason?.startsWith(gap))
    return `${appKey} ${hour} ${isGap ? 'gap' : 'open'}: ${reason}${beside}`
  }
  const { read, known, filled, different, unreadable } = counts
  return `${appKey} ${hour} proven: ${read} read, ${known} known, ${filled} filled in, ${different} different, ${unreadable} unreadable${beside}`
}
