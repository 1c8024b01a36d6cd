import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, post } from '../../support/requests.ts'
import { at, chatList, chatListPath, deliverAll, fromSeller, inTurn, SENT_MS, type Line } from './records.ts'

/** A line from each of that many sellers; the highest number wrote last. */
async function archiveOfSellers(count: number) {
  const archive = await openArchive({ PUBLIC_URL: 'https://chat.example.com' })
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  await Promise.all(
    numbers.map((number) =>
      deliverMessage(archive, {
        msgUID: `M${number}`,
        toUserId: `shop_${number}`,
        msgTimestamp: String(SENT_MS + number * 1000),
      }),
    ),
  )
  return archive
}

/** What {@link archiveOfSellers} lists, from one number down to another. */
const newestFirst = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, i) => String(from - i))

const sellersOf = (lines: readonly Line[]) => lines.map((line) => line.seller_id)

const contentOf = (user: Record<string, unknown>) => JSON.stringify({ content: 'hi', user })

const shop = (version: number) => contentOf({ name: `Shop ${version}`, portrait: `p${version}` })

function nameSeller(archive: ArchiveUnderTest, sellerId: string, names: Record<string, string>, query = '') {
  const path = `/api/v1/sellers/${sellerId}${query}`
  return post(archive, path, JSON.stringify(names), bearer(KEYS.all), 'PUT')
}

/** Name and logo of the one chat there is. */
async function shopOf(archive: ArchiveUnderTest) {
  const lines = await chatList(archive)
  expect(lines).toHaveLength(1)
  return [lines[0]?.shop_name, lines[0]?.logo]
}

async function facts(archive: ArchiveUnderTest, asked: Record<string, string> = {}) {
  const answer = await get(archive, chatListPath(asked))
  const header = (name: string) => answer.headers.get(`X-Pagination-${name}`)
  return {
    sellers: sellersOf((await answer.json()) as Line[]),
    total: header('Total-Count'),
    pages: header('Page-Count'),
    page: header('Current-Page'),
    size: header('Per-Page'),
    rels: [...(answer.headers.get('Link') ?? '').matchAll(/rel=(\w+)/g)].map(([, rel]) => rel),
  }
}

