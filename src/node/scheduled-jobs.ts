/** The jobs of each hour, for as long as the service runs: the first soon after its start, never two at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HOURLY, runJobs, type JobDeps } from '../ingest/jobs.ts'

const HOUR_MS = 3_600_000
// A start has better things to do, and whoever starts again and again should not ask RongCloud each time.
const FIRST_AFTER_MS = 60_000

/** Settles when `signal` has ended them. */
export async function repeatJobs(
  deps: JobDeps & { signal: AbortSignal },
  firstAfterMs = FIRST_AFTER_MS,
): Promise<void> {
  const { signal } = deps
  for (let restMs = firstAfterMs; ;) {
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    const startedAt = performance.now()
    await runJobs(HOURLY, deps)
    restMs = Math.max(HOUR_MS - (performance.now() - startedAt), firstAfterMs)
  }
}
