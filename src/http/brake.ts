/** Slows whoever tries passwords or credentials: a bucket takes some tries at once, and then one in a while. */
import { RecentMap } from '../domain/recent-map.ts'
import { readAddress } from './addresses.ts'

const REMEMBERED_MAX = 10_000

/** How many tries at once, and after which time another one. */
export type Rate = { atOnce: number; everyMs: number }

/** What a try counts in, by name. */
export type Bucket = readonly [name: string, rate: Rate]

/** `waitMs`: until its turn, or for a try that is not given one, until coming again is of use. */
export type Turn = { isGiven: boolean; waitMs: number }

export type Brake = {
  /** Counts a try in all of the buckets, and gives it its turn; or in none when that would be too late. */
  take: (buckets: readonly Bucket[]) => Turn
  /** A try that was right counts for nothing. */
  giveBack: (buckets: readonly Bucket[]) => void
}

/**
 * @param now ms
 * @param longestWaitMs no turn is given that is later than this, so that only so many tries wait at a time
 */
export function createBrake(
  now: () => number,
  { longestWaitMs, max = REMEMBERED_MAX }: { longestWaitMs: number; max?: number },
): Brake {
  // When nothing of what was tried would count any more, `everyMs` later with each try.
  const emptyAtMs = new RecentMap<string, number>(max)
  const emptyAt = ([name, { atOnce, everyMs }]: Bucket) => {
    const known = emptyAtMs.get(name) ?? 0
    const latest = now() + atOnce * everyMs + longestWaitMs
    // A clock that is put back must keep nobody waiting until it is there again.
    if (known > latest) emptyAtMs.set(name, latest)
    return Math.min(Math.max(known, now()), latest)
  }
  const waitOf = (bucket: Bucket) => {
    const [, { atOnce, everyMs }] = bucket
    return Math.max(emptyAt(bucket) - (atOnce - 1) * everyMs - now(), 0)
  }
  const move = (bucket: Bucket, ms: number) => emptyAtMs.set(bucket[0], emptyAt(bucket) + ms)
  return {
    take: (buckets) => {
      const waitMs = Math.max(...buckets.map(waitOf))
      const isGiven = waitMs <= longestWaitMs
      if (isGiven) for (const bucket of buckets) move(bucket, bucket[1].everyMs)
      return { isGiven, waitMs }
    },
    giveBack: (buckets) => {
      for (const bucket of buckets) move(bucket, -bucket[1].everyMs)
    },
  }
}

/**
 * Networks that an address is of, as names. One household or server has the 2^64 addresses of a /64 of IPv6, and may have the
 * 2^16 networks of a /48; of IPv4 it has one address, and a few of its /24.
 */
export function networksOf(address: string | null): { own: string; wide: string } {
  const parsed = readAddress(address)
  if (!parsed) return { own: '', wide: '' }
  const bytes = parsed.toByteArray()
  const [own, wide] = parsed.kind() === 'ipv4' ? [4, 3] : [8, 6]
  return { own: bytes.slice(0, own).join('.'), wide: bytes.slice(0, wide).join('.') }
}
