import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { bearer, deliverMessage, get, getJson, memberToken, post } from '../../support/requests.ts'

const written = { memberId: '1', sellerId: 'a', messageType: 'RC:TxtMsg', cnt: 'hi' }

describe('a member', () => {
  it.each([
    ['RC:RcCmd', '{"messageUId":"A","conversationType":1,"targetId":"shop_a","sentTime":1}'],
    ['RC:MsgExMsg', '{"mid":"A","put":{"like":"1"}}'],
  ])('may not write the signal %s, which the back end may', async (messageType, cnt) => {
    const archive = await openArchive()
    const body = { ...written, messageType, cnt }
    const asMember = await post(
      archive,
      '/chat-records/create',
      body,
      bearer(await memberToken({ memberId: 1 })),
    )
    expect(asMember.status).toBe(422)
    expect(await asMember.json()).toMatchObject({ result: 'error', errors: [{ field: 'messageType' }] })
    expect((await post(archive, '/chat-records/create', body)).status).toBe(200)
  })

  it.each([5, null, ['x']])('with an appKey claim that is no text (%j) is nobody we know', async (appKey) => {
    const archive = await openArchive()
    const token = await memberToken({ memberId: 1, appKey })
    expect((await get(archive, '/chat-records/chat-list?memberId=1', token)).status).toBe(401)
  })
})

describe('plain text', () => {
  it.each(['{smile} hi', '[1]', '42', '"quoted"'])(
    'that is no JSON object is kept as given: %j',
    async (cnt) => {
      const archive = await openArchive()
      expect((await post(archive, '/chat-records/create', { ...written, cnt })).status).toBe(200)
      expect(await getJson(archive, '/chat-records/list?memberId=1&sellerId=a')).toMatchObject({
        items: [{ cnt }],
      })
    },
  )
})

describe('the links of a whole chat-list', () => {
  it('lead to the whole chat-list', async () => {
    const archive = await openArchive()
    for (let i = 0; i < 52; i++) await deliverMessage(archive, { msgUID: `M${i}`, toUserId: `shop_${i}` })
    const answer = await get(archive, '/chat-records/chat-list?memberId=1')
    const [, self = ''] = /<https?:\/\/[^/]+([^>]+)>; rel=self/.exec(answer.headers.get('Link') ?? '') ?? []
    expect(await getJson(archive, self)).toHaveLength(52)
  })
})

describe('the wrong method', () => {
  it.each(['create', 'delete'])('for %s is told of in its own error shape', async (name) => {
    const answer = await get(await openArchive(), `/chat-records/${name}`)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('Allow')).toBe('POST')
    expect(await answer.json()).toMatchObject({ result: 'error' })
  })
})

describe('a time', () => {
  const listed = async (parameters: Record<string, string>) => {
    const archive = await openArchive({ TIME_ZONE: 'Europe/Berlin' })
    // 2024-10-27 01:30 UTC: the second 02:30 of that night in Berlin.
    await deliverMessage(archive, { msgTimestamp: '1729992600000' })
    const query = new URLSearchParams({ memberId: '1', sellerId: 'a', ...parameters })
    return get(archive, `/chat-records/list?${query.toString()}`)
  }

  it.each([
    { startTime: '2024-10-27 02:30', endTime: '2024-10-27 02:30' },
    { startTime: '2024-10-27T01:30:00.000000Z', endTime: '2024-10-27t01:30:00z' },
    { startTime: '2024-10-27T02:30:00+01', endTime: '2024-10-27T02:30:00 01:00' },
    { startTime: '0', endTime: '1729992600' },
  ])('covers the message sent then: %j', async (parameters) => {
    expect(await (await listed(parameters)).json()).toMatchObject({ _meta: { totalCount: 1 } })
  })

  it('of eight digits, which may be a date or seconds, is refused', async () => {
    expect((await listed({ startTime: '20241027' })).status).toBe(422)
  })
})
