/** What D1 says when it cannot be used just now, and how long to insist. */
import { ArchiveError } from '../domain/errors.ts'

// From Cloudflare's list of retryable D1 errors: all of them pass by themselves.
const TRANSIENT =
  /overloaded|network connection lost|object to be reset|reset because|transient|timed out|timeout|can't read from request stream/i

// RongCloud waits five seconds; the answer has to travel too.
const BUDGET_MS = 4000
const FIRST_DELAY_MS = 50

export function isTransient(error: unknown): boolean {
  return error instanceof Error && TRANSIENT.test(error.message)
}

type Clock = { sleep: (ms: number) => Promise<void>; now: () => number }

/**
 * Runs `attempt` until it succeeds, fails for a reason of its own, or the budget is spent.
 * @throws ArchiveError `unavailable` in the last case
 */
export async function insist<T>(attempt: () => Promise<T>, { sleep, now }: Clock = realTime): Promise<T> {
  const deadline = now() + BUDGET_MS
  for (let delay = FIRST_DELAY_MS; ; delay *= 2) {
    try {
      return await attempt()
    } catch (error) {
      if (!isTransient(error)) throw error
      // A little chance keeps those who failed together from coming back together.
      const pause = delay * (0.5 + Math.random())
      if (now() + pause > deadline)
        throw new ArchiveError('unavailable', 'D1 cannot be used now', { cause: error })
      await sleep(pause)
    }
  }
}

const realTime: Clock = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
}
