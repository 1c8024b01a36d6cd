/** Hosts that this program may call, and what a setting says of them. */
export type AllowedHosts = {
  /** `host` or `host:port`, each named by the operator: allowed wherever the name leads. */
  named: readonly string[]
  /** `.domain` with all below it, or `domain` with itself besides: allowed where the name leads to a public address. */
  domains: readonly string[]
  /** The same of RongCloud's own domains, which no operator named. */
  builtIn: readonly string[]
  /** Addresses and CIDR ranges: allowed whatever name led there. */
  ranges: readonly string[]
  /** The setting that adds to these. */
  setting: string
}

/** @param entry `host`, `host:port` or `*.domain`; null when it is none of these */
export function readHostEntry(entry: string): Pick<AllowedHosts, 'named' | 'domains'> | null {
  const [, star, name = '', port = ''] = /^(\*\.)?(\[[^\]]+\]|[^:]+)(:\d{1,5})?$/.exec(entry) ?? []
  const host = hostIn(name)
  if (host === null || Number(port.slice(1)) > 65_535) return null
  if (star === undefined) return { named: [host + port], domains: [] }
  return port === '' && !/^\[|\d$/.test(host) ? { named: [], domains: [`.${host}`] } : null
}

// As a URL has it: in lower case, an address in its one spelling.
function hostIn(name: string): string | null {
  const url = /^[^\s/?#@\\*%]+$/.test(name) ? URL.parse(`http://${name}`) : null
  const host = url?.hostname.replace(/\.$/, '') ?? ''
  return host === '' || /^\.|\.\./.test(host) ? null : host
}

export function isNamed({ named }: AllowedHosts, url: URL): boolean {
  const host = url.hostname.replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return named.includes(host) || named.includes(`${host}:${port}`)
}

export function isInDomain(domains: readonly string[], url: URL): boolean {
  const host = url.hostname.replace(/\.$/, '')
  return domains.some((domain) =>
    domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`),
  )
}
