/** Callbacks that bring no new row, counted in memory and written down now and then. */
import { addCallbackCounts, type CallbackCount } from '../../archive/callback-counts.ts'
import { factsOf } from '../../domain/errors.ts'
import type { CallbackKind } from '../../ingest/held-callback.ts'
import type { AppDeps } from '../deps.ts'

const EVERY_MS = 10_000
const HOUR_MS = 3_600_000

/** What became of a callback. `appKey`: '' when it names none of our apps. */
export type Tallied = { appKey: string; kind: CallbackKind; outcome: string; reason?: string }

export type Tally = {
  add: (callback: Tallied) => void
  /** Whether there is something to write and the last time is long enough ago. */
  isDue: () => boolean
  /** Writes what there is. Never rejects: what cannot be written is kept for the next time. */
  flush: () => Promise<void>
}

/**
 * A process that ends without `flush` loses the counts of its last ten seconds, a Worker's isolate those since its last
 * callback but a few; a write whose answer got lost is counted twice. No message is in these.
 */
export function createTally({ store, now, log }: Pick<AppDeps, 'store' | 'now' | 'log'>): Tally {
  let counts = new Map<string, CallbackCount>()
  let flushedAtMs = Number.NEGATIVE_INFINITY

  return {
    add: ({ appKey, kind, outcome, reason = '' }) => {
      const hourStartMs = now() - (now() % HOUR_MS)
      sum({ hourStartMs, appKey, kind, outcome, reason, callbacks: 1 })
    },
    // A clock that was put back must not keep it waiting.
    isDue: () => counts.size > 0 && Math.abs(now() - flushedAtMs) >= EVERY_MS,
    flush: async () => {
      flushedAtMs = now()
      const writing = [...counts.values()]
      if (writing.length === 0) return
      counts = new Map()
      try {
        await addCallbackCounts(store, writing)
      } catch (error) {
        for (const count of writing) sum(count)
        log.warn('counts of callbacks not written', factsOf(error))
      }
    },
  }

  function sum(count: CallbackCount) {
    const { hourStartMs, appKey, kind, outcome, reason } = count
    const key = [hourStartMs, appKey, kind, outcome, reason].join(' ')
    const known = counts.get(key)
    counts.set(key, { ...count, callbacks: count.callbacks + (known?.callbacks ?? 0) })
  }
}
