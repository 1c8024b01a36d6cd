/** Slows whoever tries passwords: after a few wrong ones an address waits, each time twice as long. */
import { readAddress } from '../addresses.ts'

const FREE_TRIES = 5
const LONGEST_WAIT_MS = 15 * 60_000
const FORGOTTEN_AFTER_MS = 3_600_000
const REMEMBERED_MAX = 10_000

type Failures = { count: number; lastAtMs: number }

export type Brake = {
  /** 0 when the address may try now. */
  waitMs: (address: string | null) => number
  /** Counts a try as failed until {@link Brake.succeeded} takes it back. */
  failed: (address: string | null) => void
  succeeded: (address: string | null) => void
}

export function createBrake(now: () => number, max = REMEMBERED_MAX): Brake {
  const failures = new Map<string, Failures>()
  const recent = (network: string) => {
    const known = failures.get(network)
    // A clock that is put back must keep nobody waiting until it is there again.
    if (known) known.lastAtMs = Math.min(known.lastAtMs, now())
    return known && now() - known.lastAtMs < FORGOTTEN_AFTER_MS ? known : undefined
  }
  return {
    waitMs: (address) => {
      const known = recent(networkOf(address))
      if (!known || known.count < FREE_TRIES) return 0
      const wait = Math.min(1000 * 2 ** (known.count - FREE_TRIES), LONGEST_WAIT_MS)
      return Math.max(known.lastAtMs + wait - now(), 0)
    },
    failed: (address) => {
      const network = networkOf(address)
      const count = (recent(network)?.count ?? 0) + 1
      // Last in the map is who tried last; the first is forgotten when it is full.
      failures.delete(network)
      const [oldest] = failures.size >= max ? failures.keys() : []
      if (oldest !== undefined) failures.delete(oldest)
      failures.set(network, { count, lastAtMs: now() })
    },
    succeeded: (address) => void failures.delete(networkOf(address)),
  }
}

/** One household or server has 2^64 addresses of IPv6. */
function networkOf(address: string | null): string {
  const parsed = readAddress(address)
  if (!parsed) return ''
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.')
}
