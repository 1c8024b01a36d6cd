/* oxlint-disable max-lines -- one collection, with all its filters and its pages */
import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, getJson, memberToken, post } from '../../support/requests.ts'

type Item = { id: number; msgUID: string; sentAtMs: number; conversationId: number } & Record<string, unknown>
type Page = { items: Item[]; next: string | null }

const FIRST_MS = 1_734_595_200_123

const list = (archive: ArchiveUnderTest, query = '') => getJson<Page>(archive, `/api/v1/messages?${query}`)

async function uidsOf(archive: ArchiveUnderTest, query = ''): Promise<string[]> {
  return (await list(archive, query)).items.map(({ msgUID }) => msgUID)
}

async function refusalOf(archive: ArchiveUnderTest, path: string): Promise<unknown> {
  const answer = await get(archive, path)
  return [answer.status, await answer.json()]
}

/** Six messages, a second apart, in the order of their names. */
async function archiveOfSix(): Promise<ArchiveUnderTest> {
  const archive = await openArchive()
  const six = [
    { msgUID: 'A-to-b', fromUserId: 'ann', toUserId: 'bob' },
    { msgUID: 'B-to-a', fromUserId: 'bob', toUserId: 'ann', objectName: 'RC:ImgMsg' },
    { msgUID: 'C-to-team', fromUserId: 'bob', toUserId: 'team', channelType: 'GROUP' },
    // A group that has the id of a user.
    { msgUID: 'D-to-group-ann', fromUserId: 'cat', toUserId: 'ann', channelType: 'GROUP' },
    { msgUID: 'E-notice', fromUserId: 'cat', toUserId: 'ann', channelType: 'NOTIFY', objectName: 'app:Note' },
    { msgUID: 'F-odd', fromUserId: 'dan', toUserId: 'dan', content: '' },
  ]
  await Promise.all(
    six.map((fields, i) => deliverMessage(archive, { ...fields, msgTimestamp: String(FIRST_MS + i * 1000) })),
  )
  return archive
}

async function filterOf(archive: ArchiveUnderTest, by: string, run: number): Promise<string> {
  if (by !== 'conversation') return `userId=${by === 'sender' ? 'from' : 'to'}-${run}`
  const { items } = await list(archive, `userId=from-${run}&limit=1`)
  return items[0] ? `conversationId=${items[0].conversationId}` : `userId=from-${run}`
}

/** All pages to the last one, with something happening after each. */
async function pagesOf(
  archive: ArchiveUnderTest,
  query: string,
  between: (page: number) => Promise<void>,
  before: readonly Page[] = [],
): Promise<readonly Page[]> {
  const cursor = before.at(-1)?.next
  const pages = [...before, await list(archive, cursor ? `${query}&cursor=${cursor}` : query)]
  if (pages.at(-1)?.next === null) return pages
  await between(before.length)
  return pagesOf(archive, query, between, pages)
}

/** Names of the parameters that a refusal is about. */
async function fieldsRefused(archive: ArchiveUnderTest, path: string): Promise<string> {
  const answer = await get(archive, path)
  expect([path, answer.status]).toEqual([path, 422])
  return ((await answer.json()) as { field: string }[]).map(({ field }) => field).join()
}

