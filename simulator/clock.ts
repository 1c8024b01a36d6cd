/** Time, so that a test need not wait for it. */
import { setTimeout } from 'node:timers/promises'

export type Clock = {
  now: () => number
  /** Returns at once when aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** For a sleep that nothing ends early. */
export const never = new AbortController().signal

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
}
