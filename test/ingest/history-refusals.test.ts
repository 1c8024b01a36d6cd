import { describe, expect, it } from 'vitest'
import { APP } from '../support/archive.ts'
import { anItem, itemsOf } from '../support/fake-history.ts'
import { aBackFill } from '../support/history-fetching.ts'
import { deliverMessage } from '../support/requests.ts'

const HOUR_MS = 3_600_000

describe('when RongCloud does not answer', () => {
  const wrong: [string, () => Response][] = [
    ['a server error', () => Response.json({ code: 1000 }, { status: 500 })],
    ['a page of HTML with status 200', () => new Response('<html></html>')],
    ['a cut answer', () => new Response('{"code":200,"data":[{"messageUID":"A"')],
    ['an empty body', () => new Response('')],
    ['no list of messages', () => Response.json({ code: 200, data: { total: 0 } })],
  ]
  it.each(wrong)('with %s, the other host is asked', async (_what, answer) => {
    const { api, deps, history, fetchAll } = await aBackFill()
    history.items.push(anItem())
    api.answers.push(answer)
    deps.api = { ...deps.api, hosts: [api.url, api.url] }
    expect(await fetchAll()).toMatchObject({ filled: 1, notFetched: [] })
  })

  it.each(wrong)(
    'at any host but with %s, the conversation is asked for by the next run',
    async (_what, answer) => {
      const { api, history, fetchAll, aside } = await aBackFill()
      history.items.push(anItem())
      api.answers.push(answer)
      expect(await fetchAll()).toMatchObject({
        filled: 0,
        notFetched: [{ conversationId: expect.any(Number) as number }],
      })
      expect(await fetchAll()).toMatchObject({ filled: 1, notFetched: [] })
      expect(await aside()).toEqual([])
    },
  )

  it('the run ends after three conversations in vain', async () => {
    const { archive, api, fetchAll } = await aBackFill()
    for (let i = 0; i < 5; i++) await deliverMessage(archive, { msgUID: `M${i}`, toUserId: `shop_${i}` })
    api.answers.push(...Array.from({ length: 9 }, () => () => Promise.reject(new TypeError('fetch failed'))))
    expect(await fetchAll()).toMatchObject({ requests: 3 })
  })

  it.each([
    ['429', () => Response.json({}, { status: 429 })],
    ['1008', () => Response.json({ code: 1008 })],
  ])('because it is asked too often (%s), it is waited for, and asked again', async (_what, answer) => {
    const { api, history, fetchAll, slept } = await aBackFill()
    history.items.push(anItem())
    api.answers.push(answer, answer)
    expect(await fetchAll()).toMatchObject({ filled: 1, notFetched: [] })
    expect(slept.filter((ms) => ms >= 1000)).toHaveLength(2)
  })

  it('because it is asked too often all the time, the run ends, and the next goes on', async () => {
    const { api, history, fetchAll } = await aBackFill()
    history.items.push(anItem())
    api.answers.push(...Array.from({ length: 4 }, () => () => Response.json({}, { status: 429 })))
    expect(await fetchAll()).toMatchObject({ requests: 1, filled: 0, notFetched: [{ conversationId: null }] })
    expect(await fetchAll()).toMatchObject({ filled: 1 })
  })

  it('there is a pause between any two requests', async () => {
    const { history, fetchAll, slept } = await aBackFill()
    history.items.push(...itemsOf(250))
    const { requests } = await fetchAll()
    expect(slept).toHaveLength(requests - 1)
    expect(Math.min(...slept)).toBeGreaterThan(0)
  })

  it('to one secret of the app, the other is tried', async () => {
    const { history, fetchAll } = await aBackFill(['old-secret', APP.secret])
    history.items.push(anItem())
    expect(await fetchAll()).toMatchObject({ filled: 1, notFetched: [] })
  })

  it('to any secret, the run ends and names the setting', async () => {
    const { history, fetchAll } = await aBackFill(['old-secret'])
    const { notFetched } = await fetchAll()
    expect(notFetched).toMatchObject([{ reason: expect.stringContaining('RONGCLOUD_APPS') as string }])
    expect(history.queries).toEqual([])
  })
})

describe('where the cloud storage of messages is not bought', () => {
  it.each([
    ['1009', () => Response.json({ code: 1009, errorMessage: 'service not enabled' })],
    ['1009 as text with status 403', () => Response.json({ code: '1009' }, { status: 403 })],
    ['its words', () => Response.json({ code: 20047, errorMessage: '未开通该服务' }, { status: 200 })],
  ])('by %s, the run ends with that sentence and the job pauses for a day', async (_what, answer) => {
    const { archive, api, history, fetchAll, clock, logged } = await aBackFill()
    await deliverMessage(archive, { msgUID: 'B', toUserId: 'shop_b' })
    history.items.push(anItem())
    api.answers.push(answer)
    const { notFetched, requests } = await fetchAll()
    expect(notFetched).toMatchObject([
      {
        conversationId: null,
        reason: expect.stringMatching(/cloud storage of messages.*not enabled/) as string,
      },
    ])
    expect({ requests, logged }).toEqual({ requests: 1, logged: ['history not had'] })
    expect(await fetchAll()).toMatchObject({ requests: 0, notFetched: [] })
    clock.nowMs += 25 * HOUR_MS
    expect(await fetchAll()).toMatchObject({ filled: 1 })
  })

  it('of one kind, the others are asked for all the same', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    await deliverMessage(archive, { msgUID: 'G', channelType: 'GROUP', toUserId: 'g1' })
    await deliverMessage(archive, { msgUID: 'R', channelType: 'TEMPGROUP', toUserId: 'r1' })
    history.items.push(anItem(), anItem({ messageUID: 'IN-ROOM', kind: 'chatroom', targetId: 'r1' }))
    history.answer = (found, { kind }) => (kind === 'group' ? Response.json({ code: 1009 }) : found)
    expect(await fetchAll()).toMatchObject({ filled: 2, notFetched: [{ conversationId: null }] })
    expect(await item('IN-ROOM')).toMatchObject({ origin: 'history_query' })
    history.queries.length = 0
    await fetchAll({ insist: true })
    expect(history.queries.map(({ kind }) => kind)).toEqual(['group'])
  })
})
