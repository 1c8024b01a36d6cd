/** Follows the messages with the full-text index for as long as the service runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../archive/store.ts'
import type { Log } from '../domain/ports.ts'
import { indexFurther } from '../ingest/index-messages.ts'

const IDLE_MS = 500
const AFTER_FAILURE_MS = 10_000
// Each step is followed by as long a rest, at least, so that callbacks have the greater part of either thread.
const REST = 1
const REST_LEAST_MS = 10

export type Indexing = { stop: () => Promise<void> }

export function startIndexing(store: Store, log: Log): Indexing {
  const stopping = new AbortController()
  const ended = follow(store, log, stopping.signal)
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

async function follow(store: Store, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const restMs = await step(store, log)
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function step(store: Store, log: Log): Promise<number> {
  const startedAt = performance.now()
  try {
    if (!(await indexFurther(store))) return IDLE_MS
    return Math.max(REST_LEAST_MS, (performance.now() - startedAt) * REST)
  } catch (error) {
    log.error('indexing failed', { reason: error instanceof Error ? error.message : String(error) })
    return AFTER_FAILURE_MS
  }
}
