import { describe, expect, it } from 'vitest'
import type { ArrivedCallback } from '../../src/rongcloud/callback.ts'
import { verifySignature, withoutSignature, type App } from '../../src/rongcloud/signature.ts'
import samplesText from '../fixtures/callbacks.ndjson?raw'
import { hashing } from '../support/hashing.ts'

// The public example of RongCloud's documentation (protocol §1.3).
const APP_KEY = 'uwd1c0sxdlx2'
const SECRET = 'Y1W2MeFwwwRxa0'
const NONCE = '14314'
const TIME = '1408710653000'
const SIGNATURE = '30be0bbca9c9b2e27578701e9fda2358a814c88f'

const OURS: App = { appKey: APP_KEY, secrets: [SECRET] }
const OTHERS: App = { appKey: 'other-app', secrets: ['other-secret'] }

type Given = { headers?: Record<string, string>; apps?: readonly App[]; bodyAppKey?: string }
type Pairs = Record<string, string> | [string, string][]

/** Text is taken as the query on the wire, names and values are encoded. */
function verify(query: string | Pairs, { headers = {}, apps = [OURS], bodyAppKey }: Given = {}) {
  const sent = new Headers(headers)
  return verifySignature(
    apps,
    hashing,
    {
      query: typeof query === 'string' ? query : new URLSearchParams(query).toString(),
      header: (name) => sent.get(name) ?? undefined,
    },
    bodyAppKey,
  )
}

const signedWith = (secret: string, nonce = NONCE, time = TIME) => hashing.sha1(secret + nonce + time)
const current = (changes: Record<string, string> = {}) => ({
  appKey: APP_KEY,
  timestamp: TIME,
  nonce: NONCE,
  signature: SIGNATURE,
  ...changes,
})

const accepted = { appKey: APP_KEY, signature: SIGNATURE, signedAtMs: 1408710653000, timeUnit: 'ms' }

describe('the signature', () => {
  it.each([
    ['14314', '1408710653000', 1408710653000, '30be0bbca9c9b2e27578701e9fda2358a814c88f'],
    ['14314', '1408710653491', 1408710653491, 'dd11a264276f438b045b3b236a2741ddc89d48df'],
    ['14314', '1408706337', 1408706337000, 'e107e3819638b81a00383951d1d871197910ffe6'],
    ['14314', '1408710653', 1408710653000, '3f7088873939e033bac1c1787eff5f3ba3a1c2d8'],
    ['14314', '1408706337000', 1408706337000, '171768c81d3ee1b48f1ac59096ae14e20d401a2e'],
    ['123456.78', '1734595200', 1734595200000, 'c1fedd6ba76d83dfad0bf9310fd0f8930f82b92d'],
    ['007435', '1734595200000', 1734595200000, '1d3948f666656b67296c2e22c49e69cc506f0123'],
    ['n+1%20', '1734595200000', 1734595200000, '938776e7feaf26f429eaa6840670f0c45782d7c5'],
  ])('of nonce %s and time %s is the vector of the protocol', (nonce, time, signedAtMs, signature) => {
    expect(verify(current({ nonce, timestamp: time, signature }))).toEqual({
      appKey: APP_KEY,
      signature,
      signedAtMs,
      timeUnit: time.length === 13 ? 'ms' : 's',
    })
  })

  it.each([
    ['45beb7cc7307889a8e711219a47b7cf6a5b000e8', '1408710653491'],
    ['45beb7cc7307889a8e711219a47b7cf6a5b000e8', '1408706337'],
    ['890b422b75c1c5cb706e4f7921df1d94e69c17f4', '1408706337'],
  ])('%s, printed wrongly in the documentation, is refused at %s', (signature, timestamp) => {
    expect(verify(current({ timestamp, signature }))).toEqual({ refused: 'signature_wrong' })
  })

  it.each(
    samplesText
      .trim()
      .split('\n')
      .map((line): { name: string; query: Pairs; headers?: Record<string, string> } => JSON.parse(line)),
  )('of the sample $name is judged rightly', ({ name, query, headers = {} }) => {
    const verdict = verify(query, { headers, apps: [OTHERS, OURS] })
    if (name.includes('-bad-')) expect(verdict).toEqual({ refused: 'signature_wrong' })
    else expect(verdict).toMatchObject({ appKey: APP_KEY })
  })

  it('may be written in capitals and is handed on in small letters', () => {
    expect(verify(current({ signature: SIGNATURE.toUpperCase() }))).toEqual(accepted)
  })

  it('signs characters, so that a time that is no number is accepted and told as none', () => {
    const signature = signedWith(SECRET, NONCE, '1408710653000.5')
    expect(verify(current({ timestamp: '1408710653000.5', signature }))).toEqual({
      appKey: APP_KEY,
      signature,
      signedAtMs: Number.NaN,
      timeUnit: null,
    })
  })
})

