/** Which addresses may be called: a name is judged before it is looked up, and where a runtime can, what it leads to after. */
import { isInDomain, isNamed, type AllowedHosts } from '../domain/allowed-hosts.ts'
import type { Network } from '../ingest/ask-rongcloud.ts'
import { HostRefused } from '../ingest/host-refused.ts'
import { createIsListed, readAddress } from './addresses.ts'

/** Where the name of a host may lead: to any address, to public and listed ones, or to listed ones alone. */
export type Reach = 'any' | 'public' | 'listed'

export type Judge = {
  /** @throws HostRefused */
  reachOf: (url: URL) => Reach
  /** Whether nobody on the way can change what comes from there, or the operator allowed the very host. @throws HostRefused */
  isTrusted: (url: URL) => boolean
  /** Those of the addresses that may be connected to. @throws HostRefused when there is none */
  reachable: <T extends { address: string }>(host: string, reach: Reach, addresses: readonly T[]) => T[]
}

/** @param looksUp whether `reachable` will be asked; else a name is nothing but a name */
export function createJudge(allowed: AllowedHosts, { looksUp }: { looksUp: boolean }): Judge {
  const isListed = createIsListed(allowed.ranges)
  const may = {
    any: () => true,
    public: (address: string) => isPublic(address) || isListed(address),
    listed: isListed,
  } as const satisfies Record<Reach, (address: string) => boolean>
  const refuse = (what: string, add: string) =>
    new HostRefused(`${what}; if it is RongCloud's, add ${add} to ${allowed.setting}`)
  const reachOf = (url: URL): Reach => {
    if (!/^https?:$/.test(url.protocol))
      throw new HostRefused(
        `${url.protocol} is neither http nor https, and ${allowed.setting} names hosts of these`,
      )
    if (isNamed(allowed, url)) return 'any'
    const address = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (readAddress(address) && isListed(address)) return 'any'
    if (isInDomain([...allowed.builtIn, ...allowed.domains], url)) return 'public'
    if (!readAddress(address) && looksUp && allowed.ranges.length > 0) return 'listed'
    throw refuse(`${url.host} is not among the hosts that may be called`, url.hostname)
  }
  return {
    reachOf,
    isTrusted: (url) =>
      url.protocol === 'https:' || reachOf(url) !== 'public' || isInDomain(allowed.domains, url),
    reachable: (host, reach, addresses) => {
      const reached = addresses.filter(({ address }) => may[reach](address))
      if (reached.length > 0) return reached
      const led = addresses.map(({ address }) => address)
      const why = reach === 'public' ? 'which is not public' : 'which is not listed'
      throw refuse(`${host} leads to ${led.join(', ')}, ${why}`, led[0] ?? host)
    },
  }
}

/** What may not be called, is not. */
export function guarded(fetch: Network['fetch'], allowed: AllowedHosts): Network['fetch'] {
  const judge = createJudge(allowed, { looksUp: false })
  return async (url, init) => {
    judge.reachOf(new URL(url))
    return fetch(url, { ...init, redirect: 'manual' })
  }
}

function isPublic(address: string): boolean {
  const read = readAddress(address)
  // A network of IPv6 alone reaches IPv4 by these, which hold the address in their last four bytes.
  if (read?.range() === 'rfc6052') return isPublic(read.toByteArray().slice(-4).join('.'))
  return read?.range() === 'unicast'
}
