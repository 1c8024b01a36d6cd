import { openArchive } from '#open-archive'
import { parse as parseCsv } from 'csv-parse/browser/esm/sync'
import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { hashing } from '../../support/hashing.ts'
import { bearer, deliverMessage, get, post } from '../../support/requests.ts'

type Line = Record<string, unknown> & { type: string }

async function exported(archive: ArchiveUnderTest, query = ''): Promise<string> {
  const answer = await get(archive, `/api/v1/export?${query}`, KEYS.read)
  expect(answer.status).toBe(200)
  return new TextDecoder().decode(await answer.arrayBuffer())
}

function linesOf(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const send = (archive: ArchiveUnderTest, n: number, fields: Record<string, string> = {}) =>
  deliverMessage(archive, { msgUID: `M-${n}`, msgTimestamp: String(1_734_595_200_000 + n), ...fields })

async function sendMany(archive: ArchiveUnderTest, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => send(archive, n)))
}

async function recallAndRead(archive: ArchiveUnderTest): Promise<void> {
  const recall = { messageUId: 'M-1', conversationType: 1, targetId: 'shop_a', sentTime: 1, isDelete: false }
  await send(archive, 900, { objectName: 'RC:RcCmd', content: JSON.stringify(recall) })
  const read = { lastMessageSendTime: 1_734_595_200_001, messageUId: 'M-0', type: 1 }
  await send(archive, 901, {
    objectName: 'RC:ReadNtf',
    content: JSON.stringify(read),
    fromUserId: 'shop_a',
    toUserId: 'u1',
  })
}

