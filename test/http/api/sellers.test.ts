import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, get, getJson, memberToken, post } from '../../support/requests.ts'

type Seller = { seller_id: string; shop_name: string | null; logo: string | null }
type Page = { items: Seller[]; next: string | null }

const PATH = '/api/v1/sellers'

function put(archive: ArchiveUnderTest, path: string, body: unknown, credential = KEYS.write) {
  return post(archive, path, JSON.stringify(body), bearer(credential), 'PUT')
}

const list = (archive: ArchiveUnderTest, query = '') => getJson<Page>(archive, `${PATH}?${query}`)

async function idsOf(archive: ArchiveUnderTest, query = ''): Promise<string[]> {
  return (await list(archive, query)).items.map(({ seller_id }) => seller_id)
}

const statusOf = async (answer: Promise<Response>) => (await answer).status

async function refusalOf(answer: Promise<Response>): Promise<unknown> {
  const { status } = await answer
  return [status, await (await answer).json()]
}

/** Names of the parameters that a refusal is about. */
async function fieldsRefused(archive: ArchiveUnderTest, path: string): Promise<string> {
  const answer = await get(archive, path)
  expect([path, answer.status]).toEqual([path, 422])
  return ((await answer.json()) as { field: string }[]).map(({ field }) => field).join()
}

describe('PUT /api/v1/sellers/:sellerId', () => {
  it('names a seller, and answers what is now known', async () => {
    const archive = await openArchive()
    const seller = { shop_name: '小店', logo: 'https://img.example.com/a.png' }
    const answer = await put(archive, `${PATH}/a`, seller)
    expect([answer.status, await answer.json()]).toEqual([200, { seller_id: 'a', ...seller }])
    expect(await getJson(archive, `${PATH}/a`)).toEqual({ seller_id: 'a', ...seller })
  })

  it('replaces the whole seller: what is left out is gone', async () => {
    const archive = await openArchive()
    await put(archive, `${PATH}/a`, { shop_name: 'Old', logo: 'l' })
    await put(archive, `${PATH}/a`, { shop_name: 'New' })
    expect((await list(archive)).items).toEqual([{ seller_id: 'a', shop_name: 'New', logo: null }])
  })

  it.each([
    ['blank', { shop_name: '', logo: '' }],
    ['null', { shop_name: null, logo: null }],
    ['left out', {}],
  ])('takes a name that is %s for none', async (_what, body) => {
    const archive = await openArchive()
    expect((await put(archive, `${PATH}/a`, body)).status).toBe(200)
    expect(await getJson(archive, `${PATH}/a`)).toEqual({ seller_id: 'a', shop_name: null, logo: null })
  })

  it('reads a form as well', async () => {
    const archive = await openArchive()
    await post(archive, `${PATH}/a`, { shop_name: 'A & B + C' }, bearer(KEYS.write), 'PUT')
    expect(await getJson(archive, `${PATH}/a`)).toMatchObject({ shop_name: 'A & B + C' })
  })

  it.each(['店铺', 'a/b', 'a b', '100%', '%25', 'a+b', '?x#y', '🏪', "a'b", 'a\u0000b'])(
    'knows the id %j by its percent-encoding',
    async (sellerId) => {
      const archive = await openArchive()
      const path = `${PATH}/${encodeURIComponent(sellerId)}`
      await put(archive, path, { shop_name: sellerId })
      expect(await getJson(archive, path)).toMatchObject({ seller_id: sellerId, shop_name: sellerId })
      expect(await idsOf(archive)).toEqual([sellerId])
    },
  )

  it('keeps sellers of two apps apart', async () => {
    const archive = await openArchive()
    await put(archive, `${PATH}/a`, { shop_name: 'Ours' })
    await put(archive, `${PATH}/a?appKey=${OTHER_APP.appKey}`, { shop_name: 'Theirs' })
    expect(await getJson(archive, `${PATH}/a`)).toMatchObject({ shop_name: 'Ours' })
    const theirs = `${PATH}?appKey=${OTHER_APP.appKey}`
    expect(await getJson(archive, theirs)).toMatchObject({ items: [{ shop_name: 'Theirs' }] })
  })

  it.each([
    ['an unknown field', '', { shop_name: 'A', name: 'B' }, 'name'],
    ['a name that is no text', '', { shop_name: 5 }, 'shop_name'],
    ['a list', '', [{ shop_name: 'A' }], 'body'],
    ['an app that is not configured', '?appKey=nobody', { shop_name: 'A' }, 'appKey'],
    ['an unknown parameter', '?app=x', { shop_name: 'A' }, 'app'],
  ])('refuses %s by name and stores nothing', async (_what, query, body, field) => {
    const archive = await openArchive()
    expect(await refusalOf(put(archive, `${PATH}/a${query}`, body))).toMatchObject([422, [{ field }]])
    expect(await idsOf(archive)).toEqual([])
  })
})

