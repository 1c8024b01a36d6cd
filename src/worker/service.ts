/** The app and its parts, made of one environment. */
import { parseWorkerConfig } from '../config.ts'
import { createJsonLog } from '../domain/json-log.ts'
import type { Store } from '../archive/store.ts'
import type { Log } from '../domain/ports.ts'
import { createApp, type App } from '../http/app.ts'
import { commitNoter, createMetrics } from '../http/metrics/registry.ts'
import type { FetchDeps } from '../ingest/fetch-logs.ts'
import type { StoreDeps } from '../ingest/store-callback.ts'
import type { Bindings } from './bindings.ts'
import { bufferIn } from './callback-queue.ts'
import { openD1Store } from './d1-store.ts'
import { workerHashing } from './hashing.ts'
import { logFetching } from './log-downloads.ts'

export type Service = App & {
  store: Store
  log: Log
  /** For the queue's consumer: its own store for each batch, which shares commits within it. */
  storeDeps: () => StoreDeps
  /** For scheduled work: null when RongCloud is not to be asked for its history logs. */
  logs: () => FetchDeps | null
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
    log,
    metrics,
    now: Date.now,
    // Set by Cloudflare itself; a client's own is replaced.
    remoteAddress: (c) => c.req.header('cf-connecting-ip') ?? null,
    buffer: env.CALLBACK_QUEUE ? bufferIn(env.CALLBACK_QUEUE, log) : null,
    afterAnswer: (c, work) => c.executionCtx.waitUntil(work),
    stopping: null,
    asset: (name) => readAsset(env.ASSETS, name),
  })
  return {
    ...app,
    store,
    log,
    logs: () => logFetching(settings, { store, log }),
    storeDeps: () => ({
      store: openD1Store(env.DB, { shared: true, onCommit }),
      hashing: workerHashing,
      templates: settings.templates,
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
