import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000
const PATIENCE_MS = 60_000

/** `signal` ends the waiting, and so do `forMs` milliseconds. */
type Patience = { signal?: AbortSignal; forMs?: number }

/**
 * Writes wait for their turn beside a server that is busy: a callback is told to come back, a command or a job has time.
 * Only for writes that bear being repeated.
 */
export function patient(store: Store, { signal, forMs = PATIENCE_MS }: Patience = {}): Store {
  return {
    ...store,
    atomically: async (statements, turn) => {
      const until = performance.now() + forMs
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        try {
          return await store.atomically(statements, turn)
        } catch (error) {
          if (!mayPass(error) || signal?.aborted || performance.now() > until) throw error
          await sleep(pauseMs, undefined, signal && { signal }).catch(() => undefined)
        }
      }
    },
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof ArchiveError && (error.code === 'unavailable' || error.code === 'overloaded')
}