describe('GET /api/v1/messages', () => {
  it('shows everything about a message', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { groupUserIds: '[u2]', novelty: 'n' })
    const { items, next } = await list(archive)
    expect(next).toBeNull()
    expect(items).toEqual([
      {
        id: expect.any(Number) as number,
        appKey: APP.appKey,
        msgUID: '6A1F-Q2PK-8CF0-01AB',
        conversationId: expect.any(Number) as number,
        channelType: 'PERSON',
        fromUserId: 'u1',
        targetId: 'shop_a',
        busChannel: '',
        objectName: 'RC:TxtMsg',
        content: '{"content":"你好"}',
        text: '你好',
        sentAtMs: FIRST_MS,
        receivedAtMs: archive.clock.nowMs,
        origin: 'callback',
        source: 'iOS',
        sensitiveType: 0,
        fields: { groupUserIds: ['u2'], novelty: 'n' },
        problem: null,
        logFlags: null,
        nonceReused: false,
        state: {
          recalled: null,
          deletedBy: [],
          versions: [],
          edits: 0,
          expansion: null,
          stream: null,
          receiptRequested: false,
          verdict: null,
        },
      },
    ])
  })

  it('shows what a callback left out as null or empty', async () => {
    const archive = await openArchive()
    const left = { source: '', sensitiveType: '', objectName: 'app:Own', content: '' }
    await deliverMessage(archive, left)
    expect((await list(archive)).items).toMatchObject([
      { source: null, sensitiveType: null, fields: {}, text: null, problem: null },
    ])
  })

  it('lists the newest first, whatever the order of arrival', async () => {
    expect(await uidsOf(await archiveOfSix())).toEqual([
      'F-odd',
      'E-notice',
      'D-to-group-ann',
      'C-to-team',
      'B-to-a',
      'A-to-b',
    ])
  })

  it('narrows by each parameter and by several', async () => {
    const archive = await archiveOfSix()
    const expected = new Map<string, unknown>([
      ['channelType=PERSON', ['F-odd', 'B-to-a', 'A-to-b']],
      ['channelType=GROUP', ['D-to-group-ann', 'C-to-team']],
      ['channelType=UNHEARD', []],
      ['objectName=RC:TxtMsg', ['F-odd', 'D-to-group-ann', 'C-to-team', 'A-to-b']],
      ['objectName=RC:ImgMsg', ['B-to-a']],
      ['origin=rest', []],
      ['origin=callback&limit=1', ['F-odd']],
      ['problem=true', ['F-odd', 'B-to-a']],
      ['problem=false', ['E-notice', 'D-to-group-ann', 'C-to-team', 'A-to-b']],
      ['msgUID=A-to-b', ['A-to-b']],
      ['msgUID=A-to-b,%20C-to-team,none', ['C-to-team', 'A-to-b']],
      [`appKey=${APP.appKey}&msgUID=A-to-b`, ['A-to-b']],
      [`appKey=${OTHER_APP.appKey}`, []],
      [`startTime=${FIRST_MS + 4000}`, ['F-odd', 'E-notice']],
      [`endTime=${FIRST_MS + 1000}`, ['B-to-a', 'A-to-b']],
      [`startTime=${FIRST_MS + 1000}&endTime=${FIRST_MS + 2000}`, ['C-to-team', 'B-to-a']],
      ['startTime=2024-12-19 16:00:05', ['F-odd']],
      ['endTime=2024-12-19T08:00:00Z', ['A-to-b']],
      ['startTime=2024-12-20', []],
      ['endTime=2024-12-19&limit=1', ['F-odd']],
      ['userId=bob&channelType=PERSON', ['B-to-a', 'A-to-b']],
      ['userId=bob&objectName=RC:TxtMsg', ['C-to-team', 'A-to-b']],
      ['userId=ann&problem=true', ['B-to-a']],
      [`userId=ann&endTime=${FIRST_MS}`, ['A-to-b']],
      ['userId=ann&msgUID=B-to-a,C-to-team', ['B-to-a']],
      ['channelType=&objectName=&userId=&msgUID=A-to-b&startTime=', ['A-to-b']],
    ])
    const ask = async (query: string) => [query, await uidsOf(archive, query)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })

  it.each([
    ['sent by them, or to them alone', 'ann', ['E-notice', 'B-to-a', 'A-to-b']],
    ['sent by them to a group', 'bob', ['C-to-team', 'B-to-a', 'A-to-b']],
    ['sent by them to themselves, once', 'dan', ['F-odd']],
    ['not those to a group, who is no user', 'team', []],
  ])('takes for messages of a user those %s', async (_what, userId, uids) => {
    const archive = await archiveOfSix()
    expect(await uidsOf(archive, `userId=${userId}`)).toEqual(uids)
    expect(await uidsOf(archive, `userId=${userId}&limit=1`)).toEqual(uids.slice(0, 1))
  })

  it('narrows to one conversation, whoever of the two wrote', async () => {
    const archive = await archiveOfSix()
    const { items } = await list(archive, 'msgUID=A-to-b')
    expect(await uidsOf(archive, `conversationId=${items[0]?.conversationId}`)).toEqual(['B-to-a', 'A-to-b'])
  })

  it('narrows to what came over REST', async () => {
    const archive = await archiveOfSix()
    await post(archive, '/chat-records/create', {
      memberId: '1',
      sellerId: 'a',
      messageType: 'RC:TxtMsg',
      cnt: 'hi',
    })
    expect((await list(archive, 'origin=rest')).items).toMatchObject([{ content: 'hi', fromUserId: 'u1' }])
  })

  it('finds a hundred msgUIDs at once, and no more', async () => {
    const archive = await openArchive()
    const uids = Array.from({ length: 101 }, (_, i) => `U-${i}`)
    await Promise.all(uids.map((msgUID) => deliverMessage(archive, { msgUID })))
    const found = await uidsOf(archive, `limit=500&msgUID=${uids.slice(0, 100).join(',')}`)
    expect(new Set(found)).toEqual(new Set(uids.slice(0, 100)))
    expect(await refusalOf(archive, `/api/v1/messages?msgUID=${uids.join(',')}`)).toMatchObject([
      422,
      [{ field: 'msgUID' }],
    ])
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const expected = new Map<string, unknown>([
      ['unknown=1', 'unknown'],
      ['userid=bob', 'userid'],
      ['page=2', 'page'],
      ['limit=0', 'limit'],
      ['limit=501', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=ten', 'limit'],
      ['conversationId=x', 'conversationId'],
      ['origin=mail', 'origin'],
      ['problem=yes', 'problem'],
      ['startTime=yesterday', 'startTime'],
      ['endTime=2024-02-30', 'endTime'],
    ])
    const ask = async (query: string) =>
      [query, await fieldsRefused(archive, `/api/v1/messages?${query}`)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })

  it('names every parameter that is wrong', async () => {
    const [, errors] = (await refusalOf(await openArchive(), '/api/v1/messages?limit=x&origin=x&what=x')) as [
      number,
      { field: string }[],
    ]
    expect(new Set(errors.map(({ field }) => field))).toEqual(new Set(['limit', 'origin', 'what']))
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    const statusAs = async (headers: Record<string, string>) =>
      (await archive.request('/api/v1/messages', { headers })).status
    expect(await statusAs(bearer(KEYS.read))).toBe(200)
    expect(await statusAs(bearer(KEYS.write))).toBe(403)
    expect(await statusAs(bearer(await memberToken({ memberId: 1 })))).toBe(403)
    expect(await statusAs(bearer('nobody'))).toBe(401)
    expect(await statusAs({})).toBe(401)
  })
})

describe('pages of messages', () => {
  it('neither skip nor repeat, among ties of time and while messages arrive', async () => {
    const archive = await openArchive()
    // A few milliseconds, so that most messages share theirs.
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 })
    const filters = fc.constantFrom('conversation', 'sender', 'receiver')
    const arrivals = fc.array(times, { maxLength: 4 })
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        times,
        arrivals,
        filters,
        fc.integer({ min: 1, max: 4 }),
        async (first, later, by, limit) => {
          const run = ++runs
          let sent = 0
          const arrive = (moments: readonly number[]) =>
            Array.fromAsync(moments, async (moment) => {
              // Uids in no order that has to do with arrival.
              const msgUID = `${(++sent * 7) % 32}-${run}`
              const fields = { msgUID, fromUserId: `from-${run}`, toUserId: `to-${run}` }
              await deliverMessage(archive, { ...fields, msgTimestamp: String(FIRST_MS + moment) })
              return msgUID
            })
          const there = await arrive(first)
          const filter = await filterOf(archive, by, run)
          const pages = await pagesOf(
            archive,
            `${filter}&limit=${limit}`,
            async (i) => void (await arrive(later[i] ?? [])),
          )

          const seen = pages.flatMap(({ items }) => items)
          const uids = seen.map(({ msgUID }) => msgUID)
          expect(new Set(uids).size).toBe(uids.length)
          expect(uids).toEqual(expect.arrayContaining(there))
          expect(seen.every(({ sentAtMs }, i) => i === 0 || sentAtMs <= (seen[i - 1]?.sentAtMs ?? 0))).toBe(
            true,
          )
          expect(pages.slice(0, -1).every(({ items }) => items.length === limit)).toBe(true)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('meet every conversation of a user, when more than a page of them ended in the same millisecond', async () => {
    const archive = await openArchive()
    const uids = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']
    await Array.fromAsync(uids, (msgUID) =>
      deliverMessage(archive, { msgUID, fromUserId: 'shop_x', toUserId: `u${msgUID}` }),
    )
    const pages = await pagesOf(archive, 'userId=shop_x&limit=2', () => Promise.resolve())
    expect(pages.flatMap(({ items }) => items.map(({ msgUID }) => msgUID))).toEqual(uids.toReversed())
  })

  it('order two apps that share a msgUID and a time', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await deliverMessage(archive, {}, OTHER_APP)
    const pages = await pagesOf(archive, 'limit=1', () => Promise.resolve())
    expect(pages.map(({ items }) => items[0]?.appKey)).toEqual([APP.appKey, OTHER_APP.appKey])
  })

  it('end with null, also when the last one is full', async () => {
    const archive = await archiveOfSix()
    expect((await list(archive, 'limit=6')).next).toBeNull()
    expect((await list(archive, 'limit=5')).next).toEqual(expect.any(String))
  })

  it.each(['x', '!!!', 'null', btoa('null'), btoa('[]'), btoa('{}'), btoa('[1,"a"]'), btoa('["1","a","b"]')])(
    'do not continue from the malformed cursor %s',
    async (cursor) => {
      const path = `/api/v1/messages?cursor=${encodeURIComponent(cursor)}`
      expect(await refusalOf(await openArchive(), path)).toMatchObject([422, [{ field: 'cursor' }]])
    },
  )

  it.each(['/api/v1/conversations', '/api/v1/deliveries', '/api/v1/sellers'])(
    'do not continue from a cursor of %s, nor those from theirs',
    async (path) => {
      const archive = await archiveOfSix()
      await deliverMessage(archive, { msgUID: 'A-to-b', content: 'conflict 1' })
      await deliverMessage(archive, { msgUID: 'A-to-b', content: 'conflict 2' })
      await post(archive, '/api/v1/sellers', '[{"seller_id":"a"},{"seller_id":"b"}]', bearer(KEYS.all), 'PUT')
      const foreign = await getJson<Page>(archive, `${path}?limit=1`)
      const own = await list(archive, 'limit=1')
      const wrong = [422, [{ field: 'cursor' }]]
      expect(await refusalOf(archive, `/api/v1/messages?cursor=${foreign.next}`)).toMatchObject(wrong)
      expect(await refusalOf(archive, `${path}?cursor=${own.next}`)).toMatchObject(wrong)
    },
  )
})

describe('GET /api/v1/messages/:id', () => {
  it('shows one message as the list does, and what happened to it', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const { items } = await list(archive)
    const id = items[0]?.id
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toEqual({
      ...items[0],
      readBy: [],
      changes: [],
      otherTexts: [],
    })
    archive.clock.nowMs += 1000
    const atMs = archive.clock.nowMs
    await post(archive, '/chat-records/delete', { memberId: '1', id: String(id) })
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toEqual({
      ...items[0],
      state: { ...(items[0]?.state as object), deletedBy: ['u1'] },
      readBy: [],
      changes: [
        {
          id: 1,
          kind: 'delete',
          upToMs: null,
          byUserId: 'u1',
          atMs,
          data: null,
          receivedAtMs: atMs,
          origin: 'rest',
        },
      ],
      otherTexts: [],
    })
    expect(await uidsOf(archive)).toHaveLength(1)
  })

  it.each(['', '/context'])('%s knows no message that is not there', async (below) => {
    const archive = await openArchive()
    expect(await refusalOf(archive, `/api/v1/messages/7${below}`)).toEqual([
      404,
      { name: 'Not Found', message: 'there is no message 7', code: 0, status: 404 },
    ])
    expect(await refusalOf(archive, `/api/v1/messages/x${below}`)).toMatchObject([422, [{ field: 'id' }]])
  })

  it.each(['', '/context'])('%s is for API keys with the scope read', async (below) => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const path = `/api/v1/messages/${(await list(archive)).items[0]?.id}${below}`
    expect((await get(archive, path, KEYS.read)).status).toBe(200)
    expect((await get(archive, path, KEYS.delete)).status).toBe(403)
    expect((await get(archive, path, await memberToken({ memberId: 1 }))).status).toBe(403)
    expect((await archive.request(path)).status).toBe(401)
  })
})

