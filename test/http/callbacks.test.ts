/* oxlint-disable max-lines -- one address, and everything that may come to it */
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deliver, deliverMessage, get, getJson, messageFields, signedQuery } from '../support/requests.ts'

type Items = Record<string, unknown>[]

const MIB = 1024 * 1024

async function itemsAt(archive: ArchiveUnderTest, path: string): Promise<Items> {
  return (await getJson<{ items: Items }>(archive, path)).items
}

const messagesOf = (archive: ArchiveUnderTest) => itemsAt(archive, '/api/v1/messages?limit=500')
const deliveriesOf = (archive: ArchiveUnderTest) => itemsAt(archive, '/api/v1/deliveries')
const metricsOf = async (archive: ArchiveUnderTest) => (await get(archive, '/metrics', KEYS.metrics)).text()
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(messageFields()).filter(([name]) => !names.includes(name)))

async function expectNothingStored(archive: ArchiveUnderTest) {
  expect(await messagesOf(archive)).toEqual([])
  expect(await deliveriesOf(archive)).toEqual([])
}

describe('POST /callbacks/messages', () => {
  it('archives the message so that it can be read back', async () => {
    const archive = await openArchive()
    const answer = await deliverMessage(archive, { msgUID: 'A' })
    expect(answer.status).toBe(200)
    expect(await getJson(archive, '/api/v1/messages?msgUID=A')).toMatchObject({
      items: [{ fromUserId: 'u1' }],
    })
  })

  it('counts what became of each callback', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await deliverMessage(archive)
    await deliverMessage(archive)
    await deliverMessage(archive, { content: 'another' })
    await deliver(archive, 'nothing')
    const metrics = await metricsOf(archive)
    for (const [outcome, count] of Object.entries({ recorded: 1, known: 2, conflict: 1, unreadable: 1 }))
      expect(metrics).toContain(`rongcloud_callbacks_total{kind="messages",outcome="${outcome}"} ${count}\n`)
  })

  it.each([
    ['NUL', 'a\u0000b'],
    ['emoji', '👨‍👩‍👧 🏔️ \u{1F3F3}'],
    ['line ends and tabs', '\r\n\t line'],
    ['plus, percent and ampersand', '1+1=2 & 50%25 %zz'],
    ['a byte order mark', '\uFEFFtext'],
    ['a replacement character', '\uFFFD'],
    ['odd JSON', '{ "b":1.0, "a":12345678901234567890, "b":"\\u0041" }'],
    ['128 KB', '中'.repeat(128 * 341)],
  ])('gives back content with %s to the byte', async (_what, content) => {
    const archive = await openArchive()
    expect((await deliverMessage(archive, { objectName: 'app:Any', content })).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ content, problem: null }])
    expect(await deliveriesOf(archive)).toEqual([])
  })

  it.each([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'x',
    'text/html; charset=gbk',
  ])('reads a form that calls itself %s', async (contentType) => {
    const archive = await openArchive()
    expect((await deliver(archive, form(messageFields()), { contentType })).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ content: '{"content":"你好"}' }])
  })

  it('takes a flat JSON object for the same message as the form', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { groupUserIds: '[007,u2]', sensitiveType: '2' })
    const { msgTimestamp, ...fields } = messageFields()
    const json = {
      ...fields,
      sensitiveType: 2,
      msgTimestamp: Number(msgTimestamp),
      groupUserIds: ['007', 'u2'],
    }
    expect((await deliver(archive, JSON.stringify(json))).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ fields: { groupUserIds: ['007', 'u2'] } }])
    expect(await deliveriesOf(archive)).toEqual([])
  })

  it('keeps numbers of a JSON object as they were written', async () => {
    const archive = await openArchive()
    const fields = JSON.stringify(messageFields()).slice(0, -1)
    await deliver(archive, `${fields},"groupUserIds":[12345678901234567890],"version":1.10}`)
    expect(await messagesOf(archive)).toMatchObject([
      { fields: { groupUserIds: ['12345678901234567890'], version: '1.10' } },
    ])
  })

  it('keeps fields that nobody knows yet, and every value of a repeated one', async () => {
    const archive = await openArchive()
    await deliver(archive, `${form(messageFields({ novelty: 'n' }))}&fromUserId=u2&twice=1&twice=2`)
    expect(await messagesOf(archive)).toMatchObject([
      { fromUserId: 'u1', fields: { novelty: 'n', fromUserId: ['u2'], twice: ['1', '2'] } },
    ])
  })
})