describe('PUT /api/v1/sellers', () => {
  it('names many at once, new ones and known ones', async () => {
    const archive = await openArchive()
    await put(archive, `${PATH}/b`, { shop_name: 'Old', logo: 'old' })
    const sellers = [
      { seller_id: 'a', shop_name: 'A', logo: null },
      { seller_id: 'b', shop_name: 'B', logo: 'new' },
    ]
    const answer = await put(archive, PATH, sellers)
    expect([answer.status, await answer.json()]).toEqual([200, { stored: 2 }])
    expect((await list(archive)).items).toEqual(sellers)
  })

  it('takes the last word on a seller that is named twice', async () => {
    const archive = await openArchive()
    await put(archive, PATH, [
      { seller_id: 'a', shop_name: 'First' },
      { seller_id: 'a', shop_name: 'Last' },
    ])
    expect((await list(archive)).items).toEqual([{ seller_id: 'a', shop_name: 'Last', logo: null }])
  })

  it('takes none for none', async () => {
    const archive = await openArchive()
    expect(await (await put(archive, PATH, [])).json()).toEqual({ stored: 0 })
    expect(await idsOf(archive)).toEqual([])
  })

  it('takes a thousand, and not one more', async () => {
    const archive = await openArchive()
    const sellers = Array.from({ length: 1001 }, (_, i) => ({
      seller_id: String(i).padStart(4, '0'),
      shop_name: `店 ${i}`,
    }))
    expect(await refusalOf(put(archive, PATH, sellers))).toMatchObject([422, [{ field: 'body' }]])
    expect(await idsOf(archive)).toEqual([])
    expect(await (await put(archive, PATH, sellers.slice(1))).json()).toEqual({ stored: 1000 })
    expect(await idsOf(archive, 'limit=1000')).toEqual(sellers.slice(1).map(({ seller_id }) => seller_id))
  })

  it.each([
    ['a blank id', [{ seller_id: 'a' }, { seller_id: '' }], '1.seller_id'],
    ['an id that is no text', [{ seller_id: 'a' }, { seller_id: 5 }], '1.seller_id'],
    ['a missing id', [{ seller_id: 'a' }, { shop_name: 'B' }], '1.seller_id'],
    ['a name that is no text', [{ seller_id: 'a' }, { seller_id: 'b', shop_name: {} }], '1.shop_name'],
    ['something else', [{ seller_id: 'a' }, 'b'], '1'],
    ['one object', { seller_id: 'a' }, 'body'],
  ])('refuses all for %s, naming it', async (_what, body, field) => {
    const archive = await openArchive()
    expect(await refusalOf(put(archive, PATH, body))).toMatchObject([422, [{ field }]])
    expect(await idsOf(archive)).toEqual([])
  })

  it('refuses all for an unknown field in one', async () => {
    const archive = await openArchive()
    const answer = await put(archive, PATH, [{ seller_id: 'a' }, { seller_id: 'b', colour: 'red' }])
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('colour')])
    expect(await idsOf(archive)).toEqual([])
  })

  it('refuses what is not JSON', async () => {
    const archive = await openArchive()
    const broken = post(archive, PATH, '[{"seller_id":', bearer(KEYS.write), 'PUT')
    expect(await refusalOf(broken)).toEqual([422, [{ field: 'body', message: 'is not valid JSON' }]])
  })
})

describe('GET /api/v1/sellers', () => {
  it('pages through them by their ids', async () => {
    const archive = await openArchive()
    const ids = ['a', 'a"b', 'b', '店', '铺']
    await put(
      archive,
      PATH,
      ids.toReversed().map((seller_id) => ({ seller_id })),
    )
    const first = await list(archive, 'limit=2')
    const second = await list(archive, `limit=2&cursor=${first.next}`)
    const third = await list(archive, `limit=2&cursor=${second.next}`)
    expect([first, second, third].flatMap(({ items }) => items.map(({ seller_id }) => seller_id))).toEqual(
      ids,
    )
    expect([first.items.length, second.items.length, third.next]).toEqual([2, 2, null])
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const expected = new Map<string, unknown>([
      ['unknown=1', 'unknown'],
      ['limit=0', 'limit'],
      ['limit=1001', 'limit'],
      ['cursor=x', 'cursor'],
    ])
    const ask = async (query: string) => [query, await fieldsRefused(archive, `${PATH}?${query}`)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })

  it('knows no seller that nobody named', async () => {
    const archive = await openArchive()
    expect(await refusalOf(get(archive, `${PATH}/a`))).toEqual([
      404,
      { name: 'Not Found', message: 'there is no seller a', code: 0, status: 404 },
    ])
  })
})

describe('the sellers', () => {
  it('are named by API keys with the scope write', async () => {
    const archive = await openArchive()
    const token = await memberToken({ memberId: 1 })
    expect(await statusOf(put(archive, `${PATH}/a`, {}, KEYS.read))).toBe(403)
    expect(await statusOf(put(archive, PATH, [{ seller_id: 'a' }], KEYS.delete))).toBe(403)
    expect(await statusOf(put(archive, `${PATH}/a`, {}, token))).toBe(403)
    expect(await statusOf(archive.request(`${PATH}/a`, { method: 'PUT', body: '{}' }))).toBe(401)
    expect(await idsOf(archive)).toEqual([])
  })

  it('are read by API keys with the scope read', async () => {
    const archive = await openArchive()
    await put(archive, `${PATH}/a`, {})
    const credentials = [KEYS.read, KEYS.write, await memberToken({ memberId: 1 }), 'nobody']
    const statusesAt = (path: string) =>
      Promise.all(credentials.map((credential) => statusOf(get(archive, path, credential))))
    expect(await statusesAt(PATH)).toEqual([200, 403, 403, 401])
    expect(await statusesAt(`${PATH}/a`)).toEqual([200, 403, 403, 401])
  })
})
