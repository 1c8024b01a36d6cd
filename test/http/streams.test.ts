import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexAll } from '../../src/ingest/index-messages.ts'
import { rederiveChanges } from '../../src/ingest/rederive-changes.ts'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { openConsole } from './console/signed-in.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

type Stream = { packets: number; isComplete: boolean; completeReason: number | null; summary: string | null }
type Item = { id: number; msgUID: string; content: string; text: string | null; state: { stream: Stream } }
type Packet = { seq?: number; content: string; complete?: boolean; [more: string]: unknown }

const FIRST_MS = 1_734_595_200_000

/** A packet under the uid of the stream, or under its own, naming the first. */
function send(archive: ArchiveUnderTest, packet: Packet, { own }: { own?: string } = {}) {
  const content = own === undefined ? packet : { ...packet, messageUID: 'S' }
  return deliverMessage(archive, {
    fromUserId: 'shop_a',
    toUserId: 'u1',
    objectName: 'RC:StreamMsg',
    source: 'Server',
    msgUID: own ?? 'S',
    msgTimestamp: String(FIRST_MS + (packet.seq ?? 0)),
    content: JSON.stringify(content),
  })
}

async function stream(archive: ArchiveUnderTest): Promise<Item> {
  const { items } = await getJson<{ items: Item[] }>(archive, '/api/v1/messages?msgUID=S')
  if (!items[0]) throw new Error('there is no stream')
  return items[0]
}

async function found(archive: ArchiveUnderTest, q: string): Promise<string[]> {
  const { items } = await getJson<{ items: Item[] }>(archive, `/api/v1/search?${new URLSearchParams({ q })}`)
  return items.map(({ msgUID }) => msgUID)
}

const kept = async (archive: ArchiveUnderTest) =>
  (await getJson<{ items: unknown[] }>(archive, '/api/v1/deliveries')).items

const PIECES: Packet[] = [
  { seq: 1, content: '今天', complete: false, type: 'markdown' },
  { seq: 2, content: '天气', complete: false },
  { seq: 3, content: '很好。', complete: true, completeReason: 0 },
]

describe.each([
  ['under one msgUID', () => ({})],
  ['under msgUIDs of their own', (packet: Packet, i: number) => (i === 0 ? {} : { own: `P${packet.seq}` })],
])('packets %s', (_how, uidOf) => {
  it('are joined to the text that was streamed, and the first stays as it came', async () => {
    const archive = await openArchive()
    for (const [i, packet] of PIECES.entries())
      expect((await send(archive, packet, uidOf(packet, i))).status).toBe(200)
    const { text, content, state } = await stream(archive)
    expect([text, content]).toEqual(['今天天气很好。', JSON.stringify(PIECES[0])])
    expect(state.stream).toEqual({
      packets: 3,
      isComplete: true,
      isCut: false,
      completeReason: 0,
      summary: null,
    })
    expect(await kept(archive)).toEqual([])
  })

  it('say that they are incomplete until the last has come and none is missing', async () => {
    const archive = await openArchive()
    const [first, second, third] = PIECES as [Packet, Packet, Packet]
    await send(archive, first, uidOf(first, 0))
    expect((await stream(archive)).state.stream).toMatchObject({ packets: 1, isComplete: false })
    await send(archive, third, uidOf(third, 2))
    expect(await stream(archive)).toMatchObject({
      text: '今天很好。',
      state: { stream: { packets: 2, isComplete: false } },
    })
    await send(archive, second, uidOf(second, 1))
    expect((await stream(archive)).state.stream).toMatchObject({ packets: 3, isComplete: true })
  })

  it('count once, however often they come', async () => {
    const archive = await openArchive()
    for (const [i, packet] of [...PIECES.entries(), ...PIECES.entries()])
      await send(archive, packet, uidOf(packet, i))
    expect(await stream(archive)).toMatchObject({ text: '今天天气很好。', state: { stream: { packets: 3 } } })
    expect(await kept(archive)).toEqual([])
    expect(await rederiveChanges(archive.store)).toBe(0)
  })

  it('are found by every word of the whole text, from the moment they come and when the index has taken them', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 1, content: 'The order ' }, uidOf({ seq: 1, content: '' }, 0))
    await indexAll(archive.store, { forMs: 60_000, now: Date.now })
    await send(archive, { seq: 2, content: '20241219 was sh' }, uidOf({ seq: 2, content: '' }, 1))
    await send(archive, { seq: 3, content: 'ipped 顺丰', complete: true }, uidOf({ seq: 3, content: '' }, 2))
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexAll(archive.store, { forMs: 60_000, now: Date.now })
      for (const q of ['order', '20241219', 'shipped', '顺丰', '"was shipped"'])
        expect([isIndexed, q, (await found(archive, q)).includes('S')]).toEqual([isIndexed, q, true])
      expect(await found(archive, 'whisper')).toEqual([])
    }
  })
})

