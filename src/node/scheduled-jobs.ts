/** The jobs of each hour, for as long as the service runs: the first soon after its start, never two at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HOURLY, runJobs, type JobDeps } from '../ingest/jobs.ts'

/** In milliseconds. A start has better things to do, and whoever starts again and again should not ask RongCloud each time. */
const PACE = { firstAfter: 60_000, every: 3_600_000 }

/** Settles when `signal` has ended them. */
export async function repeatJobs(
  deps: JobDeps & { signal: AbortSignal },
  { firstAfter, every } = PACE,
): Promise<void> {
  const { signal } = deps
  for (let restMs = firstAfter; ;) {
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    const startedAt = performance.now()
    await runJobs(HOURLY, deps)
    restMs = Math.max(every - (performance.now() - startedAt), firstAfter)
  }
}
