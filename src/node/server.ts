/** The service on Node: the app over HTTP on the embedded SQLite. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Config, NodeConfig } from '../config.ts'
import { createJsonLog } from '../domain/json-log.ts'
import type { Log } from '../domain/ports.ts'
import { hourly } from '../ingest/jobs.ts'
import { isLoopback } from '../http/addresses.ts'
import { createApp } from '../http/app.ts'
import { commitNoter, createMetrics } from '../http/metrics/registry.ts'
import { nodeUnpacking } from './content-codings.ts'
import { watchEventLoop } from './event-loop-delay.ts'
import { nodeHashing } from './hashing.ts'
import { answerTaken, closeServer, listen } from './listen.ts'
import { logFetching } from './log-downloads.ts'
import { patient } from './patient-store.ts'
import { repeatHourly } from './scheduled-jobs.ts'
import { openSqliteStore } from './sqlite-store.ts'
import { startText } from './text/thread.ts'

const TALLY_MS = 5000
// As many as there are readers.
const PAGES_AT_ONCE = 3
// What is stored after its answer has no other try; a stop waits for it.
const AFTER_ANSWER_MS = 2000
// RongCloud counts them together with the requests of the app's own back end.
const HISTORY_REQUESTS_PER_RUN = 1000

export type RunningServer = {
  url: string
  /** Stops accepting, answers what it has, then closes the archive. */
  stop: () => Promise<void>
}

/** @throws an error for the operator when the database cannot be used or the address cannot be had */
export async function startServer(
  config: Config & NodeConfig,
  parts = { startText },
): Promise<RunningServer> {
  const log = createJsonLog(config.logLevel, (line) => process.stderr.write(`${line}\n`))
  warnOfLinks(config, log)
  const metrics = createMetrics()
  const onCommit = commitNoter(metrics)
  const store = openSqliteStore(config.databasePath, { isHurried: true, onCommit })
  const eventLoop = watchEventLoop()
  const { databasePath: path, templates } = config
  const text = parts.startText({ path, templates, store, log })
  const stopping = new AbortController()
  const unfinished = new Set<Promise<void>>()
  try {
    const { app, tally, unconfiguredApps } = createApp({
      store,
      patientStore: patient(store, { forMs: AFTER_ANSWER_MS }),
      find: text.find,
      settings: config,
      hashing: nodeHashing,
      unpacking: nodeUnpacking,
      log,
      metrics,
      eventLoopDelaySeconds: eventLoop.longestSeconds,
      now: Date.now,
      buffer: null,
      remoteAddress: (c) => getConnInfo(c).remote.address ?? null,
      isHostOurs: false,
      pagesAtOnce: PAGES_AT_ONCE,
      answerTaken: (c) => answerTaken(c.env as HttpBindings),
      afterAnswer: (_c, work) => {
        unfinished.add(work)
        void work.finally(() => unfinished.delete(work))
      },
      stopping: stopping.signal,
      asset: readAsset,
    })
    const { server, port } = await listen(app.fetch, config, log)
    void unconfiguredApps()
    const { signal } = stopping
    const logs = logFetching(config, { store, log, signal })
    const timer = setInterval(() => tally.isDue() && void tally.flush(), TALLY_MS).unref()
    const history =
      logs && config.fetchesHistory ? { ...logs, requestsPerRun: HISTORY_REQUESTS_PER_RUN } : null
    const jobs = repeatHourly(hourly, { log, store, logs, history, signal })
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    return {
      url: `http://${host}:${port}`,
      stop: async () => {
        clearInterval(timer)
        eventLoop.stop()
        stopping.abort()
        await Promise.all([closeServer(server), jobs])
        await Promise.all(unfinished)
        await tally.flush()
        await text.close()
        await store.close()
      },
    }
  } catch (error) {
    eventLoop.stop()
    await text.close()
    await store.close()
    throw error
  }
}

/** Only the operator knows by which host clients on other machines reach the archive. */
function warnOfLinks({ host, publicUrl, trustedProxies }: Config & NodeConfig, log: Log) {
  const isProxied = trustedProxies.length > 0
  if (publicUrl !== null || (isLoopback(host) && !isProxied)) return
  const begin = isProxied ? 'name the host that a proxy of TRUSTED_PROXIES forwards' : 'begin at the path'
  log.warn(`PUBLIC_URL is not set, so links in answers ${begin}`, { host })
}

const assetsFolder = fileURLToPath(new URL('../../public', import.meta.url))

const assets = new Map<string, Uint8Array<ArrayBuffer>>()

// Once: answers that wait for slow readers are then of the same bytes. What could not be read is tried again.
async function readAsset(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const asset = assets.get(name) ?? (await readFile(join(assetsFolder, name)).catch(() => null))
  if (asset) assets.set(name, asset)
  return asset
}