describe('chat-list', () => {
  it('is a bare array of lines with exactly the members of the contract', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const lines = await chatList(archive)
    expect(lines).toStrictEqual([
      {
        id: expect.any(Number) as number,
        seller_id: 'a',
        member_id: 1,
        addtime: '2024-12-19 16:00:00',
        cnt: '{"content":"你好"}',
        messageType: 'RC:TxtMsg',
        shop_name: null,
        logo: null,
      },
    ])
    expect(Number.isSafeInteger(lines[0]?.id)).toBe(true)
  })

  it('has one line for each seller, newest first', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'a1', ...at(1) },
      fromSeller({ msgUID: 'a2', channelType: 'MC', ...at(5) }),
      { msgUID: 'b1', toUserId: 'shop_b', ...at(9) },
      { msgUID: 'b2', toUserId: 'shop_b', ...at(2) },
      { msgUID: 'c1', toUserId: 'shop_c', ...at(7) },
    ])
    expect(sellersOf(await chatList(archive))).toEqual(['b', 'c', 'a'])
    await deliverMessage(archive, { msgUID: 'a3', ...at(10) })
    expect(sellersOf(await chatList(archive))).toEqual(['a', 'b', 'c'])
  })

  it('breaks a tie by id, the later one first', async () => {
    const archive = await openArchive()
    const sellers = ['b', 'c', 'a']
    await deliverAll(
      archive,
      sellers.map((seller) => ({ msgUID: seller, toUserId: `shop_${seller}` })),
    )
    expect(sellersOf(await chatList(archive))).toEqual(['a', 'c', 'b'])
  })

  it('tells the newest message of a chat by time of sending, then by id', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'old', content: 'old', ...at(1) },
      { msgUID: 'new', content: 'new', objectName: 'RC:InfoNtf', channelType: 'NOTIFY', ...at(3) },
      { msgUID: 'late', content: 'late', ...at(2) },
    ])
    expect(await chatList(archive)).toMatchObject([{ cnt: 'new', messageType: 'RC:InfoNtf' }])
    await deliverMessage(archive, { msgUID: 'same time', content: 'same time', ...at(3) })
    expect(await chatList(archive)).toMatchObject([{ cnt: 'same time', messageType: 'RC:TxtMsg' }])
  })

  it('passes over messages that list does not show the member', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'shown', content: 'shown', ...at(1) },
      { msgUID: 'signal', objectName: 'RC:CmdMsg', ...at(2) },
      fromSeller({ msgUID: 'blocked', sensitiveType: '1', ...at(3) }),
      { msgUID: 'signal alone', toUserId: 'shop_b', objectName: 'RC:TypSts' },
      { msgUID: 'blocked alone', fromUserId: 'shop_c', toUserId: 'u1', sensitiveType: '1' },
      { msgUID: 'my own, blocked', content: 'mine', toUserId: 'shop_d', sensitiveType: '1', ...at(0) },
    ])
    expect((await chatList(archive)).map((line) => [line.seller_id, line.cnt])).toEqual([
      ['a', 'shown'],
      ['d', 'mine'],
    ])
  })

  it('is of this member and this app alone', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      { msgUID: 'mine' },
      { msgUID: 'other member', fromUserId: 'u2', toUserId: 'shop_b' },
      { msgUID: 'group', channelType: 'GROUP', toUserId: 'shop_c' },
    ])
    await deliverMessage(archive, { msgUID: 'other app', toUserId: 'shop_d' }, OTHER_APP)
    expect(sellersOf(await chatList(archive))).toEqual(['a'])
    expect(sellersOf(await chatList(archive, { appKey: APP.appKey }))).toEqual(['a'])
    expect(sellersOf(await chatList(archive, { appKey: OTHER_APP.appKey }))).toEqual(['d'])
    expect(sellersOf(await chatList(archive, { memberId: '2' }))).toEqual(['b'])
  })

  it('names a wrong parameter in a 422', async () => {
    const archive = await openArchive()
    const paths = ['', '?memberId=', '?memberId=x', '?memberId=-1&page=x&pageSize=x']
    const answers = await inTurn(paths, async (query) => {
      const answer = await get(archive, `/chat-records/chat-list${query}`)
      return [answer.status, await answer.json()]
    })
    const errors = [{ field: 'memberId', message: expect.stringMatching(/\S/) as string }]
    expect(answers).toStrictEqual(paths.map(() => [422, errors]))
  })
})

describe('shop_name and logo', () => {
  it('come from the table of sellers before all', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, fromSeller({ content: contentOf({ name: 'As sent', portrait: 'p' }) }))
    const answer = await nameSeller(archive, 'a', { shop_name: '花店', logo: 'https://x.example/l.png' })
    expect(answer.status).toBe(200)
    expect(await shopOf(archive)).toEqual(['花店', 'https://x.example/l.png'])
    await deliverMessage(
      archive,
      fromSeller({ msgUID: 'B', content: contentOf({ name: 'Newer' }), ...at(9000) }),
    )
    await nameSeller(archive, 'a', { shop_name: '书店', logo: 'https://x.example/2.png' })
    expect(await shopOf(archive)).toEqual(['书店', 'https://x.example/2.png'])
  })

  it('are not those of another seller, nor of this one in another app', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await nameSeller(archive, 'b', { shop_name: 'B', logo: 'b' })
    await nameSeller(archive, 'a', { shop_name: 'A there', logo: 'a' }, `?appKey=${OTHER_APP.appKey}`)
    const content = contentOf({ name: 'As sent there', portrait: 'p' })
    await deliverMessage(archive, fromSeller({ content }), OTHER_APP)
    expect(await shopOf(archive)).toEqual([null, null])
  })

  it.each([
    ['portrait', { name: 'Shop', portrait: 'p' }],
    ['portraitUri', { name: 'Shop', portraitUri: 'p' }],
    ['icon', { name: 'Shop', icon: 'p' }],
  ])('come from the user object of the seller’s own message, with its %s', async (_spelling, user) => {
    const archive = await openArchive()
    await deliverMessage(archive, fromSeller({ content: contentOf(user) }))
    expect(await shopOf(archive)).toEqual(['Shop', 'p'])
  })

  it('come from the newest user object, whatever came after and in whatever order', async () => {
    const archive = await openArchive()
    await deliverAll(archive, [
      fromSeller({ msgUID: '2', content: shop(2), ...at(2) }),
      fromSeller({ msgUID: '1', content: shop(1), ...at(1) }),
    ])
    expect(await shopOf(archive)).toEqual(['Shop 2', 'p2'])
    await deliverAll(archive, [
      fromSeller({ msgUID: '4', content: shop(4), ...at(4) }),
      fromSeller({ msgUID: '3', content: shop(3), ...at(3) }),
      fromSeller({ msgUID: '5', content: '{"content":"no user object"}', ...at(5) }),
    ])
    expect(await shopOf(archive)).toEqual(['Shop 4', 'p4'])
  })

  it('do not come from a message that conflicts with an archived one', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, fromSeller({ content: shop(1) }))
    await deliverMessage(archive, fromSeller({ content: shop(2), ...at(9000) }))
    expect(await shopOf(archive)).toEqual(['Shop 1', 'p1'])
  })

  it('come from what the seller sent to anybody', async () => {
    const archive = await openArchive()
    const content = contentOf({ name: 'Shop', portrait: 'p' })
    await deliverAll(archive, [
      { msgUID: 'asked' },
      { msgUID: 'answered', fromUserId: 'shop_a', toUserId: 'u2', content },
    ])
    expect(await shopOf(archive)).toEqual(['Shop', 'p'])
  })

  it('never come from the user object of the member', async () => {
    const archive = await openArchive()
    const content = contentOf({ id: 'shop_a', name: 'Me', portrait: 'me' })
    await deliverMessage(archive, { content })
    expect(await shopOf(archive)).toEqual([null, null])
    await deliverMessage(archive, fromSeller({ msgUID: 'B', content: shop(1), ...at(-5000) }))
    await deliverMessage(archive, { msgUID: 'C', content, ...at(5000) })
    expect(await shopOf(archive)).toEqual(['Shop 1', 'p1'])
  })
})

