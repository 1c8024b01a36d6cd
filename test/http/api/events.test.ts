import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { ELEMENTS } from '../../rongcloud/events/examples.ts'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverEvent, eventsIn, type EventItem } from '../../support/events.ts'
import { get, getJson, memberToken, signedQuery } from '../../support/requests.ts'

type Page = { items: EventItem[]; next: string | null }

const page = (archive: ArchiveUnderTest, query: string) => getJson<Page>(archive, `/api/v1/events?${query}`)
const roomsOf = ({ items }: Page) => items.map(({ targetId }) => targetId)
const room = (roomId: string) => ({ roomId, event: 12 })

describe('GET /api/v1/events', () => {
  it('shows all that is known of an event', async () => {
    const archive = await openArchive()
    const body = `${JSON.stringify(ELEMENTS['online-status']).slice(0, -1)}, "large": 12345678901234567890}`
    await deliverEvent(archive, 'online-status', `[${body}]`)
    expect(await page(archive, '')).toEqual({
      items: [
        {
          id: expect.any(Number) as number,
          appKey: APP.appKey,
          kind: 'online-status',
          description: 'offline on iOS',
          body,
          data: JSON.parse(body) as unknown,
          occurredAtMs: 1734595240900,
          receivedAtMs: archive.clock.nowMs,
          userId: 'u1',
          targetId: null,
          msgUID: null,
          problem: null,
          nonceReused: false,
        },
      ],
      next: null,
    })
  })

  it('shows a form and XML as they came, without data', async () => {
    const archive = await openArchive()
    const form = 'userId=u1&operateId=o&type=1&code=0&time=1734595243777'
    const xml = '<xml><ToUserName>s</ToUserName><FromUserName>u2</FromUserName><Event>subscribe</Event></xml>'
    await deliverEvent(archive, 'user-deactivations', form)
    await deliverEvent(archive, 'public-service', xml)
    expect(await eventsIn(archive)).toMatchObject([
      { body: xml, data: null, userId: 'u2' },
      { body: form, data: null, description: 'reactivation' },
    ])
  })

  it.each([
    ['', ['theirs', 'odd', 'audit', 'group', 'status']],
    [`appKey=${OTHER_APP.appKey}`, ['theirs']],
    [`appKey=${APP.appKey}&kind=bots`, ['odd']],
    ['appKey=nobody', []],
    ['kind=group-operations', ['group']],
    ['kind=friends', []],
    ['userId=u1', ['theirs', 'audit', 'group', 'status']],
    [`userId=u1&appKey=${APP.appKey}&kind=audit-results`, ['audit']],
    ['targetId=g1', ['audit', 'group']],
    ['targetId=g1&userId=u9', []],
    ['msgUID=6A1F-Q2PK-8CF0-01C5', ['audit']],
    ['problem=true', ['odd']],
    ['problem=false&limit=2', ['theirs', 'audit']],
    ['userId=u1&startTime=1734595242000', ['theirs', 'audit', 'group']],
    ['userId=u1&endTime=1734595245004', ['theirs', 'group', 'status']],
    ['targetId=g1&startTime=2024-12-20&endTime=2024-12-20', ['audit']],
  ])('narrows to "%s", newest first', async (query, expected) => {
    const archive = await openArchive()
    const NAMES = ['status', 'group', 'audit', 'odd', 'theirs']
    await deliverEvent(archive, 'online-status', ELEMENTS['online-status'])
    await deliverEvent(archive, 'group-operations', ELEMENTS['group-operations'])
    await deliverEvent(archive, 'audit-results', ELEMENTS['audit-results'])
    await deliverEvent(archive, 'bots', { type: 'message:private' })
    const time = 1734595243000
    await deliverEvent(
      archive,
      'user-profiles',
      { ...ELEMENTS['user-profiles'], time },
      {
        query: await signedQuery(OTHER_APP),
      },
    )
    const all = (await eventsIn(archive)).toReversed().map(({ id }) => id)
    const { items } = await page(archive, query)
    expect(items.map(({ id }) => NAMES[all.indexOf(id)])).toEqual(expected)
  })

  it('pages without skipping or repeating while more arrive', async () => {
    const archive = await openArchive()
    await deliverEvent(archive, 'rtc-rooms', ['1', '2', '3', '4', '5'].map(room))
    const first = await page(archive, 'limit=2')
    await deliverEvent(archive, 'rtc-rooms', room('6'))
    const second = await page(archive, `limit=2&cursor=${first.next}`)
    const third = await page(archive, `limit=2&cursor=${second.next}`)
    expect([first, second, third].map(roomsOf)).toEqual([['5', '4'], ['3', '2'], ['1']])
    expect(third.next).toBeNull()
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const expected = new Map([
      ['unknown=1', 'unknown'],
      ['kind=messages', 'kind'],
      ['problem=maybe', 'problem'],
      ['limit=501', 'limit'],
      ['cursor=x', 'cursor'],
      ['userId=u1&startTime=soon', 'startTime'],
      // No index knows when events happened.
      ['startTime=2024-12-19', 'startTime'],
      ['kind=bots&startTime=2024-12-19&endTime=2024-12-20', 'startTime,endTime'],
    ])
    const ask = async (query: string) => {
      const answer = await get(archive, `/api/v1/events?${query}`)
      expect([query, answer.status]).toEqual([query, 422])
      return [query, ((await answer.json()) as { field: string }[]).map(({ field }) => field).join()] as const
    }
    expect(new Map(await Promise.all([...expected.keys()].map(ask)))).toEqual(expected)
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    const statusAs = async (credential: string) => (await get(archive, '/api/v1/events', credential)).status
    expect(await statusAs(KEYS.read)).toBe(200)
    expect(await statusAs(KEYS.metrics)).toBe(403)
    expect(await statusAs(await memberToken({ memberId: 1 }))).toBe(403)
    expect((await archive.request('/api/v1/events')).status).toBe(401)
  })
})
