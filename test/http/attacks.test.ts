/** Every attack on the callbacks that was thought of, and what became of it; beside each what must go on to work. */
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'
import { get, getJson, messageFields, sha1Hex } from '../support/requests.ts'

const NOW_MS = 1_734_595_200_000
const HOUR_MS = 3_600_000

type Callback = {
  /** Who signs, with what. Header or query parameters of that name are left out when undefined. */
  appKey?: string
  secret?: string
  nonce?: string
  time?: string
  /** What is done to the query after it was signed. */
  changed?: (query: string) => string
  headers?: Record<string, string>
  body?: string
  /** The other end of the connection. */
  peer?: string
}

type Settings = Record<string, string>
type Row = [what: string, became: string, callback: Callback, settings?: Settings, before?: Callback]

const body = (fields = {}) => new URLSearchParams(messageFields(fields)).toString()
const without = (name: string) => (query: string) => {
  const parameters = new URLSearchParams(query)
  parameters.delete(name)
  return parameters.toString()
}
const from = (peer: string, forwardedFor?: string): Callback => ({
  peer,
  ...(forwardedFor !== undefined && { headers: { 'X-Forwarded-For': forwardedFor } }),
})

const REFUSE = { CALLBACK_NONCE_REUSE: 'refuse' }
const FIRST = { nonce: 'once', body: body({ msgUID: 'first' }) }
const AGE = { CALLBACK_MAX_AGE_SECONDS: '300' }
const ROTATING = { RONGCLOUD_APPS: 'app:old,app:new' }
const IPS = { CALLBACK_IPS: '203.0.113.0/25, 198.51.100.7, 2001:db8::/32' }
const PROXIES = { ...IPS, TRUSTED_PROXIES: '192.0.2.0/24, fd00::/8' }