describe('a streamed text', () => {
  it('is the same in whatever order its packets come', async () => {
    const archive = await openArchive()
    let run = 0
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 })
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), async (places, own) => {
        const uid = `S${++run}`
        const texts = ['a', 'b', 'c', 'd']
        // The first to come is the message, whichever it is, where all have one uid.
        for (const place of places)
          await deliverMessage(archive, {
            objectName: 'RC:StreamMsg',
            msgUID: own && place > 0 ? `${uid}-${place}` : uid,
            msgTimestamp: String(FIRST_MS + place),
            content: JSON.stringify({
              content: texts[place],
              seq: place,
              complete: place === 3,
              ...(own && { messageUID: uid }),
            }),
          })
        const { items } = await getJson<{ items: Item[] }>(archive, `/api/v1/messages?msgUID=${uid}`)
        expect(items[0]).toMatchObject({ text: 'abcd', state: { stream: { packets: 4, isComplete: true } } })
      }),
      { numRuns: 15 },
    )
  })

  it('is not doubled by senders that repeat all of it with each packet, or once more at its end', async () => {
    const archive = await openArchive()
    for (const [seq, content] of ['今', '今天', '今天好'].entries()) await send(archive, { seq, content })
    expect((await stream(archive)).text).toBe('今天好')
    await send(archive, { seq: 3, content: '吗' })
    await send(archive, { seq: 4, content: '今天好吗', complete: true })
    expect(await stream(archive)).toMatchObject({ text: '今天好吗', state: { stream: { isComplete: true } } })
  })

  it('of one packet that says it is the last is complete', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 12, content: 'all of it', complete: true })
    expect((await stream(archive)).state.stream).toMatchObject({ packets: 1, isComplete: true })
  })

  it.each([
    [1, true],
    [2, true],
    [3, false],
  ])('whose first packet does not say its place goes on at %i: %s', async (seq, isComplete) => {
    const archive = await openArchive()
    await send(archive, { content: 'a' })
    await send(archive, { seq, content: 'b' })
    await send(archive, { seq: seq + 1, content: 'c', complete: true })
    expect(await stream(archive)).toMatchObject({ text: 'abc', state: { stream: { isComplete } } })
  })

  it('is the last message of its conversation as far as it has come', async () => {
    const operator = await openConsole()
    for (const packet of PIECES.slice(0, 2)) await send(operator.archive, packet)
    const { items } = await getJson<{ items: { id: number; lastMessage: unknown }[] }>(
      operator.archive,
      '/api/v1/conversations',
    )
    expect(items).toMatchObject([{ lastMessage: { text: '今天天气' } }])
    expect(await getJson(operator.archive, `/api/v1/conversations/${items[0]?.id}`)).toEqual(items[0])
    expect(await operator.page('/console')).toContain('今天天气')
  })

  it('of one packet that does not say so is incomplete', async () => {
    const archive = await openArchive()
    await send(archive, { content: 'some of it' })
    expect((await stream(archive)).state.stream).toMatchObject({ packets: 1, isComplete: false })
  })

  it('lacks its beginning when the first packets never came', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 3, content: 'c' })
    await send(archive, { seq: 4, content: 'd', complete: true })
    expect(await stream(archive)).toMatchObject({ text: 'cd', state: { stream: { isComplete: false } } })
  })

  it('takes no packet of another sender', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 1, content: 'true' })
    await deliverMessage(archive, {
      fromUserId: 'u1',
      toUserId: 'shop_a',
      objectName: 'RC:StreamMsg',
      msgUID: 'forged',
      content: JSON.stringify({ content: ' and false', seq: 2, messageUID: 'S' }),
    })
    expect((await stream(archive)).text).toBe('true')
  })

  it('keeps another text of the same packet aside', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 1, content: 'one' })
    await send(archive, { seq: 1, content: 'another' })
    expect((await stream(archive)).text).toBe('one')
    expect(await kept(archive)).toMatchObject([{ reason: 'conflict' }])
  })

  it('keeps the packet that a log brought when a callback takes its place with another', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 1, content: 'one ' })
    await archive.store.atomically([{ sql: "UPDATE messages SET origin = 'history_log'", params: [] }])
    await send(archive, { seq: 2, content: 'two', complete: true })
    await send(archive, { seq: 2, content: 'two', complete: true })
    expect(await stream(archive)).toMatchObject({
      text: 'one two',
      state: { stream: { packets: 2, isComplete: true } },
    })
  })

  it('may get a summary later, which is told and found', async () => {
    const archive = await openArchive()
    await send(archive, { seq: 1, content: 'a long answer', complete: true })
    await indexAll(archive.store, { forMs: 60_000, now: Date.now })
    await deliverMessage(archive, {
      fromUserId: 'shop_a',
      toUserId: 'u1',
      objectName: 'RC:MsgExMsg',
      msgUID: 'X',
      content: JSON.stringify({ mid: 'S', put: { RC_Ext_StreamMsgSummary: '要点：退货' } }),
    })
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexAll(archive.store, { forMs: 60_000, now: Date.now })
      expect([isIndexed, await found(archive, '退货')]).toEqual([isIndexed, ['S']])
    }
    expect(await stream(archive)).toMatchObject({
      text: 'a long answer',
      state: { stream: { summary: '要点：退货' }, expansion: { RC_Ext_StreamMsgSummary: '要点：退货' } },
    })
  })

  it('stands in the list of a member once, as its first packet', async () => {
    const archive = await openArchive()
    for (const [i, packet] of PIECES.entries()) await send(archive, packet, i === 0 ? {} : { own: `P${i}` })
    const list = (more = '') =>
      getJson<{ items: { msg_uid: string }[] }>(archive, `/chat-records/list?memberId=1&sellerId=a${more}`)
    expect((await list()).items.map(({ msg_uid: uid }) => uid)).toEqual(['S'])
    expect((await list('&messageType=RC:StreamMsg')).items).toHaveLength(3)
  })

  it(
    'of very many packets is joined whole, and its page does not wait for it',
    { timeout: 120_000 },
    async () => {
      const archive = await openArchive()
      await send(archive, { seq: 0, content: '始' })
      const { store } = archive
      await store.atomically([
        {
          sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
          INSERT INTO message_changes (app_key, msg_uid, kind, channel_type, user_id, target_id, bus_channel, by_user_id,
            at_ms, data, identity, received_at_ms, origin, after_message_id)
          SELECT 'uwd1c0sxdlx2', 'S', 'packet', 'PERSON', 'shop_a', 'u1', '', 'shop_a', i,
            json_object('content', json_object('content', '第' || i || '段', 'seq', i,
              'complete', json(iif(i = 9999, 'true', 'false'))) || '', 'msgUID', 'S'),
            'p' || i, 1, 'callback', 1 FROM n`,
          params: [],
        },
      ])
      const { text, state } = await stream(archive)
      expect(text).toMatch(/^始第1段第2段.*第9999段$/)
      expect(state.stream).toMatchObject({ packets: 10_000, isComplete: true })
      await deliverMessage(archive, {
        fromUserId: 'shop_a',
        toUserId: 'u1',
        objectName: 'RC:MsgExMsg',
        msgUID: 'X',
        content: JSON.stringify({ mid: 'S', put: { RC_Ext_StreamMsgSummary: '要点：退货' } }),
      })
      for (const isIndexed of [false, true]) {
        if (isIndexed) await indexAll(store, { forMs: 60_000, now: Date.now })
        // It is searched up to 20,000 characters.
        for (const [q, uids] of [
          ['第3000段', ['S']],
          ['退货', ['S']],
          ['第9999段', []],
        ] as const)
          expect([q, await found(archive, q)]).toEqual([q, uids])
      }
    },
  )
})

it('the console shows a streamed text as one bubble, with its summary, and says when it is incomplete', async () => {
  const operator = await openConsole()
  const { archive } = operator
  for (const [i, packet] of PIECES.entries()) {
    await send(archive, packet, i === 0 ? {} : { own: `P${i}` })
    const page = await operator.page('/console/conversations/1')
    expect(page.includes('Incomplete')).toBe(i < 2)
    expect(page.match(/class="message bubble/g)).toHaveLength(1)
  }
  await deliverMessage(archive, {
    fromUserId: 'shop_a',
    toUserId: 'u1',
    objectName: 'RC:MsgExMsg',
    msgUID: 'X',
    content: JSON.stringify({ mid: 'S', put: { RC_Ext_StreamMsgSummary: 'short words' } }),
  })
  const page = await operator.page('/console/conversations/1')
  expect(page).toContain('今天天气很好。')
  expect(page).toMatch(/Summary: [^]*short words/)
  expect(page).toContain('continues message')
  expect(await operator.page('/console/messages/1')).toContain('Its text came in 3 packets.')
})

it('versions are found by their words, as soon as they come and when the index has taken them', async () => {
  const archive = await openArchive({ SAME_MSG_UID: 'edit' })
  const text = (content: string) => ({ msgUID: 'A', content: JSON.stringify({ content }) })
  await deliverMessage(archive, text('原来的'))
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  await deliverMessage(archive, text('改过的'))
  for (const isIndexed of [false, true]) {
    if (isIndexed) await indexAll(archive.store, { forMs: 60_000, now: Date.now })
    for (const q of ['改过的', '原来的', '改过 原来'])
      expect([q, await found(archive, q)]).toEqual([q, ['A']])
  }
})
