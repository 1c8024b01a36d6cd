import { describe, expect, it } from 'vitest'
import { authenticate, type CallbackRules } from '../../src/ingest/authenticate.ts'
import { createNonceMemory } from '../../src/ingest/nonce-memory.ts'
import { nodeUnpacking } from '../../src/node/content-codings.ts'
import { hashing } from '../support/hashing.ts'

const SIGNED_AT_MS = 1734595200000
const ALLOWED = '203.0.113.7'
const NOTHING_LEARNED = { loading: () => null, isChanged: () => false, saving: () => null }

type Arrival = {
  time?: string
  nonce?: string
  secret?: string
  appKey?: string
  body?: string | Uint8Array
  capitals?: boolean
  query?: string
  remoteAddress?: string | null
  receivedAtMs?: number
}

/** A callback, signed by our app and received at the moment it was signed unless told otherwise. */
function callback(arrival: Arrival = {}) {
  const { time = String(SIGNED_AT_MS), nonce = '14314', secret = 'secret', appKey = 'app' } = arrival
  const { body = 'a=1', remoteAddress = ALLOWED, receivedAtMs = SIGNED_AT_MS } = arrival
  const digest = hashing.sha1(secret + nonce + time)
  const signature = arrival.capitals ? digest.toUpperCase() : digest
  return {
    path: '/callbacks/messages',
    query: arrival.query ?? new URLSearchParams({ appKey, timestamp: time, nonce, signature }).toString(),
    header: () => undefined,
    readBody: () => Promise.resolve(typeof body === 'string' ? new TextEncoder().encode(body) : body),
    remoteAddress,
    receivedAtMs,
  }
}

/** The gate of one running archive. */
function openGate(rules: Partial<CallbackRules> = {}) {
  const deps = {
    rules: {
      apps: [{ appKey: 'app', secrets: ['secret'] }],
      callbackMaxAgeSeconds: 0,
      callbackTimeUnit: 'auto' as const,
      callbackNonceReuse: 'flag' as const,
      isCallbackAddressAllowed: () => true,
      ...rules,
    },
    hashing,
    unpacking: nodeUnpacking,
    isNonceReused: createNonceMemory(),
    timeUnits: NOTHING_LEARNED,
  }
  return async (arrival?: Arrival, bodyAppKey?: string) => {
    const authenticity = await authenticate(deps, callback(arrival), () => bodyAppKey)
    if ('refused' in authenticity) return authenticity
    const { appKey, nonceReused } = authenticity
    return { appKey, nonceReused }
  }
}

const welcome = { appKey: 'app', nonceReused: false }
const suspect = { appKey: 'app', nonceReused: true }

describe('a callback', () => {
  it('is welcome when one of our apps signed it', async () => {
    expect(await openGate()()).toEqual(welcome)
  })

  it.each<[string, Arrival]>([
    ['signature_wrong', { secret: 'another secret' }],
    ['unknown_app', { appKey: 'stranger' }],
    ['signature_missing', { query: '' }],
  ])('is refused for the reason the signature gives: %s', async (refused, arrival) => {
    expect(await openGate()(arrival)).toEqual({ refused })
  })

  it('is refused while no app is configured', async () => {
    expect(await openGate({ apps: [] })()).toEqual({ refused: 'no_app_configured' })
  })

  it('may name its app in the body alone', async () => {
    const time = String(SIGNED_AT_MS)
    const query = `timestamp=${time}&nonce=1&signature=${hashing.sha1(`secret1${time}`)}`
    expect(await openGate()({ query }, 'app')).toEqual(welcome)
    expect(await openGate()({ query }, 'stranger')).toEqual({ refused: 'unknown_app' })
  })
})

