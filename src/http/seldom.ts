/** For what strangers can make happen as often as they like, and what is worth a word now and then. */
import { RecentMap } from '../domain/recent-map.ts'

const REMEMBERED_MAX = 10_000

/** True when the same was not let through for so long. Of more than `max` different ones the oldest are forgotten. */
export type Seldom = (what: string) => boolean

export function createSeldom(now: () => number, everyMs: number, max = REMEMBERED_MAX): Seldom {
  const letThroughAtMs = new RecentMap<string, number>(max)
  return (what) => {
    const lastAtMs = letThroughAtMs.get(what)
    // A clock that was put back must not make it silent for longer.
    if (lastAtMs !== undefined && Math.abs(now() - lastAtMs) < everyMs) return false
    letThroughAtMs.set(what, now())
    return true
  }
}
