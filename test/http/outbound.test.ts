import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { createJudge, guarded } from '../../src/http/outbound.ts'
import { HostRefused } from '../../src/ingest/host-refused.ts'

function allowedBy(RONGCLOUD_LOG_HOSTS: string, RONGCLOUD_API = 'beijing') {
  const { serverApi } = parseConfig({ RONGCLOUD_API, RONGCLOUD_LOG_HOSTS })
  if (!serverApi) throw new Error('off')
  return serverApi.reaches
}

function reachOf(address: string, hosts: string, looksUp = true) {
  try {
    return createJudge(allowedBy(hosts), { looksUp }).reachOf(new URL(address))
  } catch (error) {
    return (error as HostRefused).message
  }
}

const led = (reach: 'any' | 'public' | 'listed', address: string, hosts = '') => {
  try {
    const found = [{ address, family: 4 }]
    return createJudge(allowedBy(hosts), { looksUp: true }).reachable('a.example.com', reach, found).length
  } catch (error) {
    return (error as HostRefused).message
  }
}

describe('an address that is called', () => {
  it.each([
    ['https://api.rong-api.com/x', ''],
    ['http://log.ronghub.com:8080/x', ''],
    ['http://x.oss.example.com', '*.oss.example.com'],
    ['http://a.b.oss.example.com.', '*.oss.example.com'],
  ])('%s may lead to public addresses, by %j', (address, hosts) => {
    expect(reachOf(address, hosts)).toBe('public')
  })

  it.each([
    ['http://LOGS.example.com', 'logs.example.com'],
    ['http://logs.example.com:81', 'logs.example.com'],
    ['http://logs.example.com', 'logs.example.com:80'],
    ['https://logs.example.com', 'logs.example.com:443'],
    ['http://203.0.113.9/1/2024121916/x.zip', '203.0.113.9'],
    ['http://203.0.113.9', '203.0.113.0/24'],
    ['http://203.0.113.9:8080', '203.0.113.9:8080'],
    ['http://0xCB.0.113.9', '203.0.113.9'],
    ['http://[2001:DB8:0::9]', '2001:db8::/32'],
    ['http://[::ffff:10.0.0.9]', '10.0.0.0/8'],
    ['http://127.0.0.1:4000', '127.0.0.1'],
  ])('%s is allowed wherever it leads, by %j', (address, hosts) => {
    expect(reachOf(address, hosts)).toBe('any')
  })

  it.each([
    ['http://oss.example.com', '*.oss.example.com', 'oss.example.com'],
    ['http://evil-ronghub.com', '', 'evil-ronghub.com'],
    ['http://ronghub.com.example.net', '', 'ronghub.com.example.net'],
    ['http://ronghub.com@example.net', '', 'example.net'],
    ['http://logs.example.com:82', 'logs.example.com:81', 'logs.example.com'],
    ['http://169.254.169.254/latest', '', '169.254.169.254'],
    ['http://203.0.114.9', '203.0.113.0/24', '203.0.114.9'],
    ['http://2852039166', '', '169.254.169.254'],
    ['http://[::1]', '2001:db8::/32', '[::1]'],
    ['http://203.0.113.9.example.com', '203.0.113.9', '203.0.113.9.example.com'],
  ])('%s is refused with %j, and the refusal names host and setting', (address, hosts, host) => {
    const refusal = reachOf(address, hosts, false)
    expect(refusal).toContain(host)
    expect(refusal).toMatch(/RONGCLOUD_LOG_HOSTS$/)
  })

  it.each(['file:///etc/passwd', 'ftp://log.ronghub.com/x', 'data:text/plain,x'])(
    'is http or https, not %s',
    (address) => {
      expect(reachOf(address, '')).toMatch(/neither http nor https/)
    },
  )

  it('by a name that nobody named may lead to a listed address, where it can be looked up', () => {
    expect(reachOf('http://logs.example.com', '203.0.113.0/24')).toBe('listed')
    expect(reachOf('http://logs.example.com', '203.0.113.0/24', false)).toContain('not among the hosts')
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
  ])('does not lead from a public name to %s, unless that is listed', (address) => {
    expect(led('public', address)).toMatch(/a\.example\.com leads to .*not public.*RONGCLOUD_LOG_HOSTS/)
    expect(led('any', address)).toBe(1)
    expect(led('public', address, `${address},10.0.0.0/8`)).toBe(1)
  })

  it.each(['203.0.114.9', '2606:4700::1', '64:ff9b::808:808'])(
    'may lead from a public name to %s',
    (address) => {
      expect(led('public', address)).toBe(1)
      expect(led('listed', address)).toContain('not listed')
    },
  )

  it('is not called when it is refused, and else without following redirects', async () => {
    const called: unknown[] = []
    const fetch = guarded((url, init) => {
      called.push([url, init.redirect])
      return Promise.resolve(new Response())
    }, allowedBy('logs.example.com'))
    await expect(fetch('http://other.example.com/', {})).rejects.toThrow(HostRefused)
    await fetch('http://logs.example.com/', {})
    expect(called).toEqual([['http://logs.example.com/', 'manual']])
  })
})
