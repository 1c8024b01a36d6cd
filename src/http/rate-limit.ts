/** How many requests one credential may make in a minute (`RATE_LIMIT_PER_MINUTE`). */
import { RecentMap } from '../domain/recent-map.ts'

const MINUTE_MS = 60_000
const REMEMBERED_MAX = 10_000

/** Counts a request; gives the ms that whoever it is has to wait, 0 when the request may be answered. */
export type RateLimit = (who: string) => number

/** @param perMinute 0 = no limit */
export function createRateLimit(now: () => number, perMinute: number, max = REMEMBERED_MAX): RateLimit {
  const counts = new RecentMap<string, { minute: number; count: number }>(max)
  if (perMinute === 0) return () => 0
  return (who) => {
    const minute = Math.floor(now() / MINUTE_MS)
    const known = counts.get(who)
    const count = known?.minute === minute ? known.count + 1 : 1
    counts.set(who, { minute, count })
    return count <= perMinute ? 0 : (minute + 1) * MINUTE_MS - now()
  }
}
