import { describe, expect, it } from 'vitest'
import { raw } from 'hono/html'
import { indexAll } from '../../../src/ingest/index-messages.ts'
import { APP, OTHER_APP, SETTINGS } from '../../support/archive.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { elementsIn, type Element } from './page.ts'
import { openConsole, type Operator } from './signed-in.ts'

const ADMIN = 'key-of-the-operator'
const FIRST_MS = 1_734_595_200_000
const HOSTILE = '</mark><script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e'
const PART = { 'HX-Request': 'true' }
const IN_CHINESE = { 'Accept-Language': 'zh-CN' }

const open = () => openConsole({ API_KEYS: `${SETTINGS.API_KEYS},operator:${ADMIN}:admin` })

/** A second apart; each says its text. */
async function say(
  { archive }: Operator,
  texts: readonly string[],
  fields: Record<string, string> = {},
  app = APP,
) {
  for (const [i, content] of texts.entries())
    await deliverMessage(
      archive,
      {
        msgUID: content.slice(0, 30),
        msgTimestamp: String(FIRST_MS + i * 1000),
        content: JSON.stringify({ content }),
        ...fields,
      },
      app,
    )
}

const addressOf = (asked: Record<string, string>) =>
  `/console/search?${new URLSearchParams(asked).toString()}`

type Seen = { status: number; elements: Element[]; text: string; answer: Response }

