/** Waiting for what arrives, by asking again and again: a Worker's isolates have nothing else in common. */
import type { FeedPosition } from '../archive/feed.ts'

const POLL_MS = 500

type Page = { arrived: readonly unknown[]; end: FeedPosition }

/** Reads until there is something, or until `over`: the time is up, or nobody waits any more. */
export async function readWaiting<P extends Page>(
  read: (from: FeedPosition) => Promise<P>,
  position: FeedPosition,
  over: AbortSignal,
): Promise<P> {
  const page = await read(position)
  if (page.arrived.length > 0 || over.aborted) return page
  await pause(POLL_MS, over)
  return over.aborted ? page : readWaiting(read, page.end, over)
}

export function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, over.aborted ? 0 : ms)
    over.addEventListener('abort', end, { once: true })
    function end() {
      clearTimeout(timer)
      over.removeEventListener('abort', end)
      resolve()
    }
  })
}

/** Over after so many ms, or before that when one of the signals says so; null never does. */
export function overAfter(ms: number, ...signals: readonly (AbortSignal | null)[]): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(ms), ...signals.filter((signal) => signal !== null)])
}
