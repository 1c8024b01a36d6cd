import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import { answerOf, EVENT_KINDS } from '../../src/rongcloud/events/index.ts'
import { ELEMENTS } from '../rongcloud/events/examples.ts'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deliverEvent, deliveriesIn, eventsIn } from '../support/events.ts'
import { get, sha1Hex, signedQuery } from '../support/requests.ts'

const WAITING_KINDS = EVENT_KINDS.filter((kind) => kind !== 'pre-messages')

const metricsOf = async (archive: ArchiveUnderTest) => (await get(archive, '/metrics', KEYS.metrics)).text()

/** Makes the store fail from now on; gives back what mends it. */
function breakStore({ store }: ArchiveUnderTest, reason: Error = new ArchiveError('unavailable', 'full')) {
  const { atomically } = store
  Object.assign(store, { atomically: () => Promise.reject(reason) })
  return () => Object.assign(store, { atomically })
}

describe.each(EVENT_KINDS)('POST /callbacks/%s', (kind) => {
  const element = ELEMENTS[kind]
  const json = JSON.stringify(element)

  it('keeps the event as received and answers what its sender expects', async () => {
    const archive = await openArchive()
    const answer = await deliverEvent(archive, kind, json)
    const expected = answerOf(kind)
    expect([answer.status, await answer.text()]).toEqual([200, expected.body])
    expect(answer.headers.get('Content-Type')).toContain(expected.contentType)
    expect(await eventsIn(archive)).toMatchObject([
      {
        appKey: APP.appKey,
        kind,
        body: json,
        data: element,
        problem: null,
        receivedAtMs: archive.clock.nowMs,
      },
    ])
  })

  it('keeps members that nobody knows, and names that come twice, in JSON and in a form', async () => {
    const archive = await openArchive()
    const odd = `{"unheardOf":[1],"unheardOf":2,${json.slice(1)}`
    const form = new URLSearchParams([
      ['unheardOf', '1'],
      ['unheardOf', '2'],
      ['appKey', 'a'],
    ]).toString()
    await deliverEvent(archive, kind, odd)
    await deliverEvent(archive, kind, form)
    expect((await eventsIn(archive)).map(({ body }) => body)).toEqual([form, odd])
  })

  it('keeps an event once, however often and in whatever spelling of a list it comes', async () => {
    const archive = await openArchive()
    await deliverEvent(archive, kind, json)
    const events = await eventsIn(archive)
    archive.clock.nowMs += 5000
    expect((await deliverEvent(archive, kind, json)).status).toBe(200)
    expect((await deliverEvent(archive, kind, `[${json}, ${json}]`)).status).toBe(200)
    expect(await eventsIn(archive)).toEqual(events)
    expect(await metricsOf(archive)).toContain(
      `rongcloud_callbacks_total{kind="${kind}",outcome="known"} 2\n`,
    )
  })

  it('keeps the same event of two apps twice', async () => {
    const archive = await openArchive()
    await deliverEvent(archive, kind, json)
    await deliverEvent(archive, kind, json, { query: await signedQuery(OTHER_APP) })
    expect((await eventsIn(archive)).map(({ appKey }) => appKey)).toEqual([OTHER_APP.appKey, APP.appKey])
  })

  it('keeps every element of a list, odd ones too', async () => {
    const archive = await openArchive()
    const elements = [json, '{"another":1}', '7', '"text"', 'null', '[]']
    expect((await deliverEvent(archive, kind, `[${elements.join(',')}]`)).status).toBe(200)
    const events = await eventsIn(archive)
    expect(events.map(({ body }) => body)).toEqual(elements.toReversed())
    expect(events.map(({ problem }) => problem === null)).toEqual([false, false, false, false, false, true])
    expect(events[0]).toMatchObject({ description: 'not understood', problem: 'not an object' })
  })

  it('keeps aside what it cannot read, once, and answers the same', async () => {
    const archive = await openArchive()
    for (const body of ['{"broken', 'hello', '{"broken']) {
      const answer = await deliverEvent(archive, kind, body)
      expect([answer.status, await answer.text()]).toEqual([200, answerOf(kind).body])
    }
    expect(await eventsIn(archive)).toEqual([])
    expect(await deliveriesIn(archive)).toMatchObject([
      { appKey: APP.appKey, kind, reason: 'unreadable', detail: 'the body is no form', body: 'hello' },
      { appKey: APP.appKey, kind, reason: 'unreadable', detail: 'the body is not JSON', body: '{"broken' },
    ])
  })

  it('keeps aside to the byte what is not UTF-8, and as an event what can be read of it', async () => {
    const archive = await openArchive()
    const bytes = new Uint8Array([
      ...new TextEncoder().encode(json.slice(0, -1)),
      0x2c,
      0x22,
      0xff,
      0x22,
      0x3a,
      0x31,
      0x7d,
    ])
    expect((await deliverEvent(archive, kind, bytes)).status).toBe(200)
    expect(await eventsIn(archive)).toMatchObject([{ problem: 'the body is not valid UTF-8' }])
    expect(await deliveriesIn(archive)).toMatchObject([{ kind, reason: 'lossy', bodyEncoding: 'base64' }])
  })

  it.each(['[]', '{"profiles":[]}'])('keeps a list of nothing aside: %s', async (body) => {
    const archive = await openArchive()
    expect((await deliverEvent(archive, kind, body)).status).toBe(200)
    expect(await deliveriesIn(archive)).toMatchObject([
      { kind, reason: 'unreadable', detail: 'the list is empty', body },
    ])
  })

  it('refuses what is not signed and leaves nothing behind', async () => {
    const archive = await openArchive()
    const forged = await signedQuery({ ...APP, secret: 'guessed' })
    expect((await deliverEvent(archive, kind, json, { query: '' })).status).toBe(401)
    expect((await deliverEvent(archive, kind, json, { query: forged })).status).toBe(401)
    expect(await eventsIn(archive)).toEqual([])
    expect(await deliveriesIn(archive)).toEqual([])
    expect(await metricsOf(archive)).toMatch(
      new RegExp(`rongcloud_callbacks_total{kind="${kind}",outcome="refused",reason="signature_wrong"} 1`),
    )
  })

  it('refuses more than 1 MiB, and any other method', async () => {
    const archive = await openArchive()
    expect((await deliverEvent(archive, kind, `"${' '.repeat(1024 * 1024)}"`)).status).toBe(413)
    const answer = await archive.request(`/callbacks/${kind}`, { method: 'PUT' })
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST, GET, HEAD'])
  })

  it('flags what came with a signature that had come with another body', async () => {
    const archive = await openArchive()
    const query = await signedQuery()
    await deliverEvent(archive, kind, '{"first":1}', { query })
    await deliverEvent(archive, kind, json, { query })
    expect((await eventsIn(archive)).map(({ nonceReused }) => nonceReused)).toEqual([true, false])
    expect(await metricsOf(archive)).toContain(`rongcloud_callback_nonces_reused_total{kind="${kind}"} 1`)
  })

  it('is kept aside when the archive fails to take it, whatever the try', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    let calls = 0
    Object.assign(archive.store, {
      atomically: (statements: Parameters<typeof atomically>[0]) =>
        calls++ === 0 ? Promise.reject(new Error('no such column')) : atomically(statements),
    })
    expect((await deliverEvent(archive, kind, json)).status).toBe(200)
    expect(await deliveriesIn(archive)).toMatchObject([{ kind, reason: 'failed', detail: 'no such column' }])
  })
})