describe('the parameters of a signature', () => {
  it.each<[string, Pairs, Record<string, string>]>([
    ['query, four parameters', current(), {}],
    ['query, with signTimestamp', { signTimestamp: TIME, nonce: NONCE, signature: SIGNATURE }, {}],
    [
      'query, 2019: appKey and signTimestamp',
      { appKey: APP_KEY, signTimestamp: TIME, nonce: NONCE, signature: SIGNATURE },
      {},
    ],
    ['query, rc- names', { 'rc-timestamp': TIME, 'rc-nonce': NONCE, 'rc-signature': SIGNATURE }, {}],
    ['query, mixed names', { 'rc-timestamp': TIME, nonce: NONCE, 'rc-signature': SIGNATURE }, {}],
    ['headers', {}, { 'App-Key': APP_KEY, Nonce: NONCE, Timestamp: TIME, Signature: SIGNATURE }],
    [
      'headers, RC- names',
      {},
      { 'RC-App-Key': APP_KEY, 'RC-Nonce': NONCE, 'RC-Timestamp': TIME, 'RC-Signature': SIGNATURE },
    ],
    ['headers, mixed names', {}, { 'RC-Nonce': NONCE, Timestamp: TIME, 'RC-Signature': SIGNATURE }],
    [
      'query and headers',
      { nonce: NONCE, timestamp: TIME },
      { 'RC-App-Key': APP_KEY, 'RC-Signature': SIGNATURE },
    ],
    [
      'headers where the query has them empty',
      { appKey: '', nonce: '', timestamp: '', signature: '' },
      { 'App-Key': APP_KEY, Nonce: NONCE, Timestamp: TIME, Signature: SIGNATURE },
    ],
    ['query before headers', current(), { 'App-Key': 'x', Nonce: '1', Timestamp: '2', Signature: 'f' }],
  ])('are found in: %s', (_place, query, headers) => {
    expect(verify(query, { headers })).toEqual(accepted)
  })

  it.each([
    ['timestamp', { timestamp: TIME, signTimestamp: '1734595200000' }],
    ['signTimestamp', { timestamp: '1734595200000', signTimestamp: TIME }],
    ['rc-timestamp', { timestamp: '1', signTimestamp: '2', 'rc-timestamp': TIME }],
  ])('hold the time that was signed: here it is %s', (_name, times) => {
    expect(verify({ nonce: NONCE, signature: SIGNATURE, ...times })).toEqual(accepted)
  })

  it('are looked for in headers only where the query has none', () => {
    const headers = { 'RC-Timestamp': TIME }
    expect(verify({ nonce: NONCE, signature: SIGNATURE }, { headers })).toEqual(accepted)
    expect(verify({ nonce: NONCE, signature: SIGNATURE, timestamp: '1' }, { headers })).toEqual({
      refused: 'signature_wrong',
    })
  })

  it.each([
    ['signature', { timestamp: TIME, nonce: NONCE }],
    ['nonce', { timestamp: TIME, signature: SIGNATURE }],
    ['time', { nonce: NONCE, signature: SIGNATURE }],
    ['anything', {}],
    ['a signature that is not empty', current({ signature: '' })],
    ['a nonce that is not empty', current({ nonce: '' })],
    ['a time that is not empty', current({ timestamp: '' })],
  ])('without %s are refused as missing', (_part, query) => {
    expect(verify(query)).toEqual({ refused: 'signature_missing' })
  })

  it('are never looked for in the body, whose timestamp is the time of a message', () => {
    const body = new TextEncoder().encode(new URLSearchParams(current()).toString())
    const callback: ArrivedCallback = {
      path: '/callbacks/messages',
      query: `nonce=${NONCE}&signature=${SIGNATURE}`,
      header: () => undefined,
      readBody: () => Promise.resolve(body),
      remoteAddress: null,
      receivedAtMs: 0,
    }
    expect(verifySignature([OURS], hashing, callback)).toEqual({ refused: 'signature_missing' })
  })

  it.each([
    ['n%2B1%2520', 'n+1%20'],
    ['n+1%2520', 'n+1%20'],
    ['a%20b', 'a b'],
    ['a+b', 'a b'],
    ['%31%34.%30', '14.0'],
    ['%E4%BD%A0', '你'],
    ['12.50', '12.50'],
    ['1e3', '1e3'],
    ['000', '000'],
  ])('are signed as decoded: nonce=%s stands for %s', (onTheWire, nonce) => {
    const signature = signedWith(SECRET, nonce)
    expect(verify(`nonce=${onTheWire}&timestamp=%31408710653000&signature=${signature}`)).toEqual({
      ...accepted,
      signature,
    })
  })

  it.each(['7435', '07435', '007435.0'])('keep a nonce to the character: %s is not 007435', (nonce) => {
    const signature = '1d3948f666656b67296c2e22c49e69cc506f0123'
    expect(verify(current({ nonce, timestamp: '1734595200000', signature }))).toEqual({
      refused: 'signature_wrong',
    })
  })
})

