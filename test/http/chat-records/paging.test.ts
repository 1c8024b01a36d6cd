import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, getJson } from '../../support/requests.ts'
import { inTurn, list, listPath, remove, SENT_MS, type Item, type ListAnswer } from './records.ts'

/** That many messages, a second apart; the newest has the highest number. */
async function archiveOf(count: number, settings: Record<string, string> = {}, seller = 'shop_a') {
  const archive = await openArchive(settings)
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const answers = await Promise.all(
    numbers.map((number) =>
      deliverMessage(archive, {
        msgUID: String(number),
        toUserId: seller,
        msgTimestamp: String(SENT_MS + number * 1000),
      }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(numbers.map(() => 200))
  return archive
}

const uidsOf = (items: readonly Item[]) => items.map((item) => item.msg_uid)

/** `page` and `pageSize` of each link. */
async function linkedPages(archive: ArchiveUnderTest, asked: Record<string, string>) {
  const { links } = await list(archive, asked)
  const pages = Object.entries(links).map(([rel, { href }]) => [rel, new URL(href).searchParams.get('page')])
  return Object.fromEntries(pages) as Record<string, string>
}

/** What links begin with, before the path. */
async function baseOf(archive: ArchiveUnderTest, headers: Record<string, string> = {}) {
  const answer = await archive.request(listPath(), { headers: { ...bearer(KEYS.all), ...headers } })
  const { _links: links } = (await answer.json()) as ListAnswer
  return (links['self']?.href ?? '').replace(/\/chat-records\/list\?.*$/, '')
}

describe('the facts of a page', () => {
  it('are counted exactly, and integers', async () => {
    const archive = await archiveOf(7)
    const answer = await getJson<ListAnswer>(archive, listPath({ pageSize: '3', page: '2' }))
    expect(Object.keys(answer)).toEqual(['items', '_links', '_meta'])
    const { items, _meta: meta } = answer
    expect(meta).toStrictEqual({ totalCount: 7, pageCount: 3, currentPage: 2, perPage: 3 })
    expect(uidsOf(items)).toEqual(['4', '3', '2'])
  })

  it('are 50 records a page unless pageSize says otherwise', async () => {
    const archive = await archiveOf(51)
    const { items, meta } = await list(archive)
    expect(meta).toStrictEqual({ totalCount: 51, pageCount: 2, currentPage: 1, perPage: 50 })
    expect(items).toHaveLength(50)
    expect(uidsOf((await list(archive, { page: '2' })).items)).toEqual(['1'])
  })

  it('do not know a page that would be empty when the last is full', async () => {
    const archive = await archiveOf(6)
    expect((await list(archive, { pageSize: '3' })).meta.pageCount).toBe(2)
    expect((await list(archive, { pageSize: '6' })).meta.pageCount).toBe(1)
  })

  it('are those of what the filters leave', async () => {
    const archive = await archiveOf(7)
    const asked = { startTime: '2024-12-19 16:00:03', pageSize: '2', page: '3' }
    const { items, meta } = await list(archive, asked)
    expect(meta).toStrictEqual({ totalCount: 5, pageCount: 3, currentPage: 3, perPage: 2 })
    expect(uidsOf(items)).toEqual(['3'])
  })

  it('are in the headers too', async () => {
    const archive = await archiveOf(7)
    const { headers } = await get(archive, listPath({ pageSize: '3', page: '2' }))
    expect(headers.get('X-Pagination-Total-Count')).toBe('7')
    expect(headers.get('X-Pagination-Page-Count')).toBe('3')
    expect(headers.get('X-Pagination-Current-Page')).toBe('2')
    expect(headers.get('X-Pagination-Per-Page')).toBe('3')
  })
})

describe('page', () => {
  it('beyond the end is the last one', async () => {
    const archive = await archiveOf(7)
    const last = await list(archive, { pageSize: '3', page: '3' })
    expect(uidsOf(last.items)).toEqual(['1'])
    expect(await list(archive, { pageSize: '3', page: '4' })).toEqual(last)
    expect(await list(archive, { pageSize: '3', page: '99999999999999999999' })).toEqual(last)
  })

  it('below 1, and no number at all, is the first one', async () => {
    const archive = await archiveOf(4)
    const written = ['0', '-1', '-99999999999999999999', 'x', '', ' ', 'NaN', 'two']
    const first = await list(archive, { pageSize: '3' })
    expect(uidsOf(first.items)).toEqual(['4', '3', '2'])
    expect(first.meta.currentPage).toBe(1)
    expect(await list(archive, { pageSize: '3', page: '1' })).toEqual(first)
    const answers = await inTurn(written, (page) => list(archive, { pageSize: '3', page }))
    expect(answers).toEqual(written.map(() => first))
  })
})

describe('pageSize', () => {
  it('is clamped to 1 and 500, and 1 when it is no number, in the links too', async () => {
    const archive = await archiveOf(3)
    const sizes = [
      ['1', 1],
      ['2', 2],
      ['500', 500],
      ['0', 1],
      ['-5', 1],
      ['501', 500],
      ['99999999999999999999', 500],
      ['x', 1],
      ['', 1],
    ] as const
    const found = await inTurn(sizes, async ([pageSize]) => {
      const { items, links, meta } = await list(archive, { pageSize })
      const linked = new URL(links['last']?.href ?? '').searchParams.get('pageSize')
      return [pageSize, items.length, meta.pageCount, meta.perPage, linked]
    })
    expect(found).toEqual(
      sizes.map(([pageSize, perPage]) => [
        pageSize,
        Math.min(3, perPage),
        Math.ceil(3 / perPage),
        perPage,
        String(perPage),
      ]),
    )
  })
})

describe('the links of a page', () => {
  it('are self, first, last, prev and next, in that order, where they exist', async () => {
    const archive = await archiveOf(7)
    const of = async (page: string) => Object.entries(await linkedPages(archive, { pageSize: '3', page }))
    const ends = [
      ['first', '1'],
      ['last', '3'],
    ]
    expect(await of('1')).toEqual([['self', '1'], ...ends, ['next', '2']])
    expect(await of('2')).toEqual([['self', '2'], ...ends, ['prev', '1'], ['next', '3']])
    expect(await of('3')).toEqual([['self', '3'], ...ends, ['prev', '2']])
    expect(await of('9')).toEqual(await of('3'))
  })

  it('are self, first and last when there is one page', async () => {
    const archive = await archiveOf(2)
    expect(Object.entries(await linkedPages(archive, {}))).toEqual([
      ['self', '1'],
      ['first', '1'],
      ['last', '1'],
    ])
  })

  it('are absolute and keep every parameter of the request', async () => {
    const archive = await archiveOf(5, { PUBLIC_URL: 'https://chat.example.com' }, 'shop_店 a&b=c+d')
    const asked = {
      sellerId: '店 a&b=c+d',
      messageType: 'RC:TxtMsg',
      startTime: '2024-12-19 16:00',
      endTime: '2024-12-19T16:00+08:00',
      appKey: 'uwd1c0sxdlx2',
      pageSize: '2',
      nonsense: 'ü',
    }
    const { items, links } = await list(archive, { ...asked, page: '2' })
    expect(uidsOf(items)).toEqual(['3', '2'])
    const hrefs = Object.values(links).map(({ href }) => new URL(href))
    expect(hrefs.map((url) => url.origin + url.pathname)).toEqual(
      hrefs.map(() => 'https://chat.example.com/chat-records/list'),
    )
    const pages = ['2', '1', '3', '1', '3']
    expect(hrefs.map((url) => Object.fromEntries(url.searchParams))).toEqual(
      pages.map((page) => Object.assign({ memberId: '1', page }, asked)),
    )
    const next = new URL(links['next']?.href ?? '')
    const followed = await getJson<ListAnswer>(archive, next.pathname + next.search)
    expect(uidsOf(followed.items)).toEqual(['1'])
  })

  it('are in the Link header, in the same order', async () => {
    const archive = await archiveOf(7)
    const answer = await get(archive, listPath({ pageSize: '3', page: '2' }))
    const { _links: links } = (await answer.json()) as ListAnswer
    const rels = ['self', 'first', 'last', 'prev', 'next']
    expect(answer.headers.get('Link')).toBe(rels.map((rel) => `<${links[rel]?.href}>; rel=${rel}`).join(', '))
  })
})

describe('a list without rows', () => {
  const empty = { totalCount: 0, pageCount: 0, currentPage: 1, perPage: 50 }

  it.each([
    ['a chat that never was', { sellerId: 'nobody' }],
    ['a filter that leaves nothing', { messageType: 'RC:ImgMsg' }],
    ['a page of nothing', { sellerId: 'nobody', page: '3' }],
    ['an app that is not there', { appKey: 'nobody' }],
  ])('has no page, and links to itself alone: %s', async (_what, asked) => {
    const archive = await archiveOf(1)
    const { items, links, meta } = await list(archive, asked)
    expect(items).toEqual([])
    expect(meta).toStrictEqual(empty)
    expect(Object.keys(links)).toEqual(['self'])
    const { headers } = await get(archive, listPath(asked))
    expect(headers.get('Link')).toBe(`<${links['self']?.href}>; rel=self`)
    expect(headers.get('X-Pagination-Total-Count')).toBe('0')
    expect(headers.get('X-Pagination-Page-Count')).toBe('0')
    expect(headers.get('X-Pagination-Current-Page')).toBe('1')
  })

  it('is also what remains when everything is deleted', async () => {
    const archive = await archiveOf(1)
    await remove(archive, (await list(archive)).items[0]?.id ?? 0)
    const { links, meta } = await list(archive)
    expect(meta).toStrictEqual(empty)
    expect(Object.keys(links)).toEqual(['self'])
  })
})

describe('the address that links begin with', () => {
  const FORWARDED = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'proxy.example:8443' }

  it('is what the client called, whatever an untrusted caller says', async () => {
    const archive = await openArchive()
    const called = await baseOf(archive)
    expect(called).toMatch(/^https?:\/\/[^/]+$/)
    expect(await baseOf(archive, FORWARDED)).toBe(called)
    const behindOther = await openArchive({ TRUSTED_PROXIES: '198.51.100.0/24' })
    expect(await baseOf(behindOther, FORWARDED)).toBe(called)
  })

  it.each(['192.0.2.10', '192.0.2.0/24', '2001:db8::1,192.0.2.8/29'])(
    'is what a trusted proxy says: %s',
    async (proxies) => {
      const archive = await openArchive({ TRUSTED_PROXIES: proxies })
      expect(await baseOf(archive, FORWARDED)).toBe('https://proxy.example:8443')
    },
  )

  it('is what the nearest of several proxies says, and never an address that is none', async () => {
    const archive = await openArchive({ TRUSTED_PROXIES: '192.0.2.10' })
    const called = await baseOf(archive)
    const several = { 'X-Forwarded-Proto': 'http, https', 'X-Forwarded-Host': 'evil.example, proxy.example' }
    expect(await baseOf(archive, several)).toBe('https://proxy.example')
    const broken = [
      'a b',
      'a:99999',
      '[',
      '1.2.3.256',
      'evil.example/a?b=',
      'evil.example#',
      'me@evil.example',
    ]
    const bases = await inTurn(broken, (host) => baseOf(archive, { 'X-Forwarded-Host': host }))
    expect(bases).toEqual(broken.map(() => called))
  })

  it.each([
    ['https://chat.example.com', 'https://chat.example.com'],
    ['https://chat.example.com/archive/', 'https://chat.example.com/archive'],
  ])('is PUBLIC_URL before all: %s', async (url, base) => {
    const archive = await openArchive({ PUBLIC_URL: url, TRUSTED_PROXIES: '192.0.2.10' })
    expect(await baseOf(archive)).toBe(base)
    expect(await baseOf(archive, FORWARDED)).toBe(base)
  })
})
