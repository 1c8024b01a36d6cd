/** How long the thread that answers was busy with one thing: a callback that came meanwhile had to wait for it. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

// Node looks at the clock this often, in a timer that runs no JavaScript. At rest the process is woken for it, which was
// measured as 2 ms of CPU a second; under load the loop turns anyway. A callback does nothing for it.
const RESOLUTION_MS = 50
// Longer than anybody scrapes apart, so that each delay is seen at least once, however many scrape.
const WINDOW_MS = 60_000

export type EventLoopDelay = {
  /** The longest delay of this window and the one before, short of the truth by 50 ms at most. */
  longestSeconds: () => number
  stop: () => void
}

export function watchEventLoop(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  let longestBeforeMs = 0
  // What it records holds the time from one look to the next.
  const longestMs = () => Math.max(0, histogram.max / 1e6 - RESOLUTION_MS)
  const timer = setInterval(() => {
    longestBeforeMs = longestMs()
    histogram.reset()
  }, WINDOW_MS).unref()
  return {
    longestSeconds: () => Math.max(longestBeforeMs, longestMs()) / 1000,
    stop: () => {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
