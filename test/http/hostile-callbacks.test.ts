import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENT_KINDS } from '../../src/rongcloud/events/index.ts'
import { ELEMENTS, onlyEventOf } from '../rongcloud/events/examples.ts'
import { deliverEvent, deliveriesIn, eventsIn } from '../support/events.ts'
import { get } from '../support/requests.ts'

const kinds = fc.constantFrom(...EVENT_KINDS)

const MARKS = Array.from('{}[]"\',:%&=+;?<>/!\\ \n\uFEFF\u0000')
const WORDS = `%E4 %00 \\ud800 \\u0000 null 1e999 a 你 <a> </a> <![CDATA[ ]]> &# &#xD800; <!-- profiles userid
  __proto__ fromUserId=a msgUID objectName 12345678901234567890 1734595240900`
const pieces = fc.constantFrom(...MARKS, ...WORDS.split(/\s+/))
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(pieces, { maxLength: 30 }).map((parts) => new TextEncoder().encode(parts.join(''))),
  fc.json({ stringUnit: 'binary' }).map((json) => new TextEncoder().encode(json)),
)

// Elements of a kind with some members spoiled, so that each gets as far as its table.
const odd = fc.constantFrom('\u0000', '\ud800', 'a\u0000b', '', '1734595240900', '🏔️'.repeat(40))
const spoiled = kinds.chain((kind) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(ELEMENTS[kind])), fc.oneof(odd, fc.jsonValue()), {
      maxKeys: 3,
    })
    .map((changes) => ({ kind, body: JSON.stringify({ ...ELEMENTS[kind], ...changes }) })),
)

describe('whatever comes signed', () => {
  it('with any bytes, to any address, is answered 200 and can be read afterwards', async () => {
    const archive = await openArchive()
    await fc.assert(
      fc.asyncProperty(fc.oneof(kinds, fc.constant('messages')), anyBytes, async (kind, bytes) => {
        expect((await deliverEvent(archive, kind, bytes)).status).toBe(200)
      }),
      { numRuns: 400 },
    )
    await eventsIn(archive)
    expect((await deliveriesIn(archive)).filter(({ reason }) => reason === 'failed')).toEqual([])
  })

  it('of nearly the right shape is an event, and read as it came', async () => {
    const archive = await openArchive()
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ kind, body }) => {
        expect((await deliverEvent(archive, kind, body)).status).toBe(200)
        const bodies = (await eventsIn(archive, `kind=${kind}`)).map((event) => event.body)
        // One that fits is known by its members, so another spelling of it may have been first.
        if (onlyEventOf(kind, body).problem) expect(bodies).toContain(body)
        else expect(bodies).not.toEqual([])
      }),
      { numRuns: 200 },
    )
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('nested as deep as 1 MiB allows is kept and shown', async () => {
    const archive = await openArchive()
    const depth = 200_000
    const body = `{"userid":"deep","a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect((await deliverEvent(archive, 'online-status', body)).status).toBe(200)
    const answer = await get(archive, '/api/v1/events')
    expect(answer.status).toBe(200)
    expect((await answer.json()) as object).toMatchObject({ items: [{ data: null }] })
  })

  it('as ten thousand elements is kept, all of them, in their order', async () => {
    const archive = await openArchive()
    const bodies = Array.from({ length: 10_000 }, (_, i) => `{"roomId":"r${i}","event":12}`)
    expect((await deliverEvent(archive, 'rtc-rooms', `[${bodies.join(',')}]`)).status).toBe(200)
    const { store } = archive
    const [rows] = await store.atomically([{ sql: 'SELECT count(*) AS n FROM callback_events', params: [] }])
    expect(rows).toEqual([{ n: 10_000 }])
    const newest = await eventsIn(archive)
    expect(newest.map(({ body }) => body)).toEqual(bodies.slice(-500).toReversed())
  })
})

describe('whatever comes unsigned', () => {
  it('is refused, whatever the address', async () => {
    const archive = await openArchive()
    await fc.assert(
      fc.asyncProperty(fc.oneof(kinds, fc.constant('messages')), anyBytes, async (kind, bytes) => {
        expect((await deliverEvent(archive, kind, bytes, { query: 'signature=x' })).status).toBe(401)
      }),
      { numRuns: 100 },
    )
    expect(await eventsIn(archive)).toEqual([])
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it.each(['messages', ...EVENT_KINDS])('is refused before its body is read: %s', async (kind) => {
    const archive = await openArchive()
    let isRead = false
    const pull = () => void (isRead = true)
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
    const init = { method: 'POST', body, duplex: 'half' }
    const answer = await archive.request(`/callbacks/${kind}?signature=x&nonce=1&timestamp=1`, init)
    expect([answer.status, isRead]).toEqual([401, false])
  })

  it('is too large by its declaration alone', async () => {
    const archive = await openArchive()
    const headers = { 'Content-Length': String(1024 * 1024 + 1) }
    const init = { method: 'POST', headers, body: 'a=1' }
    expect((await archive.request('/callbacks/messages', init)).status).toBe(413)
  })
})
