import { describe, expect, it } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { BEIJING, UTC } from '../src/domain/log-zone.ts'

describe('the zone of logs', () => {
  it.each([
    ['singapore', UTC],
    ['north-america', UTC],
    ['saudi-arabia', UTC],
    ['beijing', BEIJING],
    ['off', BEIJING],
    ['http://127.0.0.1:4000', BEIJING],
  ])('of %s is known, unless it is set', (RONGCLOUD_API, zone) => {
    expect(parseConfig({ RONGCLOUD_API }).logZone).toEqual(zone)
    expect(parseConfig({ RONGCLOUD_API, RONGCLOUD_LOG_ZONE: 'Asia/Riyadh' }).logZone.name).toBe('Asia/Riyadh')
  })
})

describe('hosts of logs', () => {
  it.each([
    '*',
    '*.',
    '*.10.0.0.1',
    'https://a.example.com',
    'a.example.com/path',
    'a.example.com:99999',
    'a.example.com:port',
    '*.example.com:80',
    'a b',
    'user@a.example.com',
    '300.0.0.1',
    '10.0.0.0/33',
    '2001:db8::/129',
    'a..example.com',
  ])('are refused by name when they are none: %j', (entry) => {
    expect(() => parseConfig({ RONGCLOUD_LOG_HOSTS: `a.example.com,${entry}` })).toThrow(
      `RONGCLOUD_LOG_HOSTS ${entry} is no`,
    )
  })
})