describe.each(WAITING_KINDS)('POST /callbacks/%s while nothing can be stored', (kind) => {
  it('is answered 503 with Retry-After, and 200 the next time', async () => {
    const archive = await openArchive()
    const mend = breakStore(archive)
    const answer = await deliverEvent(archive, kind, ELEMENTS[kind])
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
    mend()
    expect((await deliverEvent(archive, kind, ELEMENTS[kind])).status).toBe(200)
    expect(await eventsIn(archive)).toHaveLength(1)
    expect(await metricsOf(archive)).toContain(`{kind="${kind}",outcome="not_stored"} 1\n`)
  })
})

describe.each(EVENT_KINDS.filter((kind) => kind.startsWith('rtc-')))(
  'the callback of calls to %s',
  (kind) => {
    async function signedInHeaders(app: typeof APP, body: object, more: Record<string, string> = {}) {
      const archive = await openArchive()
      const [Nonce, Timestamp] = ['1234', '1734595200000'] as const
      const Signature = await sha1Hex(app.secret + Nonce + Timestamp)
      const headers = { 'Content-Type': 'application/json', Nonce, Timestamp, Signature, ...more }
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      const answer = await archive.request(`/callbacks/${kind}`, request)
      return { status: answer.status, apps: (await eventsIn(archive)).map(({ appKey }) => appKey) }
    }

    it.each(['appKey', 'app_key'])('is of the app that its %s names', async (member) => {
      const body = { roomId: 'r1', type: 1, [member]: OTHER_APP.appKey }
      expect(await signedInHeaders(OTHER_APP, body)).toEqual({ status: 200, apps: [OTHER_APP.appKey] })
    })

    it.each([APP.appKey, 'unknown'])(
      'is refused when it names an app that did not sign it: %s',
      async (appKey) => {
        const body = { roomId: 'r1', type: 1, appKey }
        expect(await signedInHeaders(OTHER_APP, body)).toEqual({ status: 401, apps: [] })
      },
    )

    it('may name its app in a header', async () => {
      const body = { roomId: 'r1', event: 2 }
      expect(await signedInHeaders(OTHER_APP, body, { appKey: OTHER_APP.appKey })).toEqual({
        status: 200,
        apps: [OTHER_APP.appKey],
      })
    })
  },
)

