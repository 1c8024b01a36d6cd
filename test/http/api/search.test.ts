import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { indexAll, indexFurther } from '../../../src/ingest/index-messages.ts'
import { clearSearchIndex } from '../../../src/archive/search-index.ts'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, get, getJson, memberToken } from '../../support/requests.ts'

type Item = { msgUID: string; sentAtMs: number; snippet: { text: string; marks: Mark[] } }
type Mark = { start: number; length: number }
type Page = { items: Item[]; next: string | null }

const FIRST_MS = 1_734_595_200_123

const indexed = (archive: ArchiveUnderTest) => indexAll(archive.store, { forMs: 60_000, now: Date.now })

const search = (archive: ArchiveUnderTest, q: string, more: Record<string, string> = {}) =>
  getJson<Page>(archive, `/api/v1/search?${new URLSearchParams({ q, ...more }).toString()}`)

async function uidsOf(archive: ArchiveUnderTest, q: string, more: Record<string, string> = {}) {
  return (await search(archive, q, more)).items.map(({ msgUID }) => msgUID)
}

async function refusalOf(archive: ArchiveUnderTest, query: string, credential = KEYS.read) {
  const answer = await get(archive, `/api/v1/search?${query}`, credential)
  return [answer.status, await answer.json()]
}

/** Texts by their msgUID, a second apart, in this order. */
async function archiveOf(texts: Record<string, string | Record<string, string>>): Promise<ArchiveUnderTest> {
  const archive = await openArchive()
  for (const [i, [msgUID, given]] of Object.entries(texts).entries()) {
    const fields = typeof given === 'string' ? { content: JSON.stringify({ content: given }) } : given
    await deliverMessage(archive, { msgUID, msgTimestamp: String(FIRST_MS + i * 1000), ...fields })
  }
  return archive
}

const SAMPLES = {
  hello: '你好，请问这款还有货吗？',
  order: '订单号 SF20241219001，请查收',
  wide: 'ＯＲＤＥＲ　Ｎｏ．１２３ ｶﾞ',
  english: 'Could you send me the size-chart, please?',
  emoji: '麻烦尽快 🙏🏽❤️',
  shirt: 'T恤两件，￥99',
  phone: '电话138-0013-8000，谢谢',
  card: {
    objectName: 'app:OrderCard',
    content: '{"type":7,"order":{"orderId":1734595200987654321,"goods":["羊毛围巾"]},"price":299.50}',
  },
  plainCard: { objectName: 'app:Line', content: 'ORD|1350000000017777|已付款' },
}

