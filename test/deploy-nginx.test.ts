/** nginx.conf against the addresses that there are; `npm run check:deploy` runs it. */
import { readFileSync } from 'node:fs'
import { openArchive } from '#open-archive'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { named, readNginxConf, valuesOf, type Directive } from './support/nginx-conf.ts'

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8')

describe('nginx.conf', () => {
  const conf = readNginxConf(read('nginx.conf'))
  const servers = named(conf, 'server').map(({ inside }) => inside)
  const nameOf = (server: Directive[]) => valuesOf(server, 'server_name')[0]
  const own =
    servers.find(
      (server) => nameOf(server) === 'archive.example.com' && valuesOf(server, 'ssl_certificate').length > 0,
    ) ?? []
  const locations = named(own, 'location').map(({ values, inside }) => ({ values, inside }))

  /** The location that nginx takes: an exact one, else the first pattern, else `/`. */
  function locationOf(path: string): Directive[] {
    const matches = ({ values: [kind = '', pattern = ''] }: { values: string[] }) =>
      kind === '='
        ? pattern === path
        : kind.startsWith('~') && new RegExp(pattern, kind === '~*' ? 'i' : '').test(path)
    const exact = locations.filter(({ values }) => values[0] === '=')
    return (
      ([...exact, ...locations].find(matches) ?? locations.find(({ values }) => values[0] === '/'))?.inside ??
      []
    )
  }

  it('answers to its own name alone', () => {
    const fallback = servers.find((server) => nameOf(server) === '_') ?? []
    const ports = ['80', '[::]:80', '443 ssl', '[::]:443 ssl']
    expect(valuesOf(fallback, 'listen')).toEqual(ports.map((port) => `${port} default_server`))
    expect([valuesOf(fallback, 'ssl_reject_handshake'), valuesOf(fallback, 'return')]).toEqual([
      ['on'],
      ['444'],
    ])
  })

  it('tells browsers to come by https, and nobody else what a client says of itself', () => {
    expect(valuesOf(own, 'add_header')).toEqual(['Strict-Transport-Security max-age=31536000 always'])
    expect(valuesOf(own, 'proxy_set_header')).toEqual([
      'X-Forwarded-For $remote_addr',
      'X-Forwarded-Proto $scheme',
      'X-Forwarded-Host $server_name',
      'X-Request-Id $request_id',
      'Host $server_name',
      'Connection ',
    ])
    // Either of them in a location would undo all of the server's.
    for (const { inside } of locations)
      expect([...named(inside, 'add_header'), ...named(inside, 'proxy_set_header')]).toEqual([])
  })

  it('limits everybody but RongCloud and your own back ends, by 429', () => {
    expect(valuesOf(own, 'limit_req')).toEqual(['zone=archive_requests burst=200 nodelay'])
    expect([...valuesOf(own, 'limit_req_status'), ...valuesOf(own, 'limit_conn_status')]).toEqual([
      '429',
      '429',
    ])
    const key = named(conf, 'map').find(({ values }) => values[1] === '$limited_network')
    expect(key?.values[0]).toBe('$from_rongcloud$from_own_back_end')
    expect(key?.inside).toEqual([{ name: '00', values: ['$network'], inside: [] }])
  })

  it('lets RongCloud alone reach each callback address, for as long as it waits', async () => {
    const { endpoints } = await openArchive()
    const callbacks = endpoints.filter(({ path }) => path.startsWith('/callbacks/'))
    expect(callbacks.length).toBeGreaterThan(20)
    for (const { path } of [...callbacks, { path: '/Callbacks/messages/' }]) {
      const inside = locationOf(path)
      expect([path, named(inside, 'if')]).toEqual([
        path,
        [
          {
            name: 'if',
            values: ['($is_stranger)'],
            inside: [{ name: 'return', values: ['403'], inside: [] }],
          },
        ],
      ])
      expect(valuesOf(inside, 'proxy_read_timeout')).toEqual(['5s'])
    }
    expect(valuesOf(named(conf, 'geo')[0]?.inside ?? [], 'include')).toEqual(['rongcloud-addresses.conf'])
  })

  it('refuses no other request that writes', async () => {
    const { endpoints } = await openArchive()
    const writing = endpoints.filter(
      ({ method, path }) => method !== 'GET' && !path.startsWith('/callbacks/'),
    )
    expect(writing.length).toBeGreaterThan(8)
    expect(writing.filter(({ path }) => named(locationOf(path), 'if').length > 0)).toEqual([])
    expect(named(locationOf('/'), 'if')).toHaveLength(1)
  })

  it.each(['/console/live/stream', '/api/v1/export'])('hands on %s as it is written', (path) => {
    const inside = locationOf(path)
    expect([valuesOf(inside, 'proxy_buffering'), valuesOf(inside, 'proxy_read_timeout')]).toEqual([
      ['off'],
      ['1h'],
    ])
  })
})

describe('rongcloud-addresses.conf', () => {
  it('has addresses, each once', () => {
    const listed = readNginxConf(read('rongcloud-addresses.conf'))
    expect(listed.length).toBeGreaterThan(20)
    expect(listed.filter(({ name, values }) => !ipaddr.isValid(name) || values.join() !== '1')).toEqual([])
    expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length)
  })
})
