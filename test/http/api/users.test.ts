import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverEvent } from '../../support/events.ts'
import { deliverMessage, get, getJson, memberToken, signedQuery } from '../../support/requests.ts'

const user = (archive: ArchiveUnderTest, id: string, query = '') =>
  getJson(archive, `/api/v1/users/${encodeURIComponent(id)}?${query}`)

const STATUS = { online: '0', offline: '1', logout: '2' }

/** An element of online status of u1, and the session that it tells of. */
function told(sessionId: string, status: keyof typeof STATUS, atMs: number, os = 'iOS') {
  const element = { userid: 'u1', status: STATUS[status], os, time: atMs, clientIp: '192.0.2.1:1', sessionId }
  return { element, session: { sessionId, status, os, clientIp: '192.0.2.1:1', atMs } }
}

describe('GET /api/v1/users/:id', () => {
  it('tells where a user is online', async () => {
    const archive = await openArchive()
    const phone = told('phone', 'offline', 1734595240900)
    const desk = told('desk', 'online', 1734595240000, 'PC')
    await deliverEvent(archive, 'online-status', [phone.element, desk.element])
    expect(await user(archive, 'u1')).toEqual({
      appKey: APP.appKey,
      userId: 'u1',
      name: null,
      portrait: null,
      role: 'member',
      memberId: 1,
      sellerId: null,
      online: true,
      sessions: [phone.session, desk.session],
    })
    await deliverEvent(archive, 'online-status', told('desk', 'logout', 1734595250000).element)
    expect(await user(archive, 'u1')).toMatchObject({ online: false, sessions: [{}, {}] })
  })

  it('keeps the last of each session, in whatever order they are told', async () => {
    const archive = await openArchive()
    const t = 1734595240000
    const events = [
      told('a', 'online', t),
      told('a', 'offline', t + 2),
      told('a', 'online', t + 1),
      told('b', 'online', t),
      told('b', 'logout', t),
      told('b', 'offline', t),
      told('', 'online', t + 5, 'Android'),
      told('', 'online', t + 5, 'iOS'),
    ]
    let userId = 0
    const sessionsAfter = async (order: readonly (typeof events)[number][], atOnce: boolean) => {
      const elements = order.map(({ element }) => ({ ...element, userid: `shop_${userId}` }))
      const bodies: unknown[] = atOnce ? [elements] : elements
      await Array.fromAsync(bodies, (body) => deliverEvent(archive, 'online-status', body))
      return (await user(archive, `shop_${userId++}`)).sessions
    }
    const expected = [events[7]?.session, events[1]?.session, events[4]?.session]
    expect(await sessionsAfter(events, true)).toEqual(expected)
    const orders = fc.shuffledSubarray(events, { minLength: events.length })
    await fc.assert(
      fc.asyncProperty(orders, fc.boolean(), async (order, atOnce) => {
        expect(await sessionsAfter(order, atOnce)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('tells the name and portrait that their own messages carried, and who they are', async () => {
    const archive = await openArchive()
    const profile = { id: 'shop_a', name: '小店', portrait: 'https://img.example.com/a.png' }
    const content = JSON.stringify({ content: 'hi', user: profile })
    await deliverMessage(archive, { fromUserId: 'shop_a', toUserId: 'u1', content })
    expect(await user(archive, 'shop_a')).toMatchObject({
      name: '小店',
      portrait: profile.portrait,
      role: 'seller',
      memberId: null,
      sellerId: 'a',
      online: false,
      sessions: [],
    })
    expect(await user(archive, 'u1')).toMatchObject({ name: null, role: 'member', memberId: 1 })
  })

  it('knows whoever wrote in a group, or is in an event', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { fromUserId: 'a/b c', toUserId: 'g', channelType: 'GROUP' })
    await deliverEvent(archive, 'friends', { eventType: 1, userId: 'f', toUserId: 'g', time: 1734595240000 })
    expect(await user(archive, 'a/b c')).toMatchObject({ userId: 'a/b c', role: null, memberId: null })
    expect(await user(archive, 'f')).toMatchObject({ userId: 'f' })
    for (const id of ['g', 'nobody']) expect((await get(archive, `/api/v1/users/${id}`)).status).toBe(404)
  })

  it('speaks of one app, the first unless named', async () => {
    const archive = await openArchive()
    const query = await signedQuery(OTHER_APP)
    await deliverEvent(archive, 'online-status', told('s', 'online', 1734595240000).element, { query })
    await deliverMessage(archive, { fromUserId: 'u7', toUserId: 'u8' }, OTHER_APP)
    await deliverEvent(
      archive,
      'rtc-rooms',
      { roomId: 'r', userId: 'u9' },
      { query: await signedQuery(OTHER_APP) },
    )
    for (const id of ['u1', 'u7', 'u9']) {
      expect((await get(archive, `/api/v1/users/${id}`)).status).toBe(404)
      expect(await user(archive, id, `appKey=${OTHER_APP.appKey}`)).toMatchObject({
        appKey: OTHER_APP.appKey,
      })
    }
  })

  it('shows a hundred sessions and counts them all', async () => {
    const archive = await openArchive()
    const elements = Array.from(
      { length: 300 },
      (_, i) => told(`s${i}`, i === 0 ? 'online' : 'offline', 1734595240000 + i).element,
    )
    await deliverEvent(archive, 'online-status', elements)
    const { online, sessions } = await user(archive, 'u1')
    expect(online).toBe(true)
    expect(sessions).toHaveLength(100)
    expect(sessions).toMatchObject([{ sessionId: 's299' }, ...Array.from({ length: 99 }, () => ({}))])
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const statusAs = async (credential: string) => (await get(archive, '/api/v1/users/u1', credential)).status
    expect(await statusAs(KEYS.read)).toBe(200)
    expect(await statusAs(KEYS.metrics)).toBe(403)
    expect(await statusAs(await memberToken({ memberId: 1 }))).toBe(403)
    expect((await archive.request('/api/v1/users/u1')).status).toBe(401)
    expect((await get(archive, '/api/v1/users/u1?unknown=1')).status).toBe(422)
  })
})
