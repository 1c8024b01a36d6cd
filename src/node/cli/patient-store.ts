import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000
const PATIENCE_MS = 60_000

/**
 * Writes wait for their turn beside a server that is busy: a callback is told to come back, a command has time.
 * Only for writes that bear being repeated.
 */
export function patient(store: Store): Store {
  return {
    ...store,
    atomically: async (statements) => {
      const until = performance.now() + PATIENCE_MS
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        try {
          return await store.atomically(statements)
        } catch (error) {
          const mayPass = error instanceof ArchiveError && error.code === 'unavailable'
          if (!mayPass || performance.now() > until) throw error
          await sleep(pauseMs)
        }
      }
    },
  }
}
