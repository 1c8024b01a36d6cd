/** The door for Cloudflare Workers. */
import { ConfigError } from '../config.ts'
import { SAFE_HEADERS } from '../http/safe-headers.ts'
import type { HeldCallback } from '../ingest/held-callback.ts'
import { indexAll } from '../ingest/index-messages.ts'
import { createJob, eachMinute, hourly } from '../ingest/jobs.ts'
import type { Bindings } from './bindings.ts'
import { storeQueued } from './callback-queue.ts'
import { createService, type Service } from './service.ts'

const RETRY_ALL_SECONDS = 600
// As in wrangler.toml. What arrived since the last minute is searched row by row.
const EVERY_MINUTE = '* * * * *'
const INDEXING_MS = 45_000

// One isolate serves many requests with the same environment.
let made: { env: Bindings; service: Service } | undefined

function serviceOf(env: Bindings): Service {
  if (made?.env !== env) made = { env, service: createService(env) }
  return made.service
}

export default {
  fetch: (request, env, context) => {
    try {
      return serviceOf(env).app.fetch(request, env, context)
    } catch (error) {
      return answerMisconfigured(error)
    }
  },
  queue: async (batch, env) => {
    try {
      const { log, count, tally, storeDeps } = serviceOf(env)
      return await storeQueued({ ...storeDeps(), log, count, tally }, batch)
    } catch (error) {
      // Thrown, it would cost each callback all its tries at once.
      logFailure(error)
      batch.retryAll({ delaySeconds: RETRY_ALL_SECONDS })
    }
  },
  scheduled: async ({ cron }, env) => {
    const { store, log, logs, history, unconfiguredApps } = serviceOf(env)
    const jobs = { log, store, logs: logs(), history: history() }
    const index = createJob('index', () => indexAll(store, { forMs: INDEXING_MS, now: Date.now }))
    if (cron !== EVERY_MINUTE) await Promise.all([hourly(jobs), unconfiguredApps()])
    await index(jobs)
    if (cron === EVERY_MINUTE) await eachMinute(jobs)
  },
} satisfies ExportedHandler<Bindings, HeldCallback>

// What is wrong is for the operator's log; a stranger learns no more than that nothing works.
function answerMisconfigured(error: unknown): Response {
  if (!(error instanceof ConfigError)) throw error
  logFailure(error)
  const body = {
    name: 'Service Unavailable',
    message: 'the settings are wrong; the log says which',
    code: 0,
    status: 503,
  }
  return Response.json(body, {
    status: 503,
    headers: { ...Object.fromEntries(SAFE_HEADERS), 'Retry-After': '60' },
  })
}

// There is no log before there are settings.
function logFailure(error: unknown) {
  const problems = error instanceof ConfigError ? error.problems : [String(error)]
  console.error(JSON.stringify({ level: 'error', event: 'the Worker cannot work', problems })) // oxlint-disable-line no-console -- see above
}