describe('GET /api/v1/export', () => {
  it('gives everything in the order of arrival, and ends with count and SHA-256', async () => {
    const archive = await openArchive()
    await post(archive, '/api/v1/sellers/a', '{"shop_name":"A"}', bearer(KEYS.write), 'PUT')
    await sendMany(archive, 3)
    await recallAndRead(archive)
    const text = await exported(archive)
    const lines = linesOf(text)
    const rows = lines.filter(({ type }) => ['seller', 'message', 'change'].includes(type))
    expect(lines[0]).toEqual({ type: 'export', version: 1 })
    expect(rows[0]).toMatchObject({ type: 'seller', sellerId: 'a', shopName: 'A' })
    expect(rows.filter(({ type }) => type === 'message').map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(rows.filter(({ type }) => type === 'change').map(({ kind }) => kind)).toEqual(['recall', 'read'])
    const sha256 = hashing.sha256(text.slice(0, text.lastIndexOf('{"type":"end"')))
    expect(lines.at(-1)).toEqual({ type: 'end', count: rows.length, sha256 })
  })

  it('goes on behind every place that a cut file can go on from, and misses nothing', async () => {
    const archive = await openArchive()
    await sendMany(archive, 1003)
    await recallAndRead(archive)
    const whole = linesOf(await exported(archive))
    const places = whole.flatMap((line, i) =>
      line.type === 'next' ? [{ i, after: String(line.after) }] : [],
    )
    expect(places).toHaveLength(3)
    for (const { i, after } of places) {
      const rest = linesOf(await exported(archive, `after=${after}`))
      const entries = (lines: Line[]) => lines.filter(({ type }) => type === 'message' || type === 'change')
      expect(entries(rest)).toEqual(entries(whole.slice(i)))
    }
  })

  it('narrows as lists do, oldest first, with what happened to those messages', async () => {
    const archive = await openArchive()
    await sendMany(archive, 3)
    await send(archive, 3, { toUserId: 'shop_b' })
    await deliverMessage(archive, { msgUID: 'other app' }, OTHER_APP)
    await recallAndRead(archive)
    const uids = async (query: string) =>
      linesOf(await exported(archive, query)).flatMap(({ msgUID, type }) =>
        type === 'message' ? [msgUID] : [],
      )
    expect(await uids('memberId=1&sellerId=b')).toEqual(['M-3'])
    expect(await uids('conversationId=1&objectName=RC:TxtMsg')).toEqual(['M-0', 'M-1', 'M-2'])
    expect(await uids('userId=shop_b')).toEqual(['M-3'])
    expect(await uids(`appKey=${OTHER_APP.appKey}`)).toEqual(['other app'])
    expect(await uids('startTime=1734595200001&endTime=1734595200002')).toEqual(['M-1', 'M-2'])
    const narrowed = linesOf(await exported(archive, 'memberId=1&sellerId=a&objectName=RC:TxtMsg'))
    const changes = narrowed.filter(({ type }) => type === 'change')
    expect(changes.map(({ kind, msgUID }) => [kind, msgUID])).toEqual([
      ['recall', 'M-1'],
      ['read', null],
    ])
  })

  it('goes on with a narrowed file too', async () => {
    const archive = await openArchive()
    await sendMany(archive, 501)
    const whole = linesOf(await exported(archive, 'conversationId=1'))
    const after = whole.find(({ type }) => type === 'next')?.after
    const rest = linesOf(await exported(archive, `conversationId=1&after=${String(after)}`))
    expect(rest.filter(({ type }) => type === 'message').map(({ msgUID }) => msgUID)).toEqual(['M-500'])
    const answer = await get(archive, `/api/v1/export?after=${String(after)}`)
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject([{ field: 'after' }])
  })

  it('writes a CSV in which nothing is a formula', async () => {
    const archive = await openArchive()
    const formulas = ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '\u200b=1']
    const harmless = ['a,"b"\r\nc', "'quoted", ' a', '1-1', 'a;b', ';;']
    const inside = ['a\n=1', 'a\r\n=1', 'a;=1', 'a; \u200b@x', 'a;b;+1', `a${';'.repeat(3)}-1`]
    const texts = [...formulas, ...harmless, ...inside]
    for (const [n, content] of texts.entries())
      await post(
        archive,
        '/chat-records/create',
        JSON.stringify({ memberId: 1, sellerId: `s${n}`, messageType: 'RC:TxtMsg', cnt: content }),
      )
    await send(archive, 1, { source: '=cmd()' })
    const answer = await get(archive, '/api/v1/export?format=csv')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const rows = parseCsv<Record<string, string>>(text, {
      bom: true,
      columns: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
    const guarded = (cell: string) => cell.replace(/(?<=[\r\n\t;][ \u200b]*)[=@+-]/, "'$&")
    const cells = [...formulas.map((cell) => `'${guarded(cell)}`), ...harmless, ...inside.map(guarded)]
    expect(rows.slice(0, cells.length).map((row) => row.content)).toEqual(cells)
    expect(rows[cells.length]).toMatchObject({ msgUID: 'M-1', source: `'=cmd()` })
    const end = text.lastIndexOf('end,')
    expect(text.slice(end)).toBe(`end,${texts.length + 1},${hashing.sha256(text.slice(0, end))}\r\n`)
  })

  it('writes a page of one conversation that needs nothing beside itself, whatever it says', async () => {
    const archive = await openArchive()
    await send(archive, 1, { content: '{"content":"<script>alert(1)</script><!-- end 1 -->"}' })
    await send(archive, 2, { objectName: 'RC:VcMsg', content: '{"content":"aGk=","duration":3}' })
    const text = await exported(archive, 'format=html&memberId=1&sellerId=a&lang=en')
    const end = text.lastIndexOf('<!-- end')
    expect(text.slice(end)).toBe(`<!-- end 2 ${hashing.sha256(text.slice(0, end))} -->\n`)
    expect(text).not.toMatch(/<script|<link|\ssrc="(?!data:)|href="(?!#message-\d)|\sstyle=|\/console/i)
    expect(text).toContain('&lt;script&gt;alert(1)')
    expect(text).toContain('.bubble .content')
    const problems: string[] = []
    parse(text, { onParseError: ({ code }) => problems.push(code) })
    expect(problems).toEqual([])
  })

  it('needs one conversation for a page', async () => {
    const archive = await openArchive()
    const answer = await get(archive, '/api/v1/export?format=html')
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject([{ field: 'conversationId' }])
    expect((await get(archive, '/api/v1/export?format=html&conversationId=9')).status).toBe(404)
    expect((await get(archive, '/api/v1/export?memberId=1')).status).toBe(422)
  })

  it('ends quietly when the client leaves', async () => {
    const archive = await openArchive()
    await sendMany(archive, 3)
    const { body } = await get(archive, '/api/v1/export', KEYS.read)
    const reader = body?.getReader()
    await reader?.read()
    const reading = reader?.read()
    await reader?.cancel()
    await reading
    expect(archive.logged.filter((line) => line.includes('export failed'))).toEqual([])
  })

  it('is for keys that may read, and an empty archive is a whole file too', async () => {
    const archive = await openArchive()
    expect((await get(archive, '/api/v1/export', KEYS.write)).status).toBe(403)
    expect(linesOf(await exported(archive)).map(({ type }) => type)).toEqual(['export', 'end'])
    expect(await exported(archive, `appKey=${APP.appKey}&format=csv`)).toMatch(/^id,.*\r\nend,0,/)
  })
})
