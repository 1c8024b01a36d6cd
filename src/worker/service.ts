/** The app and its parts, made of one environment. */
import { parseWorkerConfig } from '../config.ts'
import { createJsonLog } from '../domain/json-log.ts'
import type { Store } from '../archive/store.ts'
import type { Log } from '../domain/ports.ts'
import { createApp, type App } from '../http/app.ts'
import { commitNoter, createMetrics } from '../http/metrics/registry.ts'
import type { HistoryDeps } from '../ingest/fetch-history.ts'
import type { FetchDeps } from '../ingest/fetch-logs.ts'
import type { StoreDeps } from '../ingest/store-callback.ts'
import type { Bindings } from './bindings.ts'
import { bufferIn } from './callback-queue.ts'
import { workerUnpacking } from './content-codings.ts'
import { openD1Store } from './d1-store.ts'
import { workerHashing } from './hashing.ts'
import { logFetching } from './log-downloads.ts'

// A page that is missing altogether is some hundreds of D1's 1,000 statements of one invocation, a known one is ten.
const HISTORY_REQUESTS_PER_RUN = 20

export type Service = App & {
  store: Store
  log: Log
  /** For the queue's consumer: its own store for each batch, which shares commits within it. */
  storeDeps: () => StoreDeps
  /** For scheduled work: null when RongCloud is not to be asked for its hourly logs, or for its message history. */
  logs: () => FetchDeps | null
  history: () => HistoryDeps | null
}

/** @throws ConfigError */
export function createService(env: Bindings): Service {
  const settings = parseWorkerConfig(env)
  const log = createJsonLog(settings.logLevel, writeLine)
  const metrics = createMetrics()
  const onCommit = commitNoter(metrics)
  const store = openD1Store(env.DB, { onCommit })
  const app = createApp({
    store,
    settings,
    hashing: workerHashing,
    unpacking: workerUnpacking,
    log,
    metrics,
    eventLoopDelaySeconds: null,
    now: Date.now,
    // Set by Cloudflare itself; a client's own is replaced.
    remoteAddress: (c) => c.req.header('cf-connecting-ip') ?? null,
    // Cloudflare routes by it: a request for any other host does not come here.
    isHostOurs: true,
    buffer: env.CALLBACK_QUEUE ? bufferIn(env.CALLBACK_QUEUE, log) : null,
    afterAnswer: (c, work) => c.executionCtx.waitUntil(work),
    stopping: null,
    asset: (name) => readAsset(env.ASSETS, name),
  })
  const logs = () => logFetching(settings, { store, log })
  return {
    ...app,
    store,
    log,
    logs,
    history: () => {
      const asking = settings.fetchesHistory ? logs() : null
      return asking && { ...asking, requestsPerRun: HISTORY_REQUESTS_PER_RUN }
    },
    storeDeps: () => ({
      store: openD1Store(env.DB, { shared: true, onCommit }),
      hashing: workerHashing,
      templates: settings.templates,
      logZone: settings.logZone,
      sameMsgUID: settings.sameMsgUID,
    }),
  }
}

function writeLine(line: string) {
  console.log(line) // oxlint-disable-line no-console -- Workers Logs has no other door
}

async function readAsset(assets: Fetcher, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const answer = await assets.fetch(`https://assets/${name}`)
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null
}
