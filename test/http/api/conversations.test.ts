import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, get, getJson, memberToken } from '../../support/requests.ts'

type Conversation = { id: number; messageCount: number; lastSentAtMs: number } & Record<string, unknown>
type Page = { items: Conversation[]; next: string | null }

const FIRST_MS = 1_734_595_200_123

const list = (archive: ArchiveUnderTest, query = '') =>
  getJson<Page>(archive, `/api/v1/conversations?${query}`)

/** One message, `second` seconds after the first. */
const send = (
  archive: ArchiveUnderTest,
  msgUID: string,
  second: number,
  fields: Record<string, string> = {},
) => deliverMessage(archive, { msgUID, msgTimestamp: String(FIRST_MS + second * 1000), ...fields })

/** Each conversation by the uid of its last message. */
async function namesOf(archive: ArchiveUnderTest, query = ''): Promise<unknown[]> {
  const { items } = await list(archive, query)
  return items.map(({ lastMessage }) => (lastMessage as { text: string }).text)
}

/** Six conversations, a second apart, in the order of their names. */
async function archiveOfSix(): Promise<ArchiveUnderTest> {
  const archive = await openArchive()
  const six: [string, Record<string, string>][] = [
    ['A: ann and bob', { fromUserId: 'ann', toUserId: 'bob' }],
    ['B: bob to team', { fromUserId: 'bob', toUserId: 'team', channelType: 'GROUP' }],
    ['C: cat to group ann', { fromUserId: 'cat', toUserId: 'ann', channelType: 'GROUP' }],
    ['D: cat notifies ann', { fromUserId: 'cat', toUserId: 'ann', channelType: 'NOTIFY' }],
    ['E: channel one', { fromUserId: 'dan', toUserId: 'ug', channelType: 'ULTRAGROUP', busChannel: 'one' }],
    ['F: channel two', { fromUserId: 'dan', toUserId: 'ug', channelType: 'ULTRAGROUP', busChannel: 'two' }],
  ]
  await Promise.all(
    six.map(([text, fields], i) =>
      send(archive, text, i, { ...fields, content: JSON.stringify({ content: text }) }),
    ),
  )
  return archive
}

/** Names of the parameters that a refusal is about. */
async function fieldsRefused(archive: ArchiveUnderTest, path: string): Promise<string> {
  const answer = await get(archive, path)
  expect([path, answer.status]).toEqual([path, 422])
  return ((await answer.json()) as { field: string }[]).map(({ field }) => field).join()
}

