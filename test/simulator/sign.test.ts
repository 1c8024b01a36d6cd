import { describe, expect, it } from 'vitest'
import { sign, type Carrier } from '../../simulator/sign.ts'
import { verifySignature } from '../../src/rongcloud/signature.ts'
import { APP } from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'

const apps = [{ appKey: APP.appKey, secrets: [APP.secret] }]
const TIME_MS = 1_734_595_200_123

function verdictOn(carrier: Carrier, bodyAppKey?: string) {
  const { query, headers } = sign(APP, carrier, { timeMs: TIME_MS })
  const header = (name: string) => headers[name]
  return verifySignature(apps, hashing, { query: query.replace('?', ''), header }, bodyAppKey)
}

describe('a signature', () => {
  it('is the one of RongCloud’s own example', () => {
    const { query } = sign(APP, 'query', { timeMs: 1_408_710_653_000, nonce: '14314' })
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      appKey: APP.appKey,
      timestamp: '1408710653000',
      nonce: '14314',
      signature: '30be0bbca9c9b2e27578701e9fda2358a814c88f',
    })
  })

  it.each(['query', 'headers', 'query-without-app-key'] as const)(
    'verifies when carried by %s',
    (carrier) => {
      expect(verdictOn(carrier, APP.appKey)).toMatchObject({ appKey: APP.appKey, signedAtMs: TIME_MS })
    },
  )

  it('counts in seconds for the public service', () => {
    expect(verdictOn('public-service-query')).toMatchObject({ signedAtMs: Math.floor(TIME_MS / 1000) * 1000 })
  })

  it('has another nonce each time, of at most 18 characters', () => {
    const nonces = Array.from({ length: 1000 }, () =>
      new URLSearchParams(sign(APP, 'query', { timeMs: TIME_MS }).query).get('nonce'),
    )
    expect(new Set(nonces).size).toBe(1000)
    expect(nonces.filter((nonce) => nonce === null || nonce.length > 18)).toEqual([])
  })
})
