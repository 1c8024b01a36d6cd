/** The unit of systemd; `npm run check:deploy` has systemd read it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (name: string) => readFileSync(new URL(`../deploy/${name}`, import.meta.url), 'utf8')

const compose = parse(read('compose.yaml')) as { services: { archive: { mem_limit: string } } }

describe('rongcloud-archive.service', () => {
  const unit = read('rongcloud-archive.service')
  const all = (name: string) =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value)

  it.each([
    'NoNewPrivileges',
    'DynamicUser',
    'ProtectHome',
    'PrivateTmp',
    'PrivateDevices',
    'PrivateUsers',
    'ProtectClock',
    'ProtectHostname',
    'ProtectKernelLogs',
    'ProtectKernelModules',
    'ProtectKernelTunables',
    'ProtectControlGroups',
    'RestrictNamespaces',
    'RestrictRealtime',
    'RestrictSUIDSGID',
    'LockPersonality',
  ])('has %s', (name) => {
    expect(all(name)).toEqual(['yes'])
  })

  it('may little', () => {
    expect(all('CapabilityBoundingSet')).toEqual([''])
    expect(all('ProtectSystem')).toEqual(['strict'])
    expect(all('UMask')).toEqual(['0077'])
    expect(all('RestrictAddressFamilies')).toEqual(['AF_INET AF_INET6 AF_UNIX'])
    expect(all('SystemCallFilter')).toEqual(['@system-service', '~@privileged @resources'])
    // V8 would not start.
    expect(all('MemoryDenyWriteExecute')).toEqual([])
  })

  it('has the memory that the container has', () => {
    expect(all('MemoryMax').map((most) => most?.toLowerCase())).toEqual([compose.services.archive.mem_limit])
    expect(all('MemorySwapMax')).toEqual(['0'])
  })

  it('keeps downloads on the disk, not in memory', () => {
    expect(all('Environment').join()).toContain(' TMPDIR=/var/tmp ')
  })

  it('is started again however often it fails', () => {
    expect([all('Restart'), all('StartLimitIntervalSec')]).toEqual([['always'], ['0']])
  })
})