describe('a message that comes again', () => {
  it.each([
    ['another content', { content: '{"content":"再见"}' }],
    ['another sender', { fromUserId: 'u2' }],
    ['another target', { toUserId: 'shop_b' }],
    ['another type', { objectName: 'app:Other' }],
    ['another kind of conversation', { channelType: 'GROUP' }],
    ['another time', { msgTimestamp: '1734595200124' }],
    ['another source', { source: 'Android' }],
    ['another sensitiveType', { sensitiveType: '1' }],
    ['one field more', { extra: '1' }],
  ])('with %s is kept aside, and the first stays', async (_what, difference) => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const before = await messagesOf(archive)
    expect((await deliverMessage(archive, difference)).status).toBe(200)
    expect((await deliverMessage(archive, difference)).status).toBe(200)
    expect(await messagesOf(archive)).toEqual(before)
    expect(await deliveriesOf(archive)).toMatchObject([
      { reason: 'conflict', kind: 'messages', appKey: APP.appKey, body: form(messageFields(difference)) },
    ])
  })

  it('changes nothing, also in the 2015 format that has no msgUID', async () => {
    const archive = await openArchive()
    const body = form({ ...without('msgUID', 'msgTimestamp'), timestamp: '1434595200123' })
    await deliver(archive, body)
    const before = await messagesOf(archive)
    archive.clock.nowMs += 60_000
    await deliver(archive, body)
    expect(await messagesOf(archive)).toEqual(before)
    expect(before).toMatchObject([{ sentAtMs: 1_434_595_200_123 }])
    await deliver(archive, body.replace('1434595200123', '1434595200124'))
    expect(await messagesOf(archive)).toHaveLength(2)
  })

  it.each([
    ['without a time', () => form(without('msgTimestamp'))],
    ['with a time that is none', () => form(messageFields({ msgTimestamp: 'soon' }))],
    ['without time or msgUID', () => form(without('msgTimestamp', 'msgUID'))],
  ])('%s is one row with the time of its first receipt', async (_what, body) => {
    const archive = await openArchive()
    const receivedAtMs = archive.clock.nowMs
    await deliver(archive, body())
    archive.clock.nowMs += 5000
    await deliver(archive, body())
    expect(await messagesOf(archive)).toMatchObject([{ sentAtMs: receivedAtMs, receivedAtMs }])
    expect(await deliveriesOf(archive)).toEqual([])
  })

  it('fifty times at the same moment is one row', async () => {
    const archive = await openArchive()
    const answers = await Promise.all(Array.from({ length: 50 }, () => deliverMessage(archive)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    expect(await messagesOf(archive)).toHaveLength(1)
    expect(await deliveriesOf(archive)).toEqual([])
  })

  it('is told from two hundred others that come at the same moment', async () => {
    const archive = await openArchive()
    const uids = Array.from({ length: 200 }, (_, i) => `M-${i}`)
    await Promise.all(uids.map((msgUID, i) => deliverMessage(archive, { msgUID, toUserId: `shop_${i % 7}` })))
    const found = await messagesOf(archive)
    expect(found).toHaveLength(200)
    expect(new Set(found.map(({ msgUID }) => msgUID))).toEqual(new Set(uids))
  })

  it('from another app is another message', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { content: 'one' })
    await deliverMessage(archive, { content: 'two' }, OTHER_APP)
    const found = await messagesOf(archive)
    expect(new Map(found.map(({ appKey, content }) => [appKey, content]))).toEqual(
      new Map([
        [APP.appKey, 'one'],
        [OTHER_APP.appKey, 'two'],
      ]),
    )
    expect(found).toHaveLength(2)
  })
})

