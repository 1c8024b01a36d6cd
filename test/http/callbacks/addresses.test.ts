import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { EVENT_KINDS } from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS } from '../../rongcloud/events/examples.ts'
import { APP, KEYS, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliveriesIn, eventsIn } from '../../support/events.ts'
import { bearer, deliver, get, getJson, messageFields, post, signedQuery } from '../../support/requests.ts'

const body = new URLSearchParams(messageFields()).toString()
const ADMIN = { API_KEYS: `admin:${KEYS.all}:admin` }

async function uidsIn(archive: ArchiveUnderTest): Promise<string[]> {
  const { items } = await getJson<{ items: { msgUID: string }[] }>(archive, '/api/v1/messages')
  return items.map(({ msgUID }) => msgUID)
}

const metricsOf = async (archive: ArchiveUnderTest) => (await get(archive, '/metrics', KEYS.metrics)).text()

const replay = async (archive: ArchiveUnderTest, dryRun = false) =>
  (
    await post(archive, '/api/v1/deliveries/replay', JSON.stringify({ dryRun }), bearer(KEYS.all))
  ).json() as Promise<{ items: { outcome: string; detail: string }[] }>

describe('a callback address', () => {
  it.each([
    '/callbacks/messages/',
    '//callbacks/messages',
    '/callbacks//messages',
    '///callbacks//messages///',
    '/Callbacks/Messages',
    '/CALLBACKS/MESSAGES/',
  ])('may be written %s', async (path) => {
    const archive = await openArchive()
    expect((await deliver(archive, body, { path })).status).toBe(200)
    expect((await deliver(archive, body, { path, query: 'signature=x' })).status).toBe(401)
    expect(await uidsIn(archive)).toEqual(['6A1F-Q2PK-8CF0-01AB'])
    expect(await deliveriesIn(archive)).toEqual([])
    expect(await metricsOf(archive)).toContain(
      'rongcloud_http_requests_total{route="/callbacks/messages",method="POST",status="2xx"} 1',
    )
  })

  it.each(EVENT_KINDS)('of events may be written otherwise too: %s', async (kind) => {
    const archive = await openArchive()
    const answer = await deliver(archive, JSON.stringify(ELEMENTS[kind]), {
      path: `//Callbacks/${kind.toUpperCase()}/`,
    })
    await archive.settled()
    expect([answer.status, await answer.text()]).toEqual([200, kind === 'pre-messages' ? '{"pass":1}' : 'ok'])
    expect(await eventsIn(archive)).toMatchObject([{ kind }])
  })

  it.each(['messages', ...EVENT_KINDS])('tells whoever looks what it is for: %s', async (kind) => {
    const archive = await openArchive()
    for (const path of [`/callbacks/${kind}`, `/Callbacks//${kind}/`])
      for (const method of ['GET', 'HEAD']) {
        const answer = await archive.request(path, { method })
        expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
          200,
          'text/plain; charset=UTF-8',
        ])
        expect(await answer.text()).toMatch(method === 'HEAD' ? /^$/ : /RongCloud .* by POST\.\n$/)
      }
    expect(await metricsOf(archive)).not.toContain('rongcloud_callbacks_total{')
  })

  it('has no other method, however it is written', async () => {
    const archive = await openArchive()
    for (const path of ['/callbacks/messages', '//Callbacks/messages/']) {
      const answer = await archive.request(path, { method: 'PUT' })
      expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST, GET, HEAD'])
    }
  })
})

const UNKNOWN = [
  '/',
  '/callback/messages',
  '/callbacks/message',
  '/callbacks',
  '/callbacks/messages/foo',
  '/callbacks/messages%20',
  '/callbacks%2Fmessages',
  '/callbacks/%E4%BD%A0%FF%',
  '/api/v1/callbacks',
  '/console/callbacks/messages',
  '/im/RongCloud/notify.php',
]