/** Five of one ultra group channel, three of them at the same millisecond, among those of its neighbours. */
async function archiveOfChannels(): Promise<ArchiveUnderTest> {
  const archive = await openArchive()
  const channels = [
    ['', { channelType: 'ULTRAGROUP', busChannel: 'one' }],
    ['-two', { channelType: 'ULTRAGROUP', busChannel: 'two' }],
    ['-group', { channelType: 'GROUP' }],
    ['-person', { channelType: 'PERSON' }],
  ] as const
  const sent = Object.entries({ A: 0, B: 1, D: 1, C: 1, E: 2 }).flatMap(([uid, ms]) =>
    channels.map(([suffix, channel]) => {
      const fields = { msgUID: uid + suffix, toUserId: 'g', msgTimestamp: String(FIRST_MS + ms) }
      return deliverMessage(archive, { ...fields, ...channel })
    }),
  )
  await Promise.all(sent)
  return archive
}

describe('GET /api/v1/messages/:id/context', () => {
  it.each([
    ['C', '', [['A', 'B'], 'C', ['D', 'E']]],
    ['C', 'before=1&after=1', [['B'], 'C', ['D']]],
    ['C', 'before=0&after=0', [[], 'C', []]],
    ['D', 'before=2&after=0', [['B', 'C'], 'D', []]],
    ['B', 'before=200&after=200', [['A'], 'B', ['C', 'D', 'E']]],
    ['A', '', [[], 'A', ['B', 'C', 'D', 'E']]],
    ['E', 'after=5&before=1', [['D'], 'E', []]],
    ['C-group', 'before=1&after=1', [['B-group'], 'C-group', ['D-group']]],
    ['E-person', '', [['A-person', 'B-person', 'C-person', 'D-person'], 'E-person', []]],
  ])('of %s with "%s" stays in its conversation, oldest first', async (msgUID, query, expected) => {
    const archive = await archiveOfChannels()
    const [message] = (await list(archive, `msgUID=${msgUID}`)).items
    const context = await getJson<{ before: Item[]; message: Item; after: Item[] }>(
      archive,
      `/api/v1/messages/${message?.id}/context?${query}`,
    )
    const uids = (items: Item[]) => items.map((item) => item.msgUID)
    expect([uids(context.before), context.message.msgUID, uids(context.after)]).toEqual(expected)
    expect(context.message).toEqual(message)
  })

  it.each([
    ['before=201', 'before'],
    ['after=-1', 'after'],
    ['after=x', 'after'],
    ['limit=5', 'limit'],
  ])('refuses %s by name', async (query, field) => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const { items } = await list(archive)
    const path = `/api/v1/messages/${items[0]?.id}/context?${query}`
    expect(await refusalOf(archive, path)).toMatchObject([422, [{ field }]])
  })
})
