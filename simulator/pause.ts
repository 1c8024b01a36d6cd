/** Many time-outs in a short time make RongCloud stop pushing for a minute (protocol §2.5). */
import type { Clock } from './clock.ts'

export type PauseRules = { manyTimeOuts: number; shortTimeMs: number; pauseMs: number }

export function createPause({ manyTimeOuts, shortTimeMs, pauseMs }: PauseRules, clock: Clock) {
  let timeOutsAt: number[] = []
  let endsAt = 0
  let count = 0

  return {
    /** How many pauses there were. */
    count: () => count,
    /** Returns when nothing is paused, or aborted. */
    async over(signal: AbortSignal): Promise<void> {
      while (clock.now() < endsAt && !signal.aborted) await clock.sleep(endsAt - clock.now(), signal)
    },
    noteTimeOut(): void {
      const now = clock.now()
      timeOutsAt = [...timeOutsAt.filter((at) => at > now - shortTimeMs), now]
      if (timeOutsAt.length < manyTimeOuts || now < endsAt) return
      timeOutsAt = []
      endsAt = now + pauseMs
      count++
    },
  }
}