describe('GET /api/v1/conversations', () => {
  it('shows a conversation of a member and a seller by its last message', async () => {
    const archive = await openArchive()
    await send(archive, 'M-1', 0)
    await send(archive, 'M-2', 1, { fromUserId: 'shop_a', toUserId: 'u1', content: '{"content":"在的"}' })
    expect((await list(archive)).items).toEqual([
      {
        id: expect.any(Number) as number,
        appKey: APP.appKey,
        channelType: 'PERSON',
        userIds: ['shop_a', 'u1'],
        targetId: null,
        name: null,
        busChannel: '',
        memberId: 1,
        sellerId: 'a',
        messageCount: 2,
        lastSentAtMs: FIRST_MS + 1000,
        lastMessage: {
          id: expect.any(Number) as number,
          fromUserId: 'shop_a',
          objectName: 'RC:TxtMsg',
          text: '在的',
          origin: 'callback',
        },
      },
    ])
  })

  it('shows a group by its id, and nobody as member or seller', async () => {
    const archive = await openArchive()
    await send(archive, 'M-1', 0, { channelType: 'GROUP' })
    expect((await list(archive)).items).toMatchObject([
      { channelType: 'GROUP', userIds: [], targetId: 'shop_a', memberId: null, sellerId: null },
    ])
  })

  it.each([
    ['another kind', { channelType: 'CUSTOMERSERVICE' }, {}],
    ['another app', {}, OTHER_APP],
    ['another user', { toUserId: 'shop_b' }, {}],
    ['a group of the same id', { channelType: 'GROUP' }, {}],
  ])('keeps apart one with %s', async (_what, fields, app) => {
    const archive = await openArchive()
    await send(archive, 'M-1', 0)
    await deliverMessage(archive, { msgUID: 'M-2', ...fields }, { ...APP, ...app })
    expect((await list(archive)).items.map(({ messageCount }) => messageCount)).toEqual([1, 1])
  })

  it('puts the newest last message first, and no late one in its place', async () => {
    const archive = await openArchive()
    await send(archive, 'M-1', 5, { toUserId: 'x' })
    await send(archive, 'M-2', 3, { toUserId: 'y' })
    await send(archive, 'M-3', 1, { toUserId: 'x' })
    expect((await list(archive)).items).toMatchObject([
      { userIds: ['u1', 'x'], messageCount: 2, lastSentAtMs: FIRST_MS + 5000 },
      { userIds: ['u1', 'y'], messageCount: 1, lastSentAtMs: FIRST_MS + 3000 },
    ])
    await send(archive, 'M-4', 6, { toUserId: 'y' })
    expect((await list(archive)).items).toMatchObject([
      { userIds: ['u1', 'y'], messageCount: 2, lastSentAtMs: FIRST_MS + 6000 },
      { userIds: ['u1', 'x'] },
    ])
  })

  it('counts a message once, however often it comes, and a conflict not at all', async () => {
    const archive = await openArchive()
    await send(archive, 'M-1', 0)
    await send(archive, 'M-1', 0)
    await send(archive, 'M-1', 9)
    expect((await list(archive)).items).toMatchObject([{ messageCount: 1, lastSentAtMs: FIRST_MS }])
  })

  it('leaves out one whose only message is a conflict', async () => {
    const archive = await openArchive()
    await send(archive, 'M-1', 0)
    await send(archive, 'M-1', 0, { toUserId: 'shop_b' })
    expect((await list(archive)).items).toMatchObject([{ sellerId: 'a' }])
  })

  it('narrows by each parameter and by several', async () => {
    const archive = await archiveOfSix()
    const expected = new Map<string, unknown>([
      [
        '',
        [
          'F: channel two',
          'E: channel one',
          'D: cat notifies ann',
          'C: cat to group ann',
          'B: bob to team',
          'A: ann and bob',
        ],
      ],
      ['channelType=GROUP', ['C: cat to group ann', 'B: bob to team']],
      ['channelType=UNHEARD', []],
      ['targetId=ug', ['F: channel two', 'E: channel one']],
      ['targetId=ann&channelType=GROUP', ['C: cat to group ann']],
      [`appKey=${OTHER_APP.appKey}`, []],
      [`appKey=${APP.appKey}&channelType=PERSON`, ['A: ann and bob']],
      // Ann is told of in C, but is neither in that group nor wrote to it.
      ['userId=ann', ['D: cat notifies ann', 'A: ann and bob']],
      ['userId=bob', ['B: bob to team', 'A: ann and bob']],
      ['userId=cat', ['D: cat notifies ann', 'C: cat to group ann']],
      ['userId=dan', ['F: channel two', 'E: channel one']],
      ['userId=team', []],
      ['userId=&channelType=NOTIFY', ['D: cat notifies ann']],
    ])
    const ask = async (query: string) => [query, await namesOf(archive, query)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })

  it('pages through all of them, ties included', async () => {
    const archive = await openArchive()
    const sellers = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(sellers.map((seller) => send(archive, seller, 0, { toUserId: `shop_${seller}` })))
    const first = await list(archive, 'limit=2')
    const second = await list(archive, `limit=2&cursor=${first.next}`)
    const third = await list(archive, `limit=2&cursor=${second.next}`)
    expect(third.next).toBeNull()
    const pages = [first, second, third].map(({ items }) => items.map(({ sellerId }) => sellerId))
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(new Set(pages.flat())).toEqual(new Set(sellers))
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const expected = new Map<string, unknown>([
      ['unknown=1', 'unknown'],
      ['limit=0', 'limit'],
      ['limit=501', 'limit'],
      ['cursor=x', 'cursor'],
      [`cursor=${btoa('[1,2,3]')}`, 'cursor'],
    ])
    const ask = async (query: string) =>
      [query, await fieldsRefused(archive, `/api/v1/conversations?${query}`)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })
})

describe('GET /api/v1/conversations/:id', () => {
  it('shows one as the list does', async () => {
    const archive = await archiveOfSix()
    const { items } = await list(archive)
    const each = await Promise.all(items.map(({ id }) => getJson(archive, `/api/v1/conversations/${id}`)))
    expect(each).toEqual(items)
  })

  it('knows none that is not there', async () => {
    const archive = await openArchive()
    const answer = await get(archive, '/api/v1/conversations/7')
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { name: 'Not Found', message: 'there is no conversation 7', code: 0, status: 404 },
    ])
    expect((await get(archive, '/api/v1/conversations/x')).status).toBe(422)
  })

  it.each(['', '/1'])('like the list is for API keys with the scope read: %s', async (below) => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const path = `/api/v1/conversations${below}`
    expect((await get(archive, path, KEYS.read)).status).toBe(200)
    expect((await get(archive, path, KEYS.write)).status).toBe(403)
    expect((await get(archive, path, await memberToken({ memberId: 1 }))).status).toBe(403)
    expect((await archive.request(path)).status).toBe(401)
  })
})