describe('the body of a callback', () => {
  const rules: CallbackRules = {
    apps: [{ appKey: 'app', secrets: ['secret'] }],
    callbackMaxAgeSeconds: 600,
    callbackTimeUnit: 'auto',
    callbackNonceReuse: 'flag',
    isCallbackAddressAllowed: (address) => address === ALLOWED,
  }

  /** What became of it, and whether anybody has read or looked into the body. */
  async function outcomeOf(arrival: Arrival) {
    const touched: string[] = []
    const deps = {
      rules,
      hashing,
      unpacking: nodeUnpacking,
      isNonceReused: createNonceMemory(),
      timeUnits: NOTHING_LEARNED,
    }
    const { readBody, ...given } = callback(arrival)
    const reading = { ...given, readBody: () => (touched.push('read'), readBody()) }
    const verdict = await authenticate(deps, reading, () => (touched.push('looked into'), undefined))
    return [verdict, touched]
  }

  it.each<[string, Arrival]>([
    ['address_not_allowed', { remoteAddress: '198.51.100.1' }],
    ['signature_missing', { query: 'appKey=app' }],
    ['signature_wrong', { secret: 'guessed' }],
    ['unknown_app', { appKey: 'stranger' }],
    ['too_old', { receivedAtMs: SIGNED_AT_MS + 3_600_000 }],
  ])('is neither read nor looked into when it is refused: %s', async (refused, arrival) => {
    expect(await outcomeOf(arrival)).toEqual([{ refused }, []])
  })

  it('is read once when it is signed', async () => {
    expect(await outcomeOf({})).toEqual([expect.objectContaining(welcome), ['read', 'looked into']])
  })
})

describe('the address rule', () => {
  const gate = () => openGate({ isCallbackAddressAllowed: (address) => address === ALLOWED })

  it.each([ALLOWED, '203.0.113.8', null])(
    'is asked about the address of the callback: %s',
    async (remoteAddress) => {
      const verdict = remoteAddress === ALLOWED ? welcome : { refused: 'address_not_allowed' }
      expect(await gate()({ remoteAddress })).toEqual(verdict)
    },
  )

  it('comes before the signature, and is no substitute for one', async () => {
    expect(await gate()({ remoteAddress: null, query: '' })).toEqual({ refused: 'address_not_allowed' })
    expect(await gate()({ secret: 'another secret' })).toEqual({ refused: 'signature_wrong' })
  })
})

const LIMIT_MS = 600_000
const openGateWithLimit = (rules: Partial<CallbackRules> = {}) =>
  openGate({ callbackMaxAgeSeconds: LIMIT_MS / 1000, ...rules })

describe('the age limit', () => {
  it.each([
    ['now', 0, welcome],
    ['just within it', LIMIT_MS, welcome],
    ['just beyond it', LIMIT_MS + 1, { refused: 'too_old' }],
    ['days ago', 259_200_000, { refused: 'too_old' }],
    ['ahead of our clock, within it', -LIMIT_MS, welcome],
    ['too far ahead of our clock', -LIMIT_MS - 1, { refused: 'too_old' }],
  ])('lets a callback in by when it was signed: %s', async (_when, elapsedMs, verdict) => {
    const receivedAtMs = SIGNED_AT_MS + elapsedMs
    expect(await openGateWithLimit()({ receivedAtMs })).toEqual(verdict)
    expect(await openGateWithLimit()({ time: '1734595200', receivedAtMs })).toEqual(verdict)
  })

  it.each(['soon', '1734595200.5', '-1734595200', '0x67643980', '1734595200000 '])(
    'refuses a signed time that is no number: %j',
    async (time) => {
      expect(await openGateWithLimit()({ time })).toEqual({ refused: 'too_old' })
    },
  )

  it('is off at 0, for any time at all', async () => {
    const open = openGate({ callbackMaxAgeSeconds: 0 })
    expect(await open({ time: '1' })).toEqual(welcome)
    expect(await open({ time: 'soon' })).toEqual(welcome)
    expect(await open({ receivedAtMs: SIGNED_AT_MS + 1e12 })).toEqual(welcome)
  })

  it('looks at the time that was signed, not at a fresh one beside it', async () => {
    const stale = '1408710653000'
    const signature = hashing.sha1(`secret14314${stale}`)
    const query = new URLSearchParams({
      timestamp: String(SIGNED_AT_MS),
      signTimestamp: stale,
      nonce: '14314',
      signature,
    })
    expect(await openGateWithLimit()({ query: query.toString() })).toEqual({ refused: 'too_old' })
    expect(await openGate()({ query: query.toString() })).toEqual(welcome)
  })

  it('comes after the signature and before the nonce', async () => {
    const receivedAtMs = SIGNED_AT_MS + LIMIT_MS + 1
    expect(await openGateWithLimit()({ receivedAtMs, secret: 'another secret' })).toEqual({
      refused: 'signature_wrong',
    })
    const open = openGateWithLimit({ callbackNonceReuse: 'refuse' })
    await open({ body: 'a=1' })
    expect(await open({ body: 'forged', receivedAtMs })).toEqual({ refused: 'too_old' })
  })
})

