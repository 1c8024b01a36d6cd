/** Slows whoever tries passwords or credentials: after a few wrong ones a network waits, each time twice as long. */
import { RecentMap } from '../domain/recent-map.ts'
import { readAddress } from './addresses.ts'

const FORGOTTEN_AFTER_MS = 3_600_000
const REMEMBERED_MAX = 10_000

export type BrakeRules = { freeTries: number; longestWaitMs: number; max?: number }

type Failures = { count: number; lastAtMs: number }

export type Brake = {
  /** 0 when the network may try now. */
  waitMs: (network: string) => number
  /** Counts a try as failed until {@link Brake.succeeded} takes it back. */
  failed: (network: string) => void
  succeeded: (network: string) => void
}

/** @param now ms; networks are as {@link networkOf} names them */
export function createBrake(
  now: () => number,
  { freeTries, longestWaitMs, max = REMEMBERED_MAX }: BrakeRules,
): Brake {
  const failures = new RecentMap<string, Failures>(max)
  const recent = (network: string) => {
    const known = failures.get(network)
    // A clock that is put back must keep nobody waiting until it is there again.
    if (known) known.lastAtMs = Math.min(known.lastAtMs, now())
    return known && now() - known.lastAtMs < FORGOTTEN_AFTER_MS ? known : undefined
  }
  return {
    waitMs: (network) => {
      const known = recent(network)
      if (!known || known.count < freeTries) return 0
      const wait = Math.min(1000 * 2 ** (known.count - freeTries), longestWaitMs)
      return Math.max(known.lastAtMs + wait - now(), 0)
    },
    failed: (network) => failures.set(network, { count: (recent(network)?.count ?? 0) + 1, lastAtMs: now() }),
    succeeded: (network) => failures.delete(network),
  }
}

/** One household or server has 2^64 addresses of IPv6. */
export function networkOf(address: string | null): string {
  const parsed = readAddress(address)
  if (!parsed) return ''
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.')
}