describe('a signed body that is no message', () => {
  it.each([
    ['a word', 'hello'],
    ['a list of nothing', '[]'],
    ['a broken list', '[{"content":"x"}'],
    ['broken JSON', '{"content":"x"'],
    ['no sender', form(without('fromUserId'))],
    ['a blank target', form(messageFields({ toUserId: '' }))],
    ['no type', form(without('objectName'))],
    ['no kind of conversation', form(without('channelType'))],
    ['no content', form(without('content'))],
  ])('is kept whole when it holds %s', async (_what, body) => {
    const archive = await openArchive()
    expect((await deliver(archive, body)).status).toBe(200)
    expect((await deliver(archive, body)).status).toBe(200)
    expect(await messagesOf(archive)).toEqual([])
    expect(await deliveriesOf(archive)).toMatchObject([{ reason: 'unreadable', body, bodyEncoding: 'utf8' }])
  })

  it.each([
    ['empty content', { content: '' }, 'content is empty'],
    ['an unknown kind of conversation', { channelType: 'NEW' }, 'unknown channelType NEW'],
    ['an unknown type of RongCloud', { objectName: 'RC:New' }, 'unknown object name RC:New'],
    ['content that is not JSON', { content: 'hi' }, 'content is not JSON'],
    ['a sensitiveType that is no number', { sensitiveType: 'x' }, 'sensitiveType is no number: x'],
    ['a sender with a blank', { fromUserId: 'a b' }, 'fromUserId holds a blank'],
  ])('is archived and flagged when it merely has %s', async (_what, fields, problem) => {
    const archive = await openArchive()
    expect((await deliverMessage(archive, fields)).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ problem: expect.stringContaining(problem) as string }])
    expect(await deliveriesOf(archive)).toEqual([])
  })

  it('is archived and kept whole when it lost bytes that are no UTF-8', async () => {
    const archive = await openArchive()
    const body = `${form(without('content'))}&content=a%FFb`
    expect((await deliver(archive, body)).status).toBe(200)
    expect((await deliver(archive, body)).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ content: 'a\uFFFDb' }])
    expect(await deliveriesOf(archive)).toMatchObject([{ reason: 'lossy', body, bodyEncoding: 'utf8' }])
  })

  it('is archived once and kept whole when a JSON text holds half a character', async () => {
    const archive = await openArchive()
    const body = JSON.stringify(messageFields({ content: 'a\uD800b' }))
    await deliver(archive, body)
    await deliver(archive, body)
    expect(await messagesOf(archive)).toHaveLength(1)
    expect(await deliveriesOf(archive)).toMatchObject([{ reason: 'lossy', body }])
  })

  it('is kept as base64 when its bytes are not even text', async () => {
    const archive = await openArchive()
    await deliver(archive, Uint8Array.of(0x61, 0xff, 0x00, 0xc3))
    expect(await deliveriesOf(archive)).toMatchObject([
      { body: btoa('a\u00FF\u0000\u00C3'), bodyEncoding: 'base64' },
    ])
  })
})

const cannotStore = () => Promise.reject(new ArchiveError('unavailable', 'the disk is full'))

describe('a callback that cannot be stored now', () => {
  it('is answered 503 with a time to try again, and is stored when it comes again', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    Object.assign(archive.store, { atomically: cannotStore })
    const refused = await deliverMessage(archive)
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([
      503,
      expect.stringMatching(/^\d+$/),
    ])
    Object.assign(archive.store, { atomically })
    expect((await deliverMessage(archive)).status).toBe(200)
    expect(await messagesOf(archive)).toHaveLength(1)
  })
})