describe('the app of a callback', () => {
  const unnamed = { timestamp: TIME, nonce: NONCE, signature: SIGNATURE }

  it.each([{}, current()])('is no app at all while none is configured', (query) => {
    expect(verify(query, { apps: [] })).toEqual({ refused: 'no_app_configured' })
  })

  it('is found by its secret when the callback names none', () => {
    expect(verify(unnamed, { apps: [OTHERS, OURS] })).toEqual(accepted)
    expect(verify(unnamed, { apps: [OTHERS] })).toEqual({ refused: 'signature_wrong' })
  })

  it('is unknown when it is not configured, however well it signs', () => {
    expect(verify(current({ appKey: 'stranger' }))).toEqual({ refused: 'unknown_app' })
    expect(verify(current({ appKey: APP_KEY.toUpperCase() }))).toEqual({ refused: 'unknown_app' })
  })

  it.each(['App-Key', 'RC-App-Key', 'appKey'])('may be named in the header %s', (name) => {
    const apps = [OTHERS, OURS]
    expect(verify(unnamed, { apps, headers: { [name]: APP_KEY } })).toEqual(accepted)
    expect(verify(unnamed, { apps, headers: { [name]: 'stranger' } })).toEqual({ refused: 'unknown_app' })
  })

  it('is the one it says: the secret of another app of ours signs nothing for it', () => {
    const query = current({ appKey: OTHERS.appKey })
    expect(verify(query, { apps: [OURS, OTHERS] })).toEqual({ refused: 'signature_wrong' })
  })

  it('may be named in the body when neither query nor headers name it', () => {
    const apps = [OTHERS, OURS]
    expect(verify(unnamed, { apps, bodyAppKey: APP_KEY })).toEqual(accepted)
    expect(verify(unnamed, { apps, bodyAppKey: OTHERS.appKey })).toEqual({ refused: 'signature_wrong' })
    expect(verify(unnamed, { apps, bodyAppKey: 'stranger' })).toEqual({ refused: 'unknown_app' })
    expect(verify(current(), { apps, bodyAppKey: OTHERS.appKey })).toEqual(accepted)
  })

  it.each(['before', 'after'])('signs with any of its secrets while one is being changed: %s', (secret) => {
    const apps = [{ appKey: APP_KEY, secrets: ['before', 'after'] }]
    const signature = signedWith(secret)
    expect(verify(current({ signature }), { apps })).toMatchObject({ appKey: APP_KEY })
    expect(verify({ ...unnamed, signature }, { apps: [OTHERS, ...apps] })).toMatchObject({ appKey: APP_KEY })
    expect(verify(current(), { apps })).toEqual({ refused: 'signature_wrong' })
  })
})

