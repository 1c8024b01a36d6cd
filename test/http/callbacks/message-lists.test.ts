import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../../support/archive.ts'
import { deliveriesIn } from '../../support/events.ts'
import { deliver, getJson, messageFields } from '../../support/requests.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const form = (fields: Record<string, string>) => new URLSearchParams(messageFields(fields)).toString()

type Item = { msgUID: string; content: string; fields: object | null }

const messagesIn = async (archive: ArchiveUnderTest) =>
  (await getJson<{ items: Item[] }>(archive, '/api/v1/messages?limit=500')).items

const listOf = (...fields: Record<string, string>[]) =>
  JSON.stringify(fields.map((each) => messageFields(each)))

describe('a list of messages', () => {
  it.each([
    ['one', listOf({ msgUID: 'A' }), ['A']],
    ['two, of two conversations', listOf({ msgUID: 'A' }, { msgUID: 'B', toUserId: 'shop_b' }), ['B', 'A']],
    ['the same twice', listOf({ msgUID: 'A' }, { msgUID: 'A' }), ['A']],
    ['one behind blanks and a byte order mark', `\uFEFF \r\n\t${listOf({ msgUID: 'A' })}\r\n`, ['A']],
  ])('is archived, once however often it comes: %s', async (_what, body, uids) => {
    const archive = await openArchive()
    await deliver(archive, body, { contentType: 'application/json' })
    expect((await deliver(archive, body, { contentType: 'application/json' })).status).toBe(200)
    expect((await messagesIn(archive)).map(({ msgUID }) => msgUID)).toEqual(uids)
    expect(await deliveriesIn(archive)).toEqual([])
  })

  it('may be long', async () => {
    const archive = await openArchive()
    const fields = Array.from({ length: 230 }, (_, i) => ({ msgUID: `M-${i}`, toUserId: `shop_${i % 7}` }))
    expect((await deliver(archive, listOf(...fields))).status).toBe(200)
    expect(new Set((await messagesIn(archive)).map(({ msgUID }) => msgUID))).toEqual(
      new Set(fields.map(({ msgUID }) => msgUID)),
    )
  })

  it('keeps numbers, and what it is made of, to the character', async () => {
    const archive = await openArchive()
    const content = '{ "b":1.0, "a":12345678901234567890, "c":"你]},{[" }'
    const one = JSON.stringify(messageFields({ objectName: 'app:Any', content })).slice(0, -1)
    await deliver(archive, `[${one},"version":1.10,"groupUserIds":[12345678901234567890]}]`)
    expect(await messagesIn(archive)).toMatchObject([
      { content, fields: { version: '1.10', groupUserIds: ['12345678901234567890'] } },
    ])
  })

  it('keeps aside those of its elements that are no messages or conflict, and archives the others', async () => {
    const archive = await openArchive()
    await deliver(archive, form({ msgUID: 'C', content: 'the first' }))
    const good = ['A', 'B'].map((msgUID) => JSON.stringify(messageFields({ msgUID })))
    const conflict = JSON.stringify(messageFields({ msgUID: 'C' }))
    const bad = ['{"content":"你"}', '7', 'null', '"text"', '[[]]', conflict]
    const body = `[${good[0]}, ${bad.join(' ,\n')},${good[1]}]`
    await deliver(archive, body)
    expect((await deliver(archive, body)).status).toBe(200)
    expect((await messagesIn(archive)).map(({ msgUID }) => msgUID)).toEqual(['C', 'B', 'A'])
    const deliveries = (await deliveriesIn(archive)) as never as { body: string; reason: string }[]
    expect(new Set(deliveries.map((each) => each.body))).toEqual(new Set(bad))
    expect(deliveries).toHaveLength(bad.length)
    expect(deliveries.find((each) => each.body === conflict)?.reason).toBe('conflict')
  })

  it('keeps to the byte an element that is not UTF-8', async () => {
    const archive = await openArchive()
    const bytes = bytesOf(listOf({ msgUID: 'A', content: '%' }, { msgUID: 'B' }))
    await deliver(
      archive,
      bytes.map((byte) => (byte === 0x25 ? 0xff : byte)),
    )
    expect((await messagesIn(archive)).map(({ msgUID }) => msgUID)).toEqual(['B', 'A'])
    const [lossy, ...others] = (await deliveriesIn(archive)) as never as { body: string }[]
    expect([lossy && atob(lossy.body).includes('"content":"\xff"'), others]).toEqual([true, []])
  })

  it.each([
    ['[]', 'the list is empty'],
    [' [ ] ', 'the list is empty'],
    ['[{"a":1}', 'the body is not JSON'],
    ['[{"a":1},]', 'the body is not JSON'],
    [`[${'[]'.repeat(3)}]`, 'the body is not JSON'],
    [`[${'0,'.repeat(10_000)}0]`, 'more than 10000 messages'],
    ['['.repeat(300_000), 'the body is not JSON'],
  ])('that is none is kept aside whole: %.12s', async (body, detail) => {
    const archive = await openArchive()
    expect((await deliver(archive, body)).status).toBe(200)
    expect(await deliveriesIn(archive)).toMatchObject([{ reason: 'unreadable', detail, body }])
  })

  it('is answered 503 until all of it is stored', async () => {
    const archive = await openArchive()
    const body = listOf(...Array.from({ length: 120 }, (_, i) => ({ msgUID: `M-${i}` })))
    const { atomically } = archive.store
    let calls = 0
    const failing: typeof atomically = (...given) =>
      ++calls > 2 ? Promise.reject(new Error('the disk is full')) : atomically(...given)
    Object.assign(archive.store, { atomically: failing })
    expect((await deliver(archive, body)).status).toBe(503)
    Object.assign(archive.store, { atomically })
    expect((await deliver(archive, body)).status).toBe(200)
    expect(await messagesIn(archive)).toHaveLength(120)
    expect(await deliveriesIn(archive)).toEqual([])
  })
})