describe('the signature of a callback', () => {
  it('tells the app where the query names none', async () => {
    const archive = await openArchive()
    const query = new URLSearchParams(await signedQuery(OTHER_APP))
    query.delete('appKey')
    await deliver(archive, form(messageFields()), { query: query.toString() })
    expect(await messagesOf(archive)).toMatchObject([{ appKey: OTHER_APP.appKey }])
  })

  it.each([
    ['signTimestamp in place of timestamp', (query: string) => query.replace('timestamp', 'signTimestamp')],
    [
      'a timestamp beside that is not the signed one',
      (query: string) => `${query.replace('timestamp', 'signTimestamp')}&timestamp=1`,
    ],
    ['the spelling of 2014', (query: string) => query.replace(/timestamp|nonce|signature/g, 'rc-$&')],
  ])('is good with %s', async (_what, change) => {
    const archive = await openArchive()
    const query = change(await signedQuery())
    expect((await deliver(archive, form(messageFields()), { query })).status).toBe(200)
    expect(await messagesOf(archive)).toHaveLength(1)
  })
})

function bodyOf(bytes: number): string {
  const start = `${form({ ...without('content'), objectName: 'app:Big' })}&content=`
  return start + 'x'.repeat(bytes - start.length)
}

describe('the size of a body', () => {
  it.each([
    ['declared', (body: string) => ({ body, headers: { 'Content-Length': String(body.length) } })],
    ['not declared', (body: string) => ({ body: new Blob([body]).stream(), duplex: 'half' })],
  ])('may be 1 MiB and not a byte more, %s', async (_how, init) => {
    const archive = await openArchive()
    const send = async (bytes: number) =>
      archive.request(`/callbacks/messages?${await signedQuery()}`, {
        method: 'POST',
        ...init(bodyOf(bytes)),
      })
    const refused = await send(MIB + 1)
    expect([refused.status, await refused.json()]).toMatchObject([
      413,
      { name: 'Content Too Large', status: 413 },
    ])
    await expectNothingStored(archive)
    expect((await send(MIB)).status).toBe(200)
    expect(await messagesOf(archive)).toMatchObject([{ objectName: 'app:Big' }])
  })

  it('is refused by its declaration before it is read', async () => {
    const archive = await openArchive()
    const headers = { 'Content-Length': String(MIB + 1) }
    const answer = await archive.request(`/callbacks/messages?${await signedQuery()}`, {
      method: 'POST',
      headers,
      body: form(messageFields()),
    })
    expect(answer.status).toBe(413)
    await expectNothingStored(archive)
  })
})

describe('CALLBACK_NONCE_REUSE', () => {
  const bodies = ['A', 'B', 'A', 'B'].map((msgUID) => form(messageFields({ msgUID })))
  const statusesOf = (archive: ArchiveUnderTest, query: string) =>
    Array.fromAsync(bodies, async (body) => (await deliver(archive, body, { query })).status)

  it('flags what comes with a signature that came before with another body', async () => {
    const archive = await openArchive()
    const query = await signedQuery()
    expect(await statusesOf(archive, query)).toEqual([200, 200, 200, 200])
    const flags = (await messagesOf(archive)).map(({ msgUID, nonceReused }) => [msgUID, nonceReused])
    expect(flags).toEqual([
      ['B', true],
      ['A', false],
    ])
  })

  it('refuses it when told to, and still welcomes a retry', async () => {
    const archive = await openArchive({ CALLBACK_NONCE_REUSE: 'refuse' })
    const query = await signedQuery()
    expect(await statusesOf(archive, query)).toEqual([200, 401, 200, 401])
    expect(await messagesOf(archive)).toMatchObject([{ msgUID: 'A', nonceReused: false }])
    expect(await metricsOf(archive)).toContain('reason="nonce_reused"} 2\n')
  })
})
