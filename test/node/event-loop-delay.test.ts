import { afterEach, expect, it, vi } from 'vitest'
import { watchEventLoop } from '../../src/node/event-loop-delay.ts'

// Of the intervals alone: what is measured is real.
const WINDOW_MS = 60_000
const BUSY_MS = 1000
// What it may be short of the truth by.
const RESOLUTION_MS = 50

afterEach(() => void vi.useRealTimers())

it('remembers what kept the event loop busy for one window and the next, and then forgets it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { longestSeconds, stop } = watchEventLoop()
  await pause(200)
  beBusy(BUSY_MS)
  await pause(200)
  const least = (BUSY_MS - RESOLUTION_MS) / 1000
  expect(longestSeconds()).toBeGreaterThanOrEqual(least)
  vi.advanceTimersByTime(WINDOW_MS)
  expect(longestSeconds()).toBeGreaterThanOrEqual(least)
  vi.advanceTimersByTime(WINDOW_MS)
  expect(longestSeconds()).toBeLessThan(least)
  stop()
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function beBusy(ms: number) {
  const until = performance.now() + ms
  while (performance.now() < until);
}
