/** Scheduled work, the same on both runtimes: Node's timer and the Worker's cron trigger call this. */
import { forgetOverSessions } from '../archive/revoked-sessions.ts'
import type { Store } from '../archive/store.ts'
import { factsOf } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import { fetchHistory, type HistoryDeps } from './fetch-history.ts'
import { fetchLogs, goOnFetching, type FetchDeps } from './fetch-logs.ts'

/** `logs`, `history`: null when RongCloud is not to be asked for its hourly logs, or for its message history. */
export type JobDeps = {
  log: Log
  store: Store
  logs: FetchDeps | null
  history: HistoryDeps | null
  signal?: AbortSignal
}

/** Whatever becomes of it is logged; it does not throw. */
export type Job = (deps: JobDeps) => Promise<void>

const hourlyLogs = createJob(
  'fetch logs',
  async ({ logs, signal }) => logs && fetchLogs(logs, signal && { signal }),
)

const hourlyHistory = createJob(
  'fetch history',
  async ({ history, signal }) => history && fetchHistory(history, signal && { signal }),
)

const forgetSessions = createJob('forget ended sessions', ({ store }) =>
  forgetOverSessions(store, Date.now()),
)

/** Logs first: an hour that one of them proves needs no history. */
export const hourly: Job = async (deps) => {
  await hourlyLogs(deps)
  await hourlyHistory(deps)
  await forgetSessions(deps)
}

/** Where a run may not take long, and has to leave something for the next. */
export const eachMinute = createJob('go on with logs', async ({ logs }) => logs && goOnFetching(logs))

export function createJob(name: string, run: (deps: JobDeps) => Promise<unknown>): Job {
  return async (deps) => {
    try {
      await run(deps)
      deps.log.debug('job done', { job: name })
    } catch (error) {
      deps.log.error('job failed', { job: name, ...factsOf(error) })
    }
  }
}
