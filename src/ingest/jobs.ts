/** Scheduled work, the same on both runtimes: Node's timer and the Worker's cron trigger call this. */
import type { Store } from '../archive/store.ts'
import { factsOf } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import { fetchLogs, goOnFetching, type FetchDeps } from './fetch-logs.ts'

/** `logs`: null when RongCloud is not to be asked for its history logs. */
export type JobDeps = { store: Store; log: Log; logs: FetchDeps | null; signal?: AbortSignal }

type Job = { name: string; run: (deps: JobDeps) => Promise<unknown> }

export const HOURLY: readonly Job[] = [
  // SQLite's own advice for long-lived databases; it looks at a bounded number of rows.
  { name: 'optimize', run: ({ store }) => store.atomically([{ sql: 'PRAGMA optimize', params: [] }]) },
  { name: 'fetch logs', run: async ({ logs, signal }) => logs && fetchLogs(logs, signal && { signal }) },
]

/** Where a run may not take long, and has to leave something for the next. */
export const EACH_MINUTE: readonly Job[] = [
  { name: 'go on with logs', run: async ({ logs }) => logs && goOnFetching(logs) },
]

/** Runs every job in turn; one that fails is logged and keeps no other from running. */
export async function runJobs(jobs: readonly Job[], deps: JobDeps): Promise<void> {
  for (const { name, run } of jobs) {
    try {
      await run(deps)
      deps.log.debug('job done', { job: name })
    } catch (error) {
      deps.log.error('job failed', { job: name, ...factsOf(error) })
    }
  }
}