describe('GET /api/v1/search', () => {
  it.each([
    ['two characters', '你好', 'hello'],
    ['one character', '货', 'hello'],
    ['one character at the end of a sentence', '吗', 'hello'],
    ['a phrase', '还有货', 'hello'],
    ['words that all occur', '请问 还有', 'hello'],
    ['the beginning of an order number', 'sf202412', 'order'],
    ['the beginning of a word', 'siz', 'english'],
    ['a word in capitals', 'COULD', 'english'],
    ['words in quotation marks, whatever is between them', '“size chart please”', 'english'],
    ['full width by half width', 'order no.123', 'wide'],
    ['half width by full width', 'ガ', 'wide'],
    ['an emoji', '🙏', 'emoji'],
    ['an emoji with its shade', '🙏🏽', 'emoji'],
    ['an emoji without its selector', '❤', 'emoji'],
    ['mixed text', 't恤两', 'shirt'],
    ['a price', '¥99', 'shirt'],
    ['the end of an order number', '9001', 'order'],
    ['a number without its separators', '13800138000', 'phone'],
    ['a number with other separators', '138 0013 8000', 'phone'],
    ['a number in full width', '１３８－００１３－８０００', 'phone'],
    ['the end of a number across its separators', '0138000', 'phone'],
    ['a number inside a custom type', '1734595200987654321', 'card'],
    ['the end of a number inside a custom type', '4321', 'card'],
    ['a word inside a custom type', '围巾', 'card'],
    ['a price inside a custom type', '299.50', 'card'],
    ['the end of a number in plain text of a custom type', '7777', 'plainCard'],
  ])('finds %s', async (_, q, expected) => {
    const archive = await archiveOf(SAMPLES)
    expect(await uidsOf(archive, q)).toEqual([expected])
    await indexed(archive)
    expect(await uidsOf(archive, q)).toEqual([expected])
  })

  it.each([
    ['the middle of a word', 'ould'],
    ['the middle of a number', '1219'],
    ['words apart as a phrase', '"请问货"'],
    ['characters across punctuation', '好请'],
    ['one word of two', '你好 没有的'],
    ['what the JSON around a text says', 'content'],
    ['the names in a custom type', 'orderId'],
    ['the middle of a number in groups', '38001'],
  ])('does not find %s', async (_, q) => {
    const archive = await archiveOf(SAMPLES)
    await indexed(archive)
    expect(await uidsOf(archive, q)).toEqual([])
  })

  it.each([
    ['RC:FileMsg', { name: '报价单2024.xlsx', size: 1, type: 'xlsx', fileUrl: 'https://x' }, '报价单'],
    ['RC:LBSMsg', { content: '/9j/', latitude: 1, longitude: 1, poi: '北京市东城区' }, '东城'],
    [
      'RC:ImgTextMsg',
      { title: '新品', content: '上市', imageUri: 'i', url: 'https://shop.example/a' },
      'shop',
    ],
    [
      'RC:ReferenceMsg',
      {
        content: '好的',
        referMsgUserId: 'u',
        referMsg: { content: '什么时候发货' },
        referMsgUid: 'm',
        objName: 'RC:TxtMsg',
      },
      '发货',
    ],
    [
      'RC:CombineMsg',
      { remoteUrl: 'r', conversationType: 1, nameList: ['A'], summaryList: ['A: 明天见'] },
      '明天',
    ],
  ])('reads what a %s says', async (objectName, content, q) => {
    const archive = await archiveOf({ it: { objectName, content: JSON.stringify(content) } })
    await indexed(archive)
    expect(await uidsOf(archive, q)).toEqual(['it'])
  })

  it('shows the place of the hits', async () => {
    const archive = await archiveOf({ long: `${'前'.repeat(200)}Ｈello 你好${'后'.repeat(200)}` })
    const { items } = await search(archive, '你好 hello')
    const { text, marks } = items[0]?.snippet ?? { text: '', marks: [] }
    expect(text.length).toBeLessThanOrEqual(120)
    expect(marks.map(({ start, length }) => text.slice(start, start + length))).toEqual(['Ｈello', '你好'])
  })

  it('pages newest sent first, whatever order it arrived in and however far the index is', async () => {
    const archive = await openArchive()
    const sent = [5, 3, 9, 9, 1, 7, 2, 8, 0, 4]
    for (const [i, second] of sent.entries()) {
      await deliverMessage(archive, { msgUID: `m${i}`, msgTimestamp: String(FIRST_MS + second * 1000) })
      if (i === 5) await indexed(archive)
    }
    const found: number[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await search(archive, '你好', { limit: '3', ...(cursor && { cursor }) })
      found.push(...page.items.map(({ sentAtMs }) => (sentAtMs - FIRST_MS) / 1000))
      cursor = page.next
    }
    expect(found).toEqual(sent.toSorted((one, other) => other - one))
  })

  it('puts first, by relevance, what says most of it', async () => {
    const archive = await archiveOf({
      most: '退款 退款 退款',
      much: '我要退款',
      some: '如果还不发货的话，那么我就要申请平台介入并且退款给我，谢谢',
    })
    expect(await uidsOf(archive, '退款', { order: 'relevance' })).toEqual(['most', 'much', 'some'])
    const { next } = await search(archive, '退款', { order: 'relevance', limit: '1' })
    const more = await search(archive, '退款', { order: 'relevance', limit: '1', cursor: next ?? '' })
    expect(more.items.map(({ msgUID }) => msgUID)).toEqual(['much'])
    expect(await refusalOf(archive, `q=x&cursor=${next}`)).toEqual([
      422,
      [{ field: 'cursor', message: 'is of a search in another order' }],
    ])
  })

  it('narrows to app, user, member, seller, conversation, type and time', async () => {
    const archive = await archiveOf({
      a: { fromUserId: 'u1', toUserId: 'shop_a' },
      b: { fromUserId: 'shop_b', toUserId: 'u1' },
      group: { fromUserId: 'u2', toUserId: 'u1', channelType: 'GROUP' },
      note: { fromUserId: 'U1', toUserId: 'shop_a', objectName: 'app:Note' },
    })
    await deliverMessage(archive, { msgUID: 'other', msgTimestamp: '1703059200123' }, OTHER_APP)
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexed(archive)
      const by = (filter: Record<string, string>) => uidsOf(archive, '你好', filter)
      expect(await by({ appKey: OTHER_APP.appKey })).toEqual(['other'])
      expect(await by({ userId: 'u1', appKey: APP.appKey })).toEqual(['b', 'a'])
      expect(await by({ memberId: '1', startTime: '2024-12-19' })).toEqual(['b', 'a'])
      expect(await by({ sellerId: 'a', startTime: '2024-12-19' })).toEqual(['note', 'a'])
      expect(await by({ memberId: '1', sellerId: 'b' })).toEqual(['b'])
      expect(await by({ conversationId: '3' })).toEqual(['group'])
      expect(await by({ conversationId: '1', objectName: 'RC:TxtMsg' })).toEqual(['a'])
      expect(await by({ conversationId: '99' })).toEqual([])
      expect(await by({ objectName: 'app:Note' })).toEqual(['note'])
      expect(await by({ endTime: '2024-01-01' })).toEqual(['other'])
      expect(await by({ startTime: String(FIRST_MS + 1000), endTime: String(FIRST_MS + 2000) })).toEqual([
        'group',
        'b',
      ])
    }
  })

  it('finds what stands in the first 20,000 characters, and nothing behind', async () => {
    const archive = await archiveOf({ long: `${'前'.repeat(19_990)}中间 ${'x '.repeat(40)}后面` })
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexed(archive)
      expect([await uidsOf(archive, '中间'), await uidsOf(archive, '后面')]).toEqual([['long'], []])
    }
  })

  it('ends a page early when its messages are long, and goes on right after it', async () => {
    const long = (words: number) => `有 ${'a '.repeat(words)}`
    const archive = await archiveOf(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, i) => [`m${i}`, long(50_000 + (i === 4 ? 150_000 : 0))]),
      ),
    )
    const expected = Array.from({ length: 9 }, (_, i) => `m${8 - i}`)
    for (const isIndexed of [false, true])
      for (const order of ['newest', 'relevance']) {
        if (isIndexed) await indexed(archive)
        const pages: string[][] = []
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: Page = await search(archive, '有', { order, limit: '100', ...(cursor && { cursor }) })
          pages.push(page.items.map(({ msgUID }) => msgUID))
          cursor = page.next
        }
        // 100 KB each and one of 400 KB: 512 KiB a page.
        expect(pages.map(({ length }) => length)).toEqual([4, 2, 3])
        expect(pages.flat()).toEqual(expected)
      }
  })

  it('stops when it has looked at much, and goes on from there', async () => {
    const archive = await archiveOf({ wanted: '找我' })
    await archive.store.atomically([
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
          INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
            sent_at_ms, received_at_ms, origin)
          SELECT app_key, 'long' || i, conversation_id, listing, from_user_id, target_id, object_name,
            json_object('content', replace(hex(zeroblob(50000)), '00', 'x ')), sent_at_ms + i, 1, 'callback'
          FROM n, messages`,
        params: [],
      },
    ])
    const found: string[][] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await search(archive, '找我', cursor === '' ? {} : { cursor })
      found.push(page.items.map(({ msgUID }) => msgUID))
      cursor = page.next
    }
    expect(found).toEqual([[], [], ['wanted']])
  })

  it('takes any characters for what they are', async () => {
    const archive = await archiveOf({ it: 'a AND b" OR (c) NEAR x* ^y {z}: -w \\ %_' })
    await indexed(archive)
    for (const q of ['AND', '"b', 'a* b', 'NEAR(', 'tokens:a', '-w', '{z', "'", '\u0000z', '\ud800z'])
      expect([
        q,
        (await get(archive, `/api/v1/search?${new URLSearchParams({ q }).toString()}`)).status,
      ]).toEqual([q, q === "'" ? 422 : 200])
    expect(await uidsOf(archive, 'near x*')).toEqual(['it'])
  })

  it('takes as many numbers as a question may hold', async () => {
    const archive = await archiveOf(SAMPLES)
    await indexed(archive)
    for (const q of ['1234 '.repeat(40), '1234-'.repeat(40), '12345,'.repeat(33), '"1234 1234" '.repeat(16)])
      expect(await uidsOf(archive, q)).toEqual([])
    expect(await uidsOf(archive, '138-0013-8000 '.repeat(14))).toEqual(['phone'])
  })

  it('refuses a question without words, or that is none of its own', async () => {
    const archive = await openArchive()
    expect(await refusalOf(archive, '')).toEqual([422, [{ field: 'q', message: 'is required' }]])
    expect(await refusalOf(archive, 'q=,.')).toEqual([
      422,
      [{ field: 'q', message: 'holds nothing to look for' }],
    ])
    expect((await refusalOf(archive, `q=${'x'.repeat(201)}`))[0]).toBe(422)
    expect((await refusalOf(archive, 'q=x&order=oldest&what=1'))[0]).toBe(422)
  })

  it('answers those who may read the archive', async () => {
    const archive = await openArchive()
    expect((await refusalOf(archive, 'q=x', 'nobody'))[0]).toBe(401)
    expect((await refusalOf(archive, 'q=x', KEYS.write))[0]).toBe(403)
    expect((await refusalOf(archive, 'q=x', await memberToken({ memberId: 1 })))[0]).toBe(403)
  })
})

describe('GET /api/v1/search/progress', () => {
  it('tells how far the index is', async () => {
    const archive = await archiveOf({ a: '一', b: '二', c: '三' })
    const progress = () => getJson(archive, '/api/v1/search/progress')
    expect(await progress()).toEqual({ indexedUpTo: 0, newestId: 3 })
    await indexFurther(archive.store, 2)
    expect(await progress()).toEqual({ indexedUpTo: 2, newestId: 3 })
    await indexed(archive)
    expect(await progress()).toEqual({ indexedUpTo: 3, newestId: 3 })
    await clearSearchIndex(archive.store)
    expect(await progress()).toEqual({ indexedUpTo: 0, newestId: 3 })
    expect(await uidsOf(archive, '二')).toEqual(['b'])
  })
})
