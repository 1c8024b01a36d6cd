/** Network addresses: who is asking, and whether a list of addresses and CIDR ranges has them. */
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import type { Deps } from './deps.ts'

export type IsListed = (address: string | null) => boolean

/** @param networks addresses and CIDR ranges, already checked */
export function createIsListed(networks: readonly string[]): IsListed {
  const ranges = networks.map(toRange)
  return (address) => {
    if (address === null || !ipaddr.isValid(address)) return false
    // `process` makes ::ffff:1.2.3.4 an IPv4 address, as dual-stack sockets report it.
    const given = ipaddr.process(address)
    return ranges.some(([network, bits]) => network.kind() === given.kind() && given.match(network, bits))
  }
}

function toRange(network: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (network.includes('/')) return ipaddr.parseCIDR(network)
  const address = ipaddr.process(network)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Who calls and what they called, behind a trusted proxy as the proxy says. */
export type Caller = { address: (c: Context) => string | null; url: (c: Context) => URL }

export function createCaller({ settings, remoteAddress }: Pick<Deps, 'settings' | 'remoteAddress'>): Caller {
  const isTrusted = createIsListed(settings.trustedProxies)
  const forwarded = (c: Context, name: string) => {
    const value = isTrusted(remoteAddress(c)) ? (c.req.header(`x-forwarded-${name}`) ?? '') : ''
    return value.split(',').map((part) => part.trim())
  }
  return {
    // The last one that no trusted proxy has added itself; those before it anyone could have written.
    address: (c) =>
      forwarded(c, 'for').findLast((hop) => ipaddr.isValid(hop) && !isTrusted(hop)) ?? remoteAddress(c),
    url: (c) => {
      const called = new URL(c.req.url)
      const protocol =
        forwarded(c, 'proto').find((part) => /^https?$/.test(part)) ?? called.protocol.slice(0, -1)
      const host = forwarded(c, 'host').find((part) => /^[\w.:[\]-]+$/.test(part)) ?? called.host
      const origin = settings.publicUrl ?? `${protocol}://${host}`
      return new URL(origin + called.pathname + called.search)
    },
  }
}