async function search(
  { get }: Operator,
  asked: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Seen> {
  const answer = await get(addressOf(asked), headers)
  const text = await answer.text()
  return { status: answer.status, elements: elementsIn(raw(text)), text, answer }
}

const ofClass = ({ elements }: Seen, name: string) =>
  elements
    .filter(({ attributes }) => attributes.class === name)
    .map(({ text }) => text.replaceAll(/\s+/g, ' ').trim())

const ofId = ({ elements }: Seen, id: string) =>
  elements.find(({ attributes }) => attributes.id === id)?.text.trim()

const linkIn = ({ elements }: Seen, name: string) =>
  elements.find(({ name: tag, text }) => tag === 'a' && text.trim() === name)?.attributes.href

const snippetsOf = async (operator: Operator, asked: Record<string, string>) =>
  ofClass(await search(operator, asked), 'snippet')

describe('the search page', () => {
  it('finds a word of two characters and marks it', async () => {
    const operator = await open()
    await say(operator, ['订单什么时候发货？', '明天发货，发货后通知您', '好的'])
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexAll(operator.archive.store, { forMs: 60_000, now: Date.now })
      const seen = await search(operator, { q: '发货' })
      expect(ofClass(seen, 'snippet')).toEqual(['明天发货，发货后通知您', '订单什么时候发货？'])
      expect(seen.elements.filter(({ name }) => name === 'mark').map(({ text }) => text)).toEqual([
        '发货',
        '发货',
        '发货',
      ])
      expect(ofId(seen, 'tally')).toBe('2 found')
    }
  })

  it('says who said it to whom, when, of what type and what became of it, with the ways to it', async () => {
    const operator = await open()
    const content = JSON.stringify({ content: '退款', user: { id: 'u1', name: '小明' } })
    await say(operator, ['退款'], { msgUID: 'it', content })
    const recall = { messageUId: 'it', isDelete: false, isAdmin: false, sentTime: FIRST_MS }
    await deliverMessage(operator.archive, {
      msgUID: 'recall',
      objectName: 'RC:RcCmd',
      content: JSON.stringify(recall),
    })
    const seen = await search(operator, { q: '退款' })
    const item = seen.elements.find(
      ({ name, attributes, text }) => name === 'li' && !attributes.class && text.includes('退款'),
    )
    expect(item?.text.replaceAll(/\s+/g, ' ')).toMatch(
      /小明 to shop_a 2024-12-19 16:00:00 退款 recalled by 小明 .* one to one · Text · uwd1c0sxdlx2 · As received/,
    )
    const [{ id, conversationId }] = (
      await getJson<{ items: [{ id: number; conversationId: number }] }>(
        operator.archive,
        '/api/v1/messages?msgUID=it',
      )
    ).items
    expect(linkIn(seen, '小明 to shop_a')).toBe(
      `/console/conversations/${conversationId}?message=${id}#message-${id}`,
    )
    expect(linkIn(seen, 'As received')).toBe(`/console/messages/${id}`)
  })

  it('narrows by every filter and shows each in its form', async () => {
    const operator = await open()
    await say(operator, ['hello a'])
    await say(operator, ['hello b'], { fromUserId: 'u2', toUserId: 'shop_b', msgTimestamp: '1734700000000' })
    await say(operator, ['hello note'], { objectName: 'app:Note', msgTimestamp: '1734595201000' })
    await say(operator, ['hello other'], { msgTimestamp: '1600000000000' }, OTHER_APP)
    const filters: [Record<string, string>, string[]][] = [
      [{ memberId: '2' }, ['hello b']],
      [{ sellerId: 'b' }, ['hello b']],
      [{ userId: 'u2' }, ['hello b']],
      [{ conversationId: '1' }, ['hello note', 'hello a']],
      [{ appKey: OTHER_APP.appKey }, ['hello other']],
      [{ objectName: 'app:Note' }, ['hello note']],
      [{ startTime: '2024-12-20' }, ['hello b']],
      [{ endTime: '2024-12-19 16:00:00', appKey: APP.appKey }, ['hello a']],
      [{ order: 'relevance', userId: 'u2' }, ['hello b']],
    ]
    for (const [filter, expected] of filters) {
      const seen = await search(operator, { q: 'hello', ...filter })
      expect([filter, ofClass(seen, 'snippet')]).toEqual([filter, expected])
      for (const [name, value] of Object.entries(filter)) expect(chosenIn(seen, name)).toContain(value)
    }
  })

  it('names the conversation it keeps to, and lets go of it', async () => {
    const operator = await open()
    await say(operator, ['hello a'])
    await say(operator, ['hello b'], { fromUserId: 'u2' })
    const seen = await search(operator, { q: 'hello', conversationId: '2' })
    expect(ofClass(seen, 'within').join()).toContain('Only in the conversation shop_a and u2.')
    expect(linkIn(seen, 'Search everywhere')).toBe('/console/search?q=hello')
    expect(ofClass(await search(operator, { conversationId: '2' }), 'within')).toHaveLength(1)
    const unknown = await search(operator, { q: 'hello', conversationId: '99' })
    expect([unknown.status, ofId(unknown, 'tally')]).toEqual([200, 'Nothing found.'])
  })

  it('goes on until there is nothing more', async () => {
    const operator = await open()
    await say(
      operator,
      Array.from({ length: 45 }, (_, i) => `hello ${i}`),
    )
    for (const [order, expected] of [
      ['', [20, 20, 5]],
      ['relevance', [20, 20, 5]],
    ] as const) {
      const counts: number[] = []
      for (let address: string | undefined = addressOf({ q: 'hello', order, userId: '' }); address;) {
        const seen: Seen = await search(
          operator,
          Object.fromEntries(new URLSearchParams(address.split('?')[1])),
        )
        counts.push(ofClass(seen, 'snippet').length)
        address = linkIn(seen, 'More')
        expect(address ?? '').not.toContain('userId')
      }
      expect(counts).toEqual(expected)
    }
  })

  it('says how far back it has come when a page is short', async () => {
    const operator = await open()
    await say(operator, ['seldom'])
    const copies = `INSERT INTO messages (app_key, msg_uid, conversation_id, from_user_id, target_id, object_name, content,
        sent_at_ms, received_at_ms, origin, listing)
      SELECT app_key, 'copy' || value, conversation_id, from_user_id, target_id, object_name, '{"content":"often"}',
        sent_at_ms + value, received_at_ms, origin, listing FROM messages, json_each(?)`
    const numbers = JSON.stringify(Array.from({ length: 12_000 }, (_, i) => i + 1))
    await operator.archive.store.atomically([{ sql: copies, params: [numbers] }])
    const first = await search(operator, { q: 'seldom' })
    expect(ofId(first, 'tally')).toBe('Nothing found so far.')
    expect(ofId(first, 'found')).toMatch(/Searched back to 2024-12-19 16:00:0\d\.[^]*about 12001 messages/)
    const further = linkIn(first, 'Search further back') ?? ''
    const cursor = new URLSearchParams(further.split('?')[1]).get('cursor') ?? ''
    expect(await snippetsOf(operator, { q: 'seldom', cursor })).toEqual(['seldom'])
  })

  it('shows hostile content and a hostile question as text', async () => {
    const operator = await open()
    await say(operator, [`hello ${HOSTILE}`], { fromUserId: '<b>', toUserId: '"><i>' })
    for (const headers of [{}, PART]) {
      const seen = await search(operator, { q: 'hello' }, headers)
      expect(seen.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(seen.text).toContain('‹U+202E›')
      const asked = { q: `hello ${HOSTILE}`, userId: HOSTILE, objectName: HOSTILE, order: HOSTILE }
      for (const { text, elements } of [seen, await search(operator, asked, headers)]) {
        expect(text).not.toMatch(/<script>|<img|<i>|onerror="|<b>/)
        expect(elements.filter(({ attributes }) => 'onerror' in attributes)).toEqual([])
      }
    }
  })

  it.each(['AND', '"b', 'a* b', 'NEAR(', 'tokens:a', '\u0000z', '\ud800z', "x'; DROP TABLE messages"])(
    'takes %j for what it is',
    async (q) => {
      const operator = await open()
      await say(operator, ['hello'])
      expect([(await search(operator, { q })).status, await snippetsOf(operator, { q })]).toEqual([200, []])
    },
  )

  it('is empty until something is looked for', async () => {
    const operator = await open()
    await say(operator, ['hello'])
    for (const asked of [{}, { q: '' }, { q: '  ', userId: 'u1' }]) {
      const seen = await search(operator, asked)
      expect([seen.status, ofId(seen, 'tally'), ofClass(seen, 'snippet')]).toEqual([
        200,
        'Write what you look for.',
        [],
      ])
    }
  })

  it('says beside each field what is wrong with it, and keeps the form', async () => {
    const operator = await open()
    const asked = {
      q: ',.',
      memberId: 'Tom',
      conversationId: '-1',
      startTime: 'never',
      endTime: '2024-13-01',
    }
    const seen = await search(operator, asked)
    expect([seen.status, ofClass(seen, 'wrong').every((wrong) => wrong !== '')]).toEqual([422, true])
    for (const [name, value] of Object.entries(asked)) expect(chosenIn(seen, name)).toEqual([value])
    const chinese = await search(operator, { q: '你好', memberId: 'Tom' }, IN_CHINESE)
    expect(ofClass(chinese, 'wrong').filter((wrong) => wrong !== '')).toEqual([
      '会员应为不超过 9223372036854775807 的整数。',
    ])
    const cursors = [
      { q: 'x', cursor: 'broken' },
      { q: 'x', order: 'relevance', cursor: btoa('[1,"a","b"]') },
    ]
    for (const wrong of cursors) {
      const page = await search(operator, wrong)
      expect([page.status, ofClass(page, 'error').join()]).toEqual([422, expect.stringContaining('cursor')])
    }
  })

  it('answers a script with the results alone, and the address they are of', async () => {
    const operator = await open()
    await say(operator, ['hello'])
    const seen = await search(operator, { q: 'hello', userId: '', lang: 'en' }, PART)
    expect([seen.status, ofClass(seen, 'snippet'), ofId(seen, 'tally')]).toEqual([200, ['hello'], '1 found'])
    expect(seen.elements.filter(({ name }) => ['form', 'h1', 'script'].includes(name))).toEqual([])
    expect(seen.answer.headers.get('HX-Replace-Url')).toBe('/console/search?q=hello')
    expect(seen.answer.headers.get('Vary')).toBe('HX-Request')
    const wrong = await search(operator, { q: ',', memberId: 'x' }, PART)
    expect([wrong.status, ofClass(wrong, 'wrong').filter((each) => each !== '').length]).toEqual([200, 2])
  })

  it('speaks both languages', async () => {
    const operator = await open()
    await say(operator, ['你好'])
    const chinese = await search(operator, { q: '你好' }, IN_CHINESE)
    expect([ofId(chinese, 'tally'), linkIn(chinese, 'u1 发给 shop_a') === undefined]).toEqual([
      '找到 1 条',
      false,
    ])
    expect(chinese.text).toContain('<option value="RC:FileMsg">文件 (RC:FileMsg)</option>')
    expect((await search(operator, { q: '你好' })).text).toContain('File (RC:FileMsg)')
  })
})

describe('the access log', () => {
  it('has every search with all that was asked, also by a script', async () => {
    const operator = await open()
    const long = '订'.repeat(200)
    await search(operator, { q: '订单', userId: '', conversationId: '7', lang: 'en' })
    await search(operator, { q: long }, PART)
    const { items } = await getJson<{ items: { subjectId: number | null; detail: string }[] }>(
      operator.archive,
      '/api/v1/console-accesses?action=search',
      ADMIN,
    )
    expect(
      items.map(({ subjectId, detail }) => [subjectId, Object.fromEntries(new URLSearchParams(detail))]),
    ).toEqual([
      [null, { q: long }],
      [7, { q: '订单', conversationId: '7' }],
    ])
  })

  it('comes first: what cannot be noted is not looked for', async () => {
    const operator = await open()
    await say(operator, ['hello'])
    const { store } = operator.archive
    const failing = store as { atomically: typeof store.atomically }
    const { atomically } = store
    failing.atomically = () => Promise.reject(new Error('the disk is full'))
    const seen = await search(operator, { q: 'hello' }, PART)
    failing.atomically = atomically
    expect([seen.status, ofClass(seen, 'snippet')]).toEqual([500, []])
    expect(seen.elements.filter(({ name }) => name === 'header')).toEqual([])
  })
})

/** Values of a field, or its chosen options. */
function chosenIn({ elements }: Seen, name: string): (string | undefined)[] {
  const isSelect = elements.some((element) => element.name === 'select' && element.attributes.name === name)
  return elements
    .filter(({ name: tag, attributes }) =>
      isSelect ? tag === 'option' && 'selected' in attributes : attributes.name === name,
    )
    .map(({ attributes }) => attributes.value)
}