// 'stored', 'flagged' (stored, and marked as a suspect), or the reason of the refusal.
// prettier-ignore
const TABLE: Record<string, Row[]> = {
  'the secret': [
    ['ours', 'stored', {}],
    ['another one', 'signature_wrong', { secret: 'wrong' }],
    ['the app key in its place', 'signature_wrong', { secret: APP.appKey }],
    ['none', 'signature_wrong', { secret: '' }],
    ['that of another of our apps', 'signature_wrong', { secret: OTHER_APP.secret }],
    ['ours, for an app that we do not know', 'unknown_app', { appKey: 'unknown' }],
    ['ours, while no app is configured', 'no_app_configured', {}, { RONGCLOUD_APPS: '' }],
    ['none, while no app is configured', 'no_app_configured', { secret: '' }, { RONGCLOUD_APPS: '' }],
  ],
  'the secret, while it is being changed': [
    ['the old one', 'stored', { appKey: 'app', secret: 'old' }, ROTATING],
    ['the new one', 'stored', { appKey: 'app', secret: 'new' }, ROTATING],
    ['the one before', 'signature_wrong', { appKey: 'app', secret: 'older' }, ROTATING],
    ['both, one after the other', 'signature_wrong', { appKey: 'app', secret: 'oldnew' }, ROTATING],
    ['the list as it is written', 'signature_wrong', { appKey: 'app', secret: 'old,app:new' }, ROTATING],
    ['the old one, when it is gone', 'signature_wrong', { appKey: 'app', secret: 'old' }, { RONGCLOUD_APPS: 'app:new' }],
  ],
  'the parts of a signature': [
    ['in capitals', 'stored', { changed: (query) => query.replace(/[a-f\d]{40}$/, (hex) => hex.toUpperCase()) }],
    ['without the app key', 'stored', { changed: without('appKey') }],
    ['without the nonce', 'signature_missing', { changed: without('nonce') }],
    ['without the time', 'signature_missing', { changed: without('timestamp') }],
    ['without the signature', 'signature_missing', { changed: without('signature') }],
    ['with a blank signature', 'signature_missing', { changed: (query) => query.replace(/[a-f\d]{40}$/, '') }],
    ['with none at all', 'signature_missing', { changed: () => '' }],
    ['cut short', 'signature_wrong', { changed: (query) => query.slice(0, -1) }],
    ['with a fresh time', 'signature_wrong', { changed: (query) => query.replace('1734595200000', '1734595200001') }],
    ['with a fresh nonce', 'signature_wrong', { changed: (query) => query.replace('nonce=', 'nonce=1') }],
    ['a wrong signature before the right one', 'signature_wrong', { changed: (query) => `signature=${'0'.repeat(40)}&${query}` }],
    ['a wrong signature after the right one', 'stored', { changed: (query) => `${query}&signature=${'0'.repeat(40)}` }],
    ['another app named before ours', 'signature_wrong', { changed: (query) => `appKey=${OTHER_APP.appKey}&${query}` }],
    ['another nonce before the signed one', 'signature_wrong', { changed: (query) => `nonce=1&${query}` }],
    ['as a list', 'signature_missing', { changed: (query) => query.replace('signature=', 'signature[]=') }],
    ['as an object', 'signature_missing', { changed: (query) => query.replace('signature=', 'signature[0]=') }],
  ],
  'the place of a signature': [
    ['the body instead of the query', 'signature_missing', { changed: () => '', body: `${body()}&{query}` }],
    ['the nonce in the body', 'signature_missing', { changed: without('nonce'), body: `${body()}&{query}` }],
    ['a cookie', 'signature_missing', { changed: () => '', headers: { Cookie: 'signature={signature}' } }],
    ['an Authorization header', 'signature_missing', { changed: () => '', headers: { Authorization: `Bearer ${KEYS.all}` } }],
    ['the headers of the protocol', 'stored', { changed: () => '', headers: { 'RC-App-Key': APP.appKey, 'RC-Nonce': '{nonce}', 'RC-Timestamp': '1734595200000', 'RC-Signature': '{signature}' } }],
    ['right headers beside a wrong query', 'signature_wrong', { changed: (query) => query.replace(/.$/, 'x'), headers: { 'RC-Signature': '{signature}' } }],
  ],
  'a signature that came before': [
    ['with the same body', 'stored', FIRST, {}, FIRST],
    ['with another body', 'flagged', { ...FIRST, body: body({ msgUID: 'swapped' }) }, {}, FIRST],
    ['with the same body, under refuse', 'stored', FIRST, REFUSE, FIRST],
    ['with another body, under refuse', 'nonce_reused', { ...FIRST, body: body({ msgUID: 'swapped' }) }, REFUSE, FIRST],
    ['with a body that is no message, under refuse', 'nonce_reused', { ...FIRST, body: 'x' }, REFUSE, FIRST],
    ['in capitals and with another body, under refuse', 'nonce_reused', { ...FIRST, body: body({ msgUID: 'swapped' }), changed: (query) => query.replace(/[a-f\d]{40}$/, (hex) => hex.toUpperCase()) }, REFUSE, FIRST],
    ['in other names and with another body, under refuse', 'nonce_reused', { ...FIRST, body: body({ msgUID: 'swapped' }), changed: (query) => query.replace('timestamp', 'signTimestamp') }, REFUSE, FIRST],
    ['with a character moved from the nonce to the time, under refuse', 'nonce_reused', { nonce: '1', time: '21734595200000', body: body({ msgUID: 'swapped' }) }, REFUSE, { ...FIRST, nonce: '12', time: '1734595200000' }],
    ['made anew with the same nonce at another time, under refuse', 'stored', { ...FIRST, time: '1734595200001', body: body({ msgUID: 'new' }) }, REFUSE, FIRST],
  ],
  'the time that was signed': [
    ['an hour ago, without a limit', 'stored', { time: String(NOW_MS - HOUR_MS) }],
    ['in an hour, without a limit', 'stored', { time: String(NOW_MS + HOUR_MS) }],
    ['five minutes ago', 'stored', { time: String(NOW_MS - 300_000) }, AGE],
    ['a moment more', 'too_old', { time: String(NOW_MS - 300_001) }, AGE],
    ['in five minutes', 'stored', { time: String(NOW_MS + 300_000) }, AGE],
    ['a moment later', 'too_old', { time: String(NOW_MS + 300_001) }, AGE],
    ['in seconds', 'stored', { time: String(NOW_MS / 1000) }, AGE],
    ['an hour ago in seconds', 'too_old', { time: String((NOW_MS - HOUR_MS) / 1000) }, AGE],
    ['no number', 'too_old', { time: 'soon' }, AGE],
    ['a negative number', 'too_old', { time: `-${NOW_MS}` }, AGE],
    ['hexadecimal', 'too_old', { time: `0x${NOW_MS.toString(16)}` }, AGE],
    ['an hour ago, a fresh one beside it', 'too_old', { time: String(NOW_MS - HOUR_MS), changed: (query) => `${query.replace('timestamp', 'signTimestamp')}&timestamp=${NOW_MS}` }, AGE],
  ],
  'the address': [
    ['of the range', 'stored', from('203.0.113.7'), IPS],
    ['the first beyond the range', 'address_not_allowed', from('203.0.113.128'), IPS],
    ['the one address', 'stored', from('198.51.100.7'), IPS],
    ['the one beside it', 'address_not_allowed', from('198.51.100.8'), IPS],
    ['of the range of IPv6', 'stored', from('2001:db8::1'), IPS],
    ['the first beyond it', 'address_not_allowed', from('2001:db9::'), IPS],
    ['of IPv4, mapped', 'stored', from('::ffff:203.0.113.7'), IPS],
    ['of IPv4, mapped, in hexadecimal', 'stored', from('::ffff:cb00:7107'), IPS],
    ['of another IPv4, mapped', 'address_not_allowed', from('::ffff:203.0.113.200'), IPS],
    ['of IPv4, embedded in another way', 'address_not_allowed', from('::203.0.113.7'), IPS],
    ['none', 'address_not_allowed', from(''), IPS],
    ['what is no address', 'address_not_allowed', from('203.0.113.7.evil.example'), IPS],
    ['in octal', 'address_not_allowed', from('0313.0.0161.07'), IPS],
    ['in three parts', 'address_not_allowed', from('203.0.113'), IPS],
    ['as one number', 'address_not_allowed', from('3405803783'), IPS],
    ['with a wrong secret', 'signature_wrong', { ...from('203.0.113.7'), secret: 'wrong' }, IPS],
  ],
  'the address that others tell': [
    ['a trusted proxy', 'stored', from('192.0.2.10', '203.0.113.7'), PROXIES],
    ['a trusted proxy of IPv6', 'stored', from('fd00::1', '2001:db8::1'), PROXIES],
    ['a trusted proxy, mapped', 'stored', from('::ffff:192.0.2.10', '203.0.113.7'), PROXIES],
    ['a trusted proxy, with the port', 'stored', from('192.0.2.10', '203.0.113.7:4711'), PROXIES],
    ['a trusted proxy, in brackets', 'stored', from('192.0.2.10', '[2001:db8::1]:4711'), PROXIES],
    ['two trusted proxies', 'stored', from('192.0.2.10', '203.0.113.7, 192.0.2.99'), PROXIES],
    ['five trusted proxies', 'stored', from('192.0.2.10', '203.0.113.7, 192.0.2.1, fd00::2, 192.0.2.3, 192.0.2.4'), PROXIES],
    ['the sender, through a trusted proxy', 'address_not_allowed', from('192.0.2.10', '203.0.113.7, 198.51.100.1'), PROXIES],
    ['the sender, through two trusted proxies', 'address_not_allowed', from('192.0.2.10', '203.0.113.7, 198.51.100.1, 192.0.2.99'), PROXIES],
    ['a trusted proxy, but it tells nothing', 'address_not_allowed', from('192.0.2.10'), PROXIES],
    ['a trusted proxy, but it tells of itself alone', 'address_not_allowed', from('192.0.2.10', '192.0.2.11'), PROXIES],
    ['a trusted proxy, but not an address', 'address_not_allowed', from('192.0.2.10', '203.0.113.7, unknown'), PROXIES],
    ['somebody else', 'address_not_allowed', from('198.51.100.1', '203.0.113.7'), PROXIES],
    ['somebody allowed, of somebody who is not', 'stored', from('203.0.113.7', '198.51.100.1'), PROXIES],
    ['anybody, while no proxy is trusted', 'address_not_allowed', from('192.0.2.10', '203.0.113.7'), IPS],
    ['a trusted proxy, in a header that it does not write', 'address_not_allowed', { peer: '192.0.2.10', headers: { 'X-Real-IP': '203.0.113.7', Forwarded: 'for=203.0.113.7' } }, PROXIES],
  ],
}

