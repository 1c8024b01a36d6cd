/** Follows the messages with the full-text index and the counts for as long as the service runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../archive/store.ts'
import { factsOf } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import { followFurther } from '../ingest/index-messages.ts'
import { patient } from './patient-store.ts'

const IDLE_MS = 500
const AFTER_FAILURE_MS = 10_000
const REST_LEAST_MS = 10

// Up to so many messages a second the index keeps up with them, at half of its speed. In a burst beyond, callbacks need
// both threads, and it makes do with a twentieth until the burst is over.
const BURST_PER_SECOND = 3000
const REST = 1
const REST_IN_BURST = 19

export type Indexing = { stop: () => Promise<void> }

export function startIndexing(store: Store, log: Pick<Log, 'error'>): Indexing {
  const stopping = new AbortController()
  const ended = follow(patient(store, { signal: stopping.signal }), log, stopping.signal)
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

async function follow(store: Store, log: Pick<Log, 'error'>, signal: AbortSignal): Promise<void> {
  let last: Seen | null = null
  while (!signal.aborted) {
    const startedAt = performance.now()
    let restMs = AFTER_FAILURE_MS
    try {
      const { isBehind, newestId } = await followFurther(store)
      const seen = { newestId, atMs: startedAt }
      restMs = isBehind ? restAfter(performance.now() - startedAt, last, seen) : IDLE_MS
      last = seen
    } catch (error) {
      log.error('indexing failed', factsOf(error))
    }
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

type Seen = { newestId: number; atMs: number }

function restAfter(tookMs: number, last: Seen | null, seen: Seen): number {
  const arrived = last ? seen.newestId - last.newestId : 0
  const perSecond = last ? (arrived * 1000) / (seen.atMs - last.atMs) : 0
  return Math.max(REST_LEAST_MS, tookMs * (perSecond > BURST_PER_SECOND ? REST_IN_BURST : REST))
}