describe('a signature that comes again', () => {
  it.each(['flag', 'refuse'] as const)(
    'with the same body is a retry, welcome under %s',
    async (callbackNonceReuse) => {
      const open = openGate({ callbackNonceReuse })
      expect([await open(), await open(), await open()]).toEqual([welcome, welcome, welcome])
    },
  )

  it('with another body is let in as a suspect under flag', async () => {
    const open = openGate({ callbackNonceReuse: 'flag' })
    await open({ body: 'a=1' })
    expect(await open({ body: 'a=2' })).toEqual(suspect)
    expect(await open({ body: 'a=1' })).toEqual(welcome)
  })

  it('with another body is refused under refuse', async () => {
    const open = openGate({ callbackNonceReuse: 'refuse' })
    await open({ body: 'a=1' })
    expect(await open({ body: 'a=2' })).toEqual({ refused: 'nonce_reused' })
    expect(await open({ body: 'a=1' })).toEqual(welcome)
  })

  it('with a body that differs in bytes alone is a suspect, though both read as the same text', async () => {
    const open = openGate()
    await open({ body: Uint8Array.of(0x61, 0x3d, 0xff) })
    expect(await open({ body: Uint8Array.of(0x61, 0x3d, 0xfe) })).toEqual(suspect)
    expect(await open({ body: '' })).toEqual(suspect)
  })

  it('is the same one in capitals, or with digits moved from the nonce to the time', async () => {
    const open = openGate()
    await open({ nonce: '14314', time: '1734595200000' })
    expect(await open({ nonce: '14314', time: '1734595200000', capitals: true, body: 'forged' })).toEqual(
      suspect,
    )
    expect(await open({ nonce: '1431', time: '41734595200000', body: 'forged' })).toEqual(suspect)
  })

  it.each<[string, Arrival]>([
    ['nonce', { nonce: '14315' }],
    ['time', { time: '1734595200001' }],
  ])('is another one when it was made of another %s', async (_part, arrival) => {
    const open = openGate({ callbackNonceReuse: 'refuse' })
    await open({ body: 'a=1' })
    expect(await open({ body: 'a=2', ...arrival })).toEqual(welcome)
  })

  it.each<[string, Arrival]>([
    ['its address', { remoteAddress: null }],
    ['its age', { receivedAtMs: SIGNED_AT_MS + 3_600_000 }],
  ])('is not held against it when the first was refused for %s', async (_what, arrival) => {
    const open = openGate({
      callbackNonceReuse: 'refuse',
      callbackMaxAgeSeconds: 600,
      isCallbackAddressAllowed: (address) => address === ALLOWED,
    })
    expect(await open({ body: 'forged', ...arrival })).toHaveProperty('refused')
    expect(await open({ body: 'a=1' })).toEqual(welcome)
  })
})
