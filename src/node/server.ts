/** The service on Node: the app over HTTP on the embedded SQLite. */
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getConnInfo } from '@hono/node-server/conninfo'
import { serve } from '@hono/node-server'
import type { Config, NodeConfig } from '../config.ts'
import { createJsonLog } from '../domain/json-log.ts'
import { hourly } from '../ingest/jobs.ts'
import { createApp } from '../http/app.ts'
import { commitNoter, createMetrics } from '../http/metrics/registry.ts'
import { nodeHashing } from './hashing.ts'
import { startIndexing } from './indexing.ts'
import { logFetching } from './log-downloads.ts'
import { repeatHourly } from './scheduled-jobs.ts'
import { openSqliteStore } from './sqlite-store.ts'

const TALLY_MS = 5000
const LAST_ANSWERS_MS = 3000
const IDLE_CHECK_MS = 50

/** What a client may take for itself, however slow or hostile. */
const LIMITS = {
  headersTimeout: 10_000,
  // Of the whole request; a body has at most 1 MiB.
  requestTimeout: 30_000,
  // Longer than proxies keep theirs: whoever closes first must not be we, or a request may be on its way.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
}
// Of a client that neither sends nor reads; no answer is silent for so long.
const SILENT_MAX_MS = 120_000
// An idle one costs some 10 KB.
const CONNECTIONS_MAX = 10_000

export type RunningServer = {
  url: string
  /** Stops accepting, answers what it has, then closes the archive. */
  stop: () => Promise<void>
}

/** @throws an error for the operator when the database cannot be used or the address cannot be had */
export async function startServer(
  config: Config & NodeConfig,
  parts = { startIndexing },
): Promise<RunningServer> {
  const log = createJsonLog(config.logLevel, (line) => process.stderr.write(`${line}\n`))
  if (config.memberTokenSecret !== null && config.memberTokenSecret.length < 32)
    log.warn('MEMBER_TOKEN_SECRET is short: take 32 random bytes or more')
  const metrics = createMetrics()
  const onCommit = commitNoter(metrics)
  const store = openSqliteStore(config.databasePath, { isHurried: true, onCommit })
  const stopping = new AbortController()
  const unfinished = new Set<Promise<void>>()
  try {
    const { app, tally } = createApp({
      store,
      settings: config,
      hashing: nodeHashing,
      log,
      metrics,
      now: Date.now,
      buffer: null,
      remoteAddress: (c) => getConnInfo(c).remote.address ?? null,
      afterAnswer: (_c, work) => {
        unfinished.add(work)
        void work.finally(() => unfinished.delete(work))
      },
      stopping: stopping.signal,
      asset: readAsset,
    })
    const { server, port } = await listen(app.fetch, config)
    const { signal } = stopping
    const logs = logFetching(config, { store, log, signal })
    const timer = setInterval(() => tally.isDue() && void tally.flush(), TALLY_MS).unref()
    const jobs = repeatHourly(hourly, { log, logs, signal })
    const indexing = parts.startIndexing(store, log)
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    return {
      url: `http://${host}:${port}`,
      stop: async () => {
        clearInterval(timer)
        stopping.abort()
        await Promise.all([closeServer(server), indexing.stop(), jobs])
        await Promise.all(unfinished)
        await tally.flush()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

function listen(fetch: Parameters<typeof serve>[0]['fetch'], { host, port }: NodeConfig) {
  return new Promise<{ server: Server; port: number }>((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port, serverOptions: LIMITS }, (address) =>
      resolve({ server, port: address.port }),
    ) as Server
    server.maxConnections = CONNECTIONS_MAX
    server.setTimeout(SILENT_MAX_MS)
    server.once('error', (error) =>
      reject(new Error(`cannot listen on ${host} port ${port}: ${error.message}`, { cause: error })),
    )
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept for more is idle once its last answer is out.
    const closing = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
    server.close(() => {
      clearInterval(closing)
      resolve()
    })
    // A busy one would go on with its next request.
    server.prependListener('request', (_request, response) => (response.shouldKeepAlive = false))
    // A request that never ends must not keep the service from ending.
    setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS).unref()
  })
}

const assetsFolder = fileURLToPath(new URL('../../public', import.meta.url))

async function readAsset(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return readFile(join(assetsFolder, name)).catch(() => null)
}