const rows = Object.entries(TABLE).flatMap(([about, attacks]) =>
  attacks.map(([what, became, callback, settings, before]) => ({
    about,
    what,
    became,
    callback,
    settings,
    before,
  })),
)

// Each is sent the same body: this is about who sends.
describe.each([
  ['messages', '/api/v1/messages'],
  ['message-operations', '/api/v1/events'],
  ['pre-messages', '/api/v1/events'],
])('a callback at /callbacks/%s', (kind, list) => {
  it.each(rows)('with $about: $what → $became', async ({ became, callback, settings = {}, before }) => {
    const archive = await openArchive(settings)
    archive.clock.nowMs = NOW_MS
    if (before) expect((await send(archive, kind, before)).status).toBe(200)
    const { status } = await send(archive, kind, callback)
    const { items } = await getJson<{ items: Item[] }>(archive, list)
    const metrics = await (await get(archive, '/metrics', KEYS.metrics)).text()
    const reason = /rongcloud_callbacks_total\{.*reason="(\w+)"/.exec(metrics)?.[1]
    if (became === 'stored' || became === 'flagged') {
      expect([status, reason]).toEqual([200, undefined])
      const sent = callback.body ?? body()
      const { msgUID } = Object.fromEntries(new URLSearchParams(sent))
      const stored = items.find((item) => (kind === 'messages' ? item.msgUID === msgUID : item.body === sent))
      expect(stored).toMatchObject({ nonceReused: became === 'flagged' })
    } else {
      expect([status, reason]).toEqual([became === 'address_not_allowed' ? 403 : 401, became])
      expect(items).toHaveLength(before ? 1 : 0)
      expect(await getJson(archive, '/api/v1/deliveries')).toMatchObject({ items: [] })
    }
  })
})

type Item = { msgUID: string | null; body?: string; nonceReused: boolean }

let lastNonce = 0

/** When the archive is done with it, which may be after its answer. */
async function send(archive: ArchiveUnderTest, kind: string, callback: Callback): Promise<Response> {
  const { appKey = APP.appKey, secret = APP.secret, time = String(NOW_MS), peer } = callback
  const { nonce = `${++lastNonce}.5`, changed = (query: string) => query, headers = {} } = callback
  const signature = await sha1Hex(secret + nonce + time)
  const query = new URLSearchParams({ appKey, timestamp: time, nonce, signature }).toString()
  const filled = (text: string) =>
    text.replace('{query}', query).replace('{nonce}', nonce).replace('{signature}', signature)
  if (peer !== undefined) archive.peer.address = peer
  const answer = await archive.request(`/callbacks/${kind}?${changed(query)}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
    },
    body: filled(callback.body ?? body()),
  })
  await archive.settled()
  return answer
}