describe('the pre-message callback', () => {
  const kind = 'pre-messages'
  const body = new URLSearchParams(ELEMENTS[kind]).toString()

  it.each([new ArchiveError('unavailable', 'full'), new Error('odd')])(
    'lets the message go when its copy cannot be stored: %s',
    async (reason) => {
      const archive = await openArchive()
      const mend = breakStore(archive, reason)
      const answer = await deliverEvent(archive, kind, body)
      mend()
      expect([answer.status, await answer.text()]).toEqual([200, '{"pass":1}'])
      expect(await metricsOf(archive)).toContain('{kind="pre-messages",outcome="not_stored"} 1\n')
      expect(archive.logged.join()).toContain('callback not stored after its answer')
      expect(archive.logged.join()).not.toContain('"hi"')
    },
  )

  it('is answered before its copy is stored', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    Object.assign(archive.store, {
      atomically: async (statements: Parameters<typeof atomically>[0]) => {
        await released
        return atomically(statements)
      },
    })
    const answer = await archive.request(`/callbacks/${kind}?${await signedQuery()}`, {
      method: 'POST',
      body,
    })
    expect(await answer.json()).toEqual({ pass: 1 })
    expect(await eventsIn(archive)).toEqual([])
    release()
    await archive.settled()
    expect(await eventsIn(archive)).toMatchObject([{ kind, userId: 'u1', msgUID: '6A1F-Q2PK-8CF0-01C0' }])
  })

  it('names its app in the body alone', async () => {
    const archive = await openArchive()
    const time = '1734595200000'
    const signature = await sha1Hex(`${OTHER_APP.secret}77${time}`)
    const query = `timestamp=${time}&nonce=77&signature=${signature}`
    const theirs = body.replace(APP.appKey, OTHER_APP.appKey)
    expect((await deliverEvent(archive, kind, theirs, { query })).status).toBe(200)
    expect(await eventsIn(archive)).toMatchObject([{ appKey: OTHER_APP.appKey }])
    expect((await deliverEvent(archive, kind, body, { query })).status).toBe(401)
  })
})

describe('a signature in the headers', () => {
  it.each(['RC-', ''])('is as good as one in the query: %sSignature', async (prefix) => {
    const archive = await openArchive()
    const signed = async (secret: string) => ({
      [`${prefix}App-Key`]: APP.appKey,
      [`${prefix}Nonce`]: '9006',
      [`${prefix}Timestamp`]: '1734595246000',
      [`${prefix}Signature`]: await sha1Hex(`${secret}90061734595246000`),
    })
    const send = async (secret: string) => {
      const body = JSON.stringify(ELEMENTS['audit-results'])
      return archive.request('/callbacks/audit-results', {
        method: 'POST',
        headers: await signed(secret),
        body,
      })
    }
    expect((await send('guessed')).status).toBe(401)
    expect((await send(APP.secret)).status).toBe(200)
    expect(await eventsIn(archive)).toMatchObject([{ msgUID: '6A1F-Q2PK-8CF0-01C5' }])
  })
})
