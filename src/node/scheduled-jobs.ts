/** Work of each hour, for as long as the service runs: the first time soon after its start, never twice at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, JobDeps } from '../ingest/jobs.ts'

/** In milliseconds. A start has better things to do, and whoever starts again and again should not ask RongCloud each time. */
const PACE = { firstAfter: 60_000, every: 3_600_000 }

/** Settles when `signal` has ended it. */
export async function repeatHourly(
  job: Job,
  deps: JobDeps & { signal: AbortSignal },
  { firstAfter, every } = PACE,
): Promise<void> {
  const { signal } = deps
  for (let restMs = firstAfter; ;) {
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    const startedAt = performance.now()
    await job(deps)
    restMs = Math.max(every - (performance.now() - startedAt), firstAfter)
  }
}
