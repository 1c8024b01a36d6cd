import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { ELEMENTS } from '../../rongcloud/events/examples.ts'
import { KEYS, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliveriesIn, eventsIn } from '../../support/events.ts'
import { deliver, get, getJson, messageFields, signedQuery } from '../../support/requests.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const form = (fields: Record<string, string> = {}) => new URLSearchParams(messageFields(fields)).toString()

type Kept = { kind: string; reason: string; detail: string; body: string; bodyEncoding: string }

type Item = { msgUID: string; content: string; source: string; problem: string | null; fields: object | null }

const messagesIn = async (archive: ArchiveUnderTest) =>
  (await getJson<{ items: Item[] }>(archive, '/api/v1/messages?limit=500')).items

const metricsOf = async (archive: ArchiveUnderTest) => (await get(archive, '/metrics', KEYS.metrics)).text()

async function deliverPacked(
  archive: ArchiveUnderTest,
  bytes: Uint8Array,
  coding: string,
  path = '/callbacks/messages',
): Promise<Response> {
  return archive.request(`${path}?${await signedQuery()}`, {
    method: 'POST',
    headers: { 'Content-Encoding': coding, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: Uint8Array.from(bytes),
  })
}

const PACKED: [coding: string, pack: (bytes: Uint8Array) => Uint8Array][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', (bytes) => bytes],
  ['identity, gzip', gzipSync],
  ['gzip, br', (bytes) => brotliCompressSync(gzipSync(bytes))],
  ['deflate,Gzip', (bytes) => gzipSync(deflateSync(bytes))],
  // Two gzips behind each other are one.
  ['gzip', (bytes) => Buffer.concat([gzipSync(bytes.slice(0, 20)), gzipSync(bytes.slice(20))])],
  // A proxy unpacked it and left the header.
  ['gzip', (bytes) => bytes],
]

describe('a packed callback', () => {
  it.each(PACKED)('is read when its Content-Encoding is %s', async (coding, pack) => {
    const archive = await openArchive()
    for (const body of [form({ msgUID: 'A' }), JSON.stringify(messageFields({ msgUID: 'B' }))])
      expect((await deliverPacked(archive, pack(bytesOf(body)), coding)).status).toBe(200)
    expect((await messagesIn(archive)).map(({ msgUID, problem }) => [msgUID, problem])).toEqual([
      ['B', null],
      ['A', null],
    ])
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('is the same message as the one that is not packed', async () => {
    const archive = await openArchive()
    await deliver(archive, form())
    await deliverPacked(archive, gzipSync(form()), 'gzip')
    expect(await messagesIn(archive)).toHaveLength(1)
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('may bring events, and be answered before it is stored', async () => {
    const archive = await openArchive()
    for (const kind of ['online-status', 'pre-messages'] as const) {
      const bytes = gzipSync(JSON.stringify(ELEMENTS[kind]))
      expect((await deliverPacked(archive, bytes, 'gzip', `/callbacks/${kind}`)).status).toBe(200)
    }
    await archive.settled()
    expect((await eventsIn(archive)).map(({ kind }) => kind)).toEqual(['pre-messages', 'online-status'])
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['gzip, gzip', (bytes: Uint8Array) => gzipSync(gzipSync(bytes))],
  ])('may hold 1 MiB and not a byte more: %s', async (coding, pack) => {
    const archive = await openArchive()
    const start = `${form({ objectName: 'app:Big', content: '' })}&more=`
    const bodyOf = (size: number) => bytesOf(start + 'x'.repeat(size - start.length))
    expect((await deliverPacked(archive, pack(bodyOf(1024 * 1024 + 1)), coding)).status).toBe(413)
    expect(await messagesIn(archive)).toEqual([])
    expect(await deliveriesIn(archive)).toEqual([])
    expect((await deliverPacked(archive, pack(bodyOf(1024 * 1024)), coding)).status).toBe(200)
    expect(await messagesIn(archive)).toHaveLength(1)
  })

  it.each(['gzip', 'utf-8', 'none', 'gzip,gzip,gzip,gzip,gzip'])(
    'is read as it is where the header says %s and it is plain text',
    async (coding) => {
      const archive = await openArchive()
      expect((await deliverPacked(archive, bytesOf(form()), coding)).status).toBe(200)
      expect(await messagesIn(archive)).toHaveLength(1)
      expect(await deliveriesIn(archive)).toEqual([])
    },
  )

  it('that would become a hundred times as much is refused', async () => {
    const archive = await openArchive()
    const bomb = gzipSync(new Uint8Array(20 * 1024 * 1024))
    expect((await deliverPacked(archive, bomb, 'gzip')).status).toBe(413)
  })

  it.each([
    ['gzip', gzipSync(form()).subarray(0, 60), 'Content-Encoding gzip: unexpected end of file'],
    ['gzip', gzipSync(form()).fill(0xa5, 20, 40), 'Content-Encoding gzip: '],
    ['deflate', deflateSync(form()).subarray(0, 50), 'Content-Encoding deflate: '],
    ['br', Uint8Array.of(0xff, 0xfe, 1, 2), 'Content-Encoding br: '],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0), 'Content-Encoding zstd is not known here'],
    ['gzip, odd', gzipSync(form()), 'Content-Encoding gzip, odd is not known here'],
    ['gzip,gzip,gzip,gzip,gzip', gzipSync(form()), 'is not known here'],
  ])('that cannot be unpacked is kept aside as it came: %s', async (coding, bytes, detail) => {
    const archive = await openArchive()
    for (const kind of ['messages', 'online-status', 'messages'])
      expect((await deliverPacked(archive, bytes, coding, `/callbacks/${kind}`)).status).toBe(200)
    const deliveries = (await deliveriesIn(archive)) as never as Kept[]
    expect(deliveries.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['online-status', 'unreadable'],
      ['messages', 'unreadable'],
    ])
    for (const { body, bodyEncoding, detail: told } of deliveries) {
      expect(told).toContain(detail)
      const kept = bodyEncoding === 'base64' ? Buffer.from(body, 'base64') : Buffer.from(body)
      expect(kept.equals(Buffer.from(bytes))).toBe(true)
    }
    expect(await messagesIn(archive)).toEqual([])
    expect(await eventsIn(archive)).toEqual([])
  })

  it('is not unpacked before its signature is known', async () => {
    const archive = await openArchive()
    const answer = await archive.request('/callbacks/messages?signature=x&nonce=1&timestamp=1', {
      method: 'POST',
      headers: { 'Content-Encoding': 'gzip' },
      body: Uint8Array.of(1, 2, 3),
    })
    expect(answer.status).toBe(401)
  })
})

const CONTENT = '{"content":"你好 a+b=100% &\r\n--x\\n","extra":""}'

function multipart(
  fields: [name: string, value: string][],
  { boundary = '----x1', lineEnd = '\r\n', head = '' } = {},
) {
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}${lineEnd}${head}Content-Disposition: form-data; name="${name}"${lineEnd}${lineEnd}${value}${lineEnd}`,
  )
  return `${parts.join('')}--${boundary}--${lineEnd}`
}

const FIELDS = Object.entries(messageFields({ content: CONTENT }))

describe('a multipart form', () => {
  it.each([
    ['as PHP sends it', multipart(FIELDS), 'multipart/form-data; boundary=----x1'],
    [
      'with its boundary in quotes',
      multipart(FIELDS),
      'Multipart/Form-Data; charset=utf-8; boundary="----x1"',
    ],
    ['that calls itself something else', multipart(FIELDS), 'application/x-www-form-urlencoded'],
    ['without the last line end', multipart(FIELDS).slice(0, -2), 'multipart/form-data; boundary=----x1'],
    ['with line feeds alone', multipart(FIELDS, { lineEnd: '\n' }), 'multipart/form-data; boundary=----x1'],
    ['behind a line end', `\r\n${multipart(FIELDS)}`, 'multipart/form-data; boundary=----x1'],
    [
      'whose parts have types and bare names',
      multipart(FIELDS, {
        head: 'Content-Type: text/plain; charset=utf-8\r\nContent-Length: 7\r\n',
      }).replaceAll(/name="(\w+)"/g, 'name=$1'),
      'multipart/form-data; boundary=----x1',
    ],
    [
      'whose parts are files, in small letters',
      multipart(FIELDS)
        .replaceAll('Content-Disposition', 'content-disposition')
        .replaceAll(/name="(\w+)"/g, 'filename="name"; name="$1"'),
      'multipart/form-data; boundary=----x1',
    ],
  ])('%s is the message that it says', async (_how, body, contentType) => {
    const archive = await openArchive()
    expect((await deliver(archive, body, { contentType })).status).toBe(200)
    expect(await messagesIn(archive)).toMatchObject([
      { content: CONTENT, source: 'iOS', fields: {}, msgUID: messageFields().msgUID },
    ])
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('keeps fields that nobody knows, and each of several values', async () => {
    const archive = await openArchive()
    const more: typeof FIELDS = [...FIELDS, ['groupUserIds', 'u1'], ['groupUserIds', 'u2'], ['novelty', '']]
    await deliver(archive, multipart(more))
    expect(await messagesIn(archive)).toMatchObject([{ fields: { groupUserIds: ['u1', 'u2'], novelty: '' } }])
  })

  it('brings events too', async () => {
    const archive = await openArchive()
    const { userid, status, os, time } = ELEMENTS['online-status']
    const fields = Object.entries({ userid, status, os, time }).map(([name, value]) => [name, String(value)])
    await deliver(archive, multipart(fields as typeof FIELDS), { path: '/callbacks/online-status' })
    expect(await eventsIn(archive)).toMatchObject([{ userId: userid, problem: null }])
  })

  it('whose bytes are no UTF-8 is archived as far as it can be read, and kept whole', async () => {
    const archive = await openArchive()
    const bytes = bytesOf(multipart(FIELDS)).map((byte) => (byte === 0x25 ? 0xff : byte))
    await deliver(archive, bytes)
    expect(await messagesIn(archive)).toMatchObject([{ content: CONTENT.replace('%', '\uFFFD') }])
    expect(await deliveriesIn(archive)).toMatchObject([{ reason: 'lossy', bodyEncoding: 'base64' }])
  })

  it.each([
    ['cut off', multipart(FIELDS).slice(0, -40)],
    ['without its end', multipart(FIELDS).replace('----x1--', '----x1')],
    ['with a part without a name', multipart(FIELDS).replace('; name="source"', '')],
    [
      'with a part without a head',
      multipart(FIELDS).replace(/Content-Disposition: form-data; name="source"\r\n/, ''),
    ],
  ])('that is broken is kept aside: %s', async (_how, body) => {
    const archive = await openArchive()
    const expected = []
    for (const kind of ['messages', 'online-status']) {
      expect((await deliver(archive, body, { path: `/callbacks/${kind}` })).status).toBe(200)
      expected.unshift({ kind, reason: 'unreadable', detail: 'the multipart form is broken', body })
    }
    expect(await deliveriesIn(archive)).toMatchObject(expected)
    expect([...(await messagesIn(archive)), ...(await eventsIn(archive))]).toEqual([])
  })
})

describe('a line end behind a form', () => {
  it.each(['\r\n', '\n'])('belongs to no value: %j', async (lineEnd) => {
    const archive = await openArchive()
    const { msgUID = '', ...others } = messageFields()
    const last = `${new URLSearchParams(others).toString()}&msgUID=${msgUID}`
    await deliver(archive, last)
    expect((await deliver(archive, last + lineEnd)).status).toBe(200)
    expect(await messagesIn(archive)).toMatchObject([{ msgUID }])
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('is one; what is written within the content stays', async () => {
    const archive = await openArchive()
    const { content: _, ...others } = messageFields({ objectName: 'app:Any' })
    await deliver(archive, `${new URLSearchParams(others).toString()}&content=a%0D%0Ab%0A\r\n`)
    expect(await messagesIn(archive)).toMatchObject([{ content: 'a\r\nb\n' }])
  })
})

describe('a signed callback with nothing in it', () => {
  it.each(['', '\r\n', ' \t\n'])('is a ping, which is counted and not kept: %j', async (body) => {
    const archive = await openArchive()
    for (const kind of ['messages', 'online-status', 'bots'])
      expect((await deliver(archive, body, { path: `/callbacks/${kind}` })).status).toBe(200)
    expect((await deliverPacked(archive, gzipSync(body), 'gzip')).status).toBe(200)
    expect(await deliveriesIn(archive)).toEqual([])
    expect(await eventsIn(archive)).toEqual([])
    const metrics = await metricsOf(archive)
    expect(metrics).toContain('rongcloud_callbacks_total{kind="messages",outcome="ping"} 2\n')
    expect(metrics).toContain('rongcloud_callbacks_total{kind="bots",outcome="ping"} 1\n')
  })

  it('does not spoil its hour, and a message before is let go', async () => {
    const archive = await openArchive()
    expect(await (await deliver(archive, '', { path: '/callbacks/pre-messages' })).text()).toBe('{"pass":1}')
    await deliver(archive, '')
    await archive.settled()
    archive.clock.nowMs += 4 * 24 * 3_600_000
    const { items } = await getJson<{ items: { state: string }[] }>(archive, '/api/v1/completeness')
    expect(items.filter(({ state }) => state === 'gap')).toEqual([])
  })

  it('is refused unsigned', async () => {
    const archive = await openArchive()
    expect((await deliver(archive, '', { query: '' })).status).toBe(401)
  })
})
