/** Network addresses: who is asking, and whether a list of addresses and CIDR ranges has them. */
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import type { Deps } from './deps.ts'

export type IsListed = (address: string | null) => boolean

/** @param networks addresses and CIDR ranges, already checked */
export function createIsListed(networks: readonly string[]): IsListed {
  const ranges = networks.map(toRange)
  // The usual case, on the way of every callback.
  if (ranges.length === 0) return () => false
  return (address) => {
    const given = readAddress(address)
    if (!given) return false
    return ranges.some(([network, bits]) => network.kind() === given.kind() && given.match(network, bits))
  }
}

/** As it is usually written, a mapped IPv4 address (::ffff:1.2.3.4, as dual-stack sockets report it) as IPv4; else null. */
export function readAddress(address: string | null): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (address === null) return null
  // The library takes octal, `203.0.113` and `::1.2.3.4` for IPv4 too; nobody who is honest writes those.
  if (!address.includes(':'))
    return ipaddr.IPv4.isValidFourPartDecimal(address) ? ipaddr.IPv4.parse(address) : null
  return ipaddr.isValid(address) && !/^::\d+\./.test(address) ? ipaddr.process(address) : null
}

function toRange(network: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (network.includes('/')) return withoutMapping(ipaddr.parseCIDR(network))
  const address = ipaddr.process(network)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

// ::ffff:10.0.0.0/104 is 10.0.0.0/8.
function withoutMapping([address, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): [
  ipaddr.IPv4 | ipaddr.IPv6,
  number,
] {
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
  return mapped ? [address.toIPv4Address(), bits - 96] : [address, bits]
}

/** Who calls and what they called, behind a trusted proxy as the proxy says. */
export type Caller = {
  /** Null when the runtime does not tell, or a trusted proxy told something that is no address. */
  address: (c: Context) => string | null
  /** As far as the client is to be believed: the host may be whatever it wrote into its request. */
  url: (c: Context) => URL
  /** A link for an answer: whole where the host is known to be ours, else from the path on, so that no answer names a stranger's. */
  hrefOf: (c: Context, url: URL) => string
  /** Whether a trusted proxy hands the request on. */
  isProxied: (c: Context) => boolean
}

type CallerDeps = Pick<Deps, 'settings' | 'remoteAddress' | 'isHostOurs'>

export function createCaller({ settings, remoteAddress, isHostOurs }: CallerDeps): Caller {
  const isTrusted = createIsListed(settings.trustedProxies)
  // What stands left of the last one a client may have written itself.
  const lastForwarded = (c: Context, name: string) =>
    isTrusted(remoteAddress(c)) ? partsOf(c.req.header(`x-forwarded-${name}`)).at(-1) : undefined
  const called = (c: Context): { url: URL; isOurs: boolean } => {
    const asked = new URL(c.req.url)
    const path = asked.pathname + asked.search
    const configured = settings.publicUrl === null ? null : parseUrl(settings.publicUrl + path)
    if (configured) return { url: configured, isOurs: true }
    const protocol = lastForwarded(c, 'proto') === 'https' ? 'https:' : asked.protocol
    const host = lastForwarded(c, 'host')
    const forwarded = host === undefined ? null : urlAt(protocol, host, path)
    if (forwarded) return { url: forwarded, isOurs: true }
    const url = urlAt(protocol, asked.host, path) ?? asked
    return { url, isOurs: isHostOurs || isLoopback(asked.hostname) }
  }
  return {
    isProxied: (c) => isTrusted(remoteAddress(c)),
    address: (c) => {
      const peer = remoteAddress(c)
      if (!isTrusted(peer)) return peer
      const hop = partsOf(c.req.header('x-forwarded-for'))
        .map(withoutPort)
        .findLast((part) => !isTrusted(part))
      if (hop === undefined) return peer
      return readAddress(hop) ? hop : null
    },
    url: (c) => called(c).url,
    hrefOf: (c, { href, pathname, search }) => (called(c).isOurs ? href : pathname + search),
  }
}

/** Whether a host, as a URL has it, is this machine and nothing else. */
export function isLoopback(host: string): boolean {
  return /^(?:.+\.)?localhost$/.test(host) || /^(?:127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
}

function partsOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** `1.2.3.4:56` and `[::1]:56`, as some proxies write them. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([^:]+):\d+$/.exec(hop)?.[1] ?? hop
}

/** Null when the host is anything but a host with or without a port: a path in it would stand in every link. */
function urlAt(protocol: string, host: string, path: string): URL | null {
  const root = parseUrl(`${protocol}//${host}`)
  return root && root.href === `${root.origin}/` ? parseUrl(root.origin + path) : null
}

function parseUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
