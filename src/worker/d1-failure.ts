/** What D1 says when it fails, and how long to insist. */
import { ArchiveError } from '../domain/errors.ts'

// Only these say that the statement itself is at fault. Whatever else D1 says, a later try may succeed, so a
// message must not be given up for it.
const STATEMENT_AT_FAULT = /SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)|blob too big|D1_TYPE_ERROR/i

// These pass within moments (Cloudflare's list of retryable errors, and what it says of a reset isolate).
const PASSING =
  /overloaded|connection lost|to be reset|was reset|reset because|internal error|transient|timed out|timeout|can't read from request stream/i

// RongCloud waits five seconds, and a callback may need two steps.
const BUDGET_MS = 2000
const FIRST_DELAY_MS = 50

type Clock = { sleep: (ms: number) => Promise<void>; now: () => number }

/**
 * Runs `attempt` until it succeeds, cannot succeed, or the budget is spent; one that hangs is not waited for.
 * What is attempted may have happened all the same, so it must bear being repeated.
 * @throws ArchiveError `unavailable`, unless the statement itself is at fault
 */
export async function insist<T>(attempt: () => Promise<T>, { sleep, now }: Clock = realTime): Promise<T> {
  const deadline = now() + BUDGET_MS
  for (let delay = FIRST_DELAY_MS; ; delay *= 2) {
    try {
      return await within(deadline - now(), attempt)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (STATEMENT_AT_FAULT.test(message)) throw error
      // A little chance keeps those who failed together from coming back together.
      const pause = delay * (0.5 + Math.random())
      if (!PASSING.test(message) || now() + pause >= deadline)
        throw new ArchiveError('unavailable', 'D1 cannot be used now', { cause: error })
      await sleep(pause)
    }
  }
}

/** Rejects when `work` takes longer than this. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { promise: expiry, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${Math.round(ms)} ms`)), ms)
  return Promise.race([work(), expiry]).finally(() => clearTimeout(timer))
}

const realTime: Clock = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
}