describe('the paging of chat-list', () => {
  it('is off, all lines at once, unless page or pageSize is given', async () => {
    const archive = await archiveOfSellers(60)
    const { sellers, total, pages, page } = await facts(archive)
    expect(sellers).toEqual(newestFirst(60, 1))
    expect([total, pages, page]).toEqual(['60', '1', '1'])
  })

  it('is 50 lines a page when only page is given', async () => {
    const archive = await archiveOfSellers(60)
    expect(await facts(archive, { page: '1' })).toEqual({
      sellers: newestFirst(60, 11),
      total: '60',
      pages: '2',
      page: '1',
      size: '50',
      rels: ['self', 'first', 'last', 'next'],
    })
    expect((await facts(archive, { page: '2' })).sellers).toEqual(newestFirst(10, 1))
  })

  it('is told by the headers alone', async () => {
    const archive = await archiveOfSellers(7)
    expect(await facts(archive, { page: '2', pageSize: '3' })).toEqual({
      sellers: ['4', '3', '2'],
      total: '7',
      pages: '3',
      page: '2',
      size: '3',
      rels: ['self', 'first', 'last', 'prev', 'next'],
    })
    const answer = await get(archive, chatListPath({ page: '3', pageSize: '3' }))
    const address = 'https://chat.example.com/chat-records/chat-list?memberId=1'
    expect(answer.headers.get('Link')).toBe(
      [
        `<${address}&page=3&pageSize=3>; rel=self`,
        `<${address}&page=1&pageSize=3>; rel=first`,
        `<${address}&page=3&pageSize=3>; rel=last`,
        `<${address}&page=2&pageSize=3>; rel=prev`,
      ].join(', '),
    )
  })

  it('answers the last page beyond the end, the first below 1, and clamps the size', async () => {
    const archive = await archiveOfSellers(3)
    expect(await facts(archive, { page: '9', pageSize: '2' })).toMatchObject({ sellers: ['1'], page: '2' })
    expect(await facts(archive, { page: '-9', pageSize: '2' })).toMatchObject({
      sellers: ['3', '2'],
      page: '1',
    })
    expect(await facts(archive, { pageSize: '0' })).toMatchObject({ sellers: ['3'], pages: '3', size: '1' })
    expect(await facts(archive, { pageSize: '501' })).toMatchObject({ pages: '1', size: '500' })
  })

  it.each([{}, { page: '2' }, { pageSize: '10' }])('of no chats has no page: %o', async (asked) => {
    const archive = await openArchive()
    expect(await facts(archive, asked)).toMatchObject({
      sellers: [],
      total: '0',
      pages: '0',
      page: '1',
      rels: ['self'],
    })
  })
})