describe('a signed callback to an address that does not exist', () => {
  it.each(UNKNOWN)('is kept aside whole and said: %s', async (path) => {
    const archive = await openArchive()
    const answer = await deliver(archive, body, { path })
    expect([answer.status, await answer.text()]).toEqual([200, 'ok'])
    expect((await deliver(archive, body, { path })).status).toBe(200)
    expect(await uidsIn(archive)).toEqual([])
    expect(await deliveriesIn(archive)).toMatchObject([
      { reason: 'unknown_address', kind: 'unknown-address', detail: path, body, appKey: APP.appKey },
    ])
    const warnings = archive.logged.filter((line) => line.includes('callback to an unknown address'))
    expect(warnings).toHaveLength(1)
    const metrics = await metricsOf(archive)
    expect(metrics).toContain(
      'rongcloud_callbacks_total{kind="unknown-address",outcome="unknown_address"} 2\n',
    )
    expect(metrics).toContain('rongcloud_kept_aside_waiting{reason="unknown_address"} 1\n')
    expect(await getJson(archive, '/api/v1/stats/ingest')).toMatchObject({
      keptAside: { unknown_address: 1 },
      newestMisaddressedPath: path,
    })
  })

  it('is answered 404 as ever when it is not signed rightly, and its body is not read', async () => {
    const archive = await openArchive({ CALLBACK_MAX_AGE_SECONDS: '600' })
    const signed = await signedQuery()
    for (const query of ['', 'signature=x&nonce=1&timestamp=1', signed.replace(/.$/, 'x'), signed])
      for (const path of UNKNOWN) {
        let isRead = false
        const pull = () => void (isRead = true)
        const stream = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
        const headers = { 'Content-Length': String(2 * 1024 * 1024) }
        const init = { method: 'POST', headers, body: stream, duplex: 'half' }
        expect([path, (await archive.request(`${path}?${query}`, init)).status, isRead]).toEqual([
          path,
          404,
          false,
        ])
      }
    expect(await deliveriesIn(archive)).toEqual([])
    expect(await metricsOf(archive)).not.toContain('rongcloud_callbacks_total{')
  })

  it('is held to the rules of all callbacks: network, size, nonce', async () => {
    const path = '/callback/messages'
    const elsewhere = await openArchive({ CALLBACK_IPS: '203.0.113.0/24' })
    expect((await deliver(elsewhere, body, { path })).status).toBe(404)
    const archive = await openArchive({ CALLBACK_NONCE_REUSE: 'refuse' })
    expect((await deliver(archive, 'x'.repeat(1024 * 1024 + 1), { path })).status).toBe(413)
    const query = await signedQuery()
    expect((await deliver(archive, body, { query })).status).toBe(200)
    expect((await deliver(archive, 'another', { query, path })).status).toBe(404)
  })

  it('is answered 503 when it cannot be stored now', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    Object.assign(archive.store, { atomically: () => Promise.reject(new Error('the disk is full')) })
    expect((await deliver(archive, body, { path: '/callback/messages' })).status).toBe(503)
    Object.assign(archive.store, { atomically })
    expect((await deliver(archive, body, { path: '/callback/messages' })).status).toBe(200)
  })

  it('does not hide that an address has other methods', async () => {
    const archive = await openArchive()
    for (const path of ['/healthz', '/api/v1/messages/1', '/chat-records/list'])
      expect([path, (await deliver(archive, body, { path })).status]).toEqual([path, 405])
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('that names the callback before a message lets the message go', async () => {
    const archive = await openArchive()
    const answer = await deliver(archive, JSON.stringify(ELEMENTS['pre-messages']), {
      path: '/cb/pre_message',
    })
    expect(await answer.text()).toBe('{"pass":1}')
  })

  it('leaves its hour in doubt until it is replayed', async () => {
    const archive = await openArchive(ADMIN)
    await deliver(archive, body, { path: '/callback/messages' })
    archive.clock.nowMs += 4 * 24 * 3_600_000
    const hourOf = async () => {
      const { items } = await getJson<{ items: { startMs: number; state: string; keptAside: number }[] }>(
        archive,
        `/api/v1/completeness?appKey=${APP.appKey}`,
      )
      return items.find(({ startMs }) => startMs === Date.parse('2024-12-20T00:00:00Z'))
    }
    expect(await hourOf()).toMatchObject({ state: 'gap', keptAside: 1 })
    await replay(archive)
    expect(await hourOf()).toMatchObject({ state: 'too_old', keptAside: 1 })
  })
})

describe('a replay of what came to an address that does not exist', () => {
  it('makes a message of what reads as one', async () => {
    const archive = await openArchive(ADMIN)
    await deliver(archive, body, { path: '/friends/callback' })
    expect((await replay(archive, true)).items).toMatchObject([{ outcome: 'recorded' }])
    expect((await replay(archive)).items).toMatchObject([
      { outcome: 'recorded', detail: 'as messages: became message 1' },
    ])
    expect(await uidsIn(archive)).toEqual(['6A1F-Q2PK-8CF0-01AB'])
    expect((await replay(archive)).items).toMatchObject([{ outcome: 'known' }])
  })

  it.each(EVENT_KINDS)('makes events of the kind that the path names or the body tells: %s', async (kind) => {
    const archive = await openArchive(ADMIN)
    const json = JSON.stringify(ELEMENTS[kind])
    // The callbacks of calls are of one type, so that a body does not tell them apart.
    const told = kind.startsWith('rtc-') ? 'rtc-rooms' : kind
    await deliver(archive, json, { path: '/nothing/that/helps' })
    await deliver(archive, `[${json}]`, { path: `/im/${kind.replaceAll('-', '_')}` })
    const { items } = await replay(archive)
    expect(items.map(({ detail }) => detail)).toEqual([`as ${told}: 1 event`, `as ${kind}: 1 event`])
    expect(new Set((await eventsIn(archive)).map((event) => event.kind))).toEqual(new Set([told, kind]))
  })

  it('says why of what is neither', async () => {
    const archive = await openArchive(ADMIN)
    await deliver(archive, 'hello', { path: '/callback' })
    expect((await replay(archive)).items).toMatchObject([
      { outcome: 'unreadable', detail: expect.stringContaining('missing fromUserId') as string },
    ])
  })
})