describe('a query without its signature', () => {
  it.each([
    [`appKey=a&signature=${SIGNATURE}`, 'appKey=a&signature='],
    [`signature=${SIGNATURE}&nonce=1%2E5&a=+&&b`, 'signature=&nonce=1%2E5&a=+&&b'],
    [`rc-signature=${SIGNATURE}&rc-nonce=1`, 'rc-signature=&rc-nonce=1'],
    [`%73ignature=${SIGNATURE}`, '%73ignature='],
    [`?signature=${SIGNATURE}`, '?signature='],
    [`signature=${SIGNATURE}=&signature=${SIGNATURE}\n`, 'signature=&signature='],
    ['signature', 'signature'],
    ['signatures=1&my-signature=2', 'signatures=1&my-signature=2'],
    ['', ''],
  ])('%s is %s', (query, expected) => {
    expect(withoutSignature(query)).toBe(expected)
  })

  it('opens nothing, in whatever way it is written', () => {
    const written = [`signature=${SIGNATURE}`, `%73ignature=${SIGNATURE}`, `rc-signature=${SIGNATURE}`]
    for (const signature of written) {
      const query = `${signature}&appKey=${APP_KEY}&nonce=${NONCE}&timestamp=${TIME}`
      expect(verify(query)).toEqual(accepted)
      expect(verify(withoutSignature(query))).toEqual({ refused: 'signature_missing' })
    }
  })
})

describe('an attack', () => {
  it.each([
    ['the app key for a secret', signedWith(APP_KEY)],
    ['no secret', signedWith('')],
    ['the word undefined for a secret', signedWith('undefined')],
    ['one character too many', `${SIGNATURE}0`],
    ['one character too few', SIGNATURE.slice(0, -1)],
    ['the last character wrong', `${SIGNATURE.slice(0, -1)}0`],
    ['the first character wrong', `0${SIGNATURE.slice(1)}`],
    ['blanks around it', ` ${SIGNATURE} `],
    ['full-width digits', SIGNATURE.replace('30', '\uFF13\uFF10')],
    ['the SHA-256 of the same', hashing.sha256(SECRET + NONCE + TIME)],
    ['the parts in another order', hashing.sha1(SECRET + TIME + NONCE)],
    ['a single character', 'a'],
    ['a prototype name', '__proto__'],
  ])('with %s in the signature is refused', (_how, signature) => {
    expect(verify(current({ signature }))).toEqual({ refused: 'signature_wrong' })
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '*', `${APP_KEY},other-app`])(
    'that names the app %s is refused',
    (appKey) => {
      expect(verify(current({ appKey }))).toEqual({ refused: 'unknown_app' })
      expect(verify({ [appKey]: APP_KEY })).toEqual({ refused: 'signature_missing' })
    },
  )

  it.each(['appKey', 'nonce', 'signature'])('with a second %s changes nothing: the first counts', (name) => {
    const pairs = Object.entries(current())
    const wrong: [string, string] = [name, name === 'appKey' ? OTHERS.appKey : 'f'.repeat(40)]
    const apps = [OURS, OTHERS]
    expect(verify([...pairs, wrong], { apps })).toEqual(accepted)
    expect(verify([wrong, ...pairs], { apps })).toEqual({ refused: 'signature_wrong' })
  })

  it.each(['signature[]', 'Signature', 'SIGNATURE', 'signature '])(
    'with a parameter called %s brings no signature',
    (name) => {
      expect(verify({ timestamp: TIME, nonce: NONCE, [name]: SIGNATURE })).toEqual({
        refused: 'signature_missing',
      })
    },
  )

  it('of broken encoding in the query is refused', () => {
    expect(verify(`nonce=%&timestamp=%zz&signature=%FF%00&appKey=${APP_KEY}`)).toEqual({
      refused: 'signature_wrong',
    })
  })
})
