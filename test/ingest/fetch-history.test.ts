import { describe, expect, it } from 'vitest'
import { NO_COUNTS, recordProvenHour } from '../../src/archive/history-logs.ts'
import { hourly } from '../../src/ingest/jobs.ts'
import { APP } from '../support/archive.ts'
import { anItem, itemsOf, type HistoryQueryBody } from '../support/fake-history.ts'
import { aBackFill, NOW_MS, SENT_MS } from '../support/history-fetching.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const UID = '6A1F-Q2PK-8CF0-01AB'

describe('fetching message history', () => {
  it('fills in what is missing near an hour that no log will prove, and tells of it by its origin', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    history.items.push(anItem({ fromUserId: 'shop_a', targetId: 'u1' }), anItem({ messageUID: UID }))
    expect(await fetchAll()).toMatchObject({
      read: 2,
      filled: 1,
      known: 1,
      conversations: 1,
      isToTheEnd: true,
    })
    expect(await item('HIST-0000-0000-0001')).toMatchObject({
      origin: 'history_query',
      fromUserId: 'shop_a',
      targetId: 'u1',
      content: '{"content":"你好"}',
      sentAtMs: SENT_MS,
      fields: {},
      problem: null,
    })
    const [hour] = (
      await getJson<{ items: Record<string, unknown>[] }>(
        archive,
        `/api/v1/completeness?startTime=${SENT_MS}&endTime=${SENT_MS}&appKey=${APP.appKey}`,
      )
    ).items
    expect(hour).toMatchObject({ received: 1, filled: 0, queried: 1, provenAtMs: null })
  })

  it('asks as the protocol says: signed, JSON, the newer end as startTime, at most 14 days at once', async () => {
    const { history, fetchAll } = await aBackFill()
    await fetchAll({ span: { fromMs: SENT_MS - 30 * DAY_MS, untilMs: SENT_MS + HOUR_MS } })
    const asked = history.queries.toReversed()
    expect(asked.length).toBe(3)
    expect(asked[0]).toMatchObject({ kind: 'private', userId: 'shop_a', targetId: 'u1', pageSize: 100 })
    for (const { startTime, endTime } of asked) {
      expect(startTime - endTime).toBeGreaterThan(0)
      expect(startTime - endTime).toBeLessThanOrEqual(14 * DAY_MS)
    }
    for (const [i, { startTime }] of asked.slice(0, -1).entries())
      expect(asked[i + 1]?.endTime).toBe(startTime - 1)
  })

  it('asks for no hour that is proven, none that a log may still prove, and no conversation that is far from it', async () => {
    const { archive, deps, history, fetchAll } = await aBackFill()
    await deliverMessage(archive, {
      msgUID: 'FAR',
      toUserId: 'shop_b',
      msgTimestamp: String(SENT_MS - 60 * DAY_MS),
    })
    await deliverMessage(archive, {
      msgUID: 'LATE',
      toUserId: 'shop_c',
      msgTimestamp: String(NOW_MS - HOUR_MS),
    })
    const hours = Array.from(
      { length: 14 * 24 + 1 },
      (_, i) => Math.floor(NOW_MS / HOUR_MS) * HOUR_MS - i * HOUR_MS,
    )
    for (const hourStartMs of hours)
      await recordProvenHour(deps.store, { appKey: APP.appKey, hourStartMs, provenAtMs: 1, ...NO_COUNTS })
    expect(await fetchAll()).toMatchObject({ requests: 0, conversations: 0 })
    const notWhole = { ...NO_COUNTS, read: 1, unreadable: 1 }
    const hourStartMs = Math.floor(SENT_MS / HOUR_MS) * HOUR_MS
    await recordProvenHour(deps.store, { appKey: APP.appKey, hourStartMs, provenAtMs: 1, ...notWhole })
    await fetchAll()
    expect(history.queries).toMatchObject([
      { targetId: 'u1', startTime: hourStartMs + HOUR_MS, endTime: hourStartMs - 1 },
    ])
  })

  const kinds: [string, Record<string, string>, Record<string, unknown>, Partial<HistoryQueryBody>][] = [
    ['group', { channelType: 'GROUP', toUserId: 'g1' }, { targetId: 'g1' }, { userId: 'u1', targetId: 'g1' }],
    [
      'ultragroup',
      { channelType: 'ULTRAGROUP', toUserId: 'ug', busChannel: 'c1' },
      { targetId: 'ug', busChannel: 'c1' },
      { userId: 'u1', targetId: 'ug', busChannel: 'c1' },
    ],
    ['chatroom', { channelType: 'TEMPGROUP', toUserId: 'r1' }, { targetId: 'r1' }, { targetId: 'r1' }],
  ]
  it.each(kinds)('asks for a %s as it is to be asked for', async (kind, message, given, query) => {
    const { archive, history, fetchAll, item } = await aBackFill()
    await deliverMessage(archive, { msgUID: 'OTHER', ...message })
    history.items.push(anItem({ kind, ...given, fromUserId: 'u9' }))
    expect(await fetchAll()).toMatchObject({ filled: 1, unreadable: 0, notFetched: [] })
    expect(history.queries.find((each) => each.kind === kind)).toEqual({
      kind,
      pageSize: 100,
      includeStart: false,
      startTime: expect.any(Number) as number,
      endTime: expect.any(Number) as number,
      ...query,
    })
    expect(await item('HIST-0000-0000-0001')).toMatchObject({ fromUserId: 'u9', targetId: message.toUserId })
  })

  it('does not ask for what RongCloud has no such history of', async () => {
    const { archive, history, fetchAll } = await aBackFill()
    for (const channelType of ['NOTIFY', 'CUSTOMERSERVICE', 'PERSONS', 'Q'])
      await deliverMessage(archive, { msgUID: channelType, channelType })
    await fetchAll()
    expect(new Set(history.queries.map(({ kind }) => kind))).toEqual(new Set(['private']))
  })

  it('asks as another who has written in the group when RongCloud refuses one, and once only', async () => {
    const { archive, history, fetchAll } = await aBackFill()
    const inGroup = { channelType: 'GROUP', toUserId: 'g1' }
    for (const [i, fromUserId] of ['u1', 'u2', 'u3'].entries())
      await deliverMessage(archive, {
        ...inGroup,
        msgUID: `G${i}`,
        fromUserId,
        msgTimestamp: String(SENT_MS + i),
      })
    history.members.set('g1', ['u1'])
    history.items.push(anItem({ kind: 'group', targetId: 'g1' }))
    expect(await fetchAll()).toMatchObject({ filled: 1, notFetched: [] })
    const askedAs = history.queries.filter(({ kind }) => kind === 'group').map(({ userId }) => userId)
    expect([...new Set(askedAs)]).toEqual(['u3', 'u2', 'u1'])
    history.members.set('g1', [])
    history.queries.length = 0
    const again = await fetchAll({ span: { fromMs: NOW_MS - 50 * DAY_MS, untilMs: NOW_MS } })
    expect(again.notFetched).toMatchObject([{ reason: expect.stringContaining('1002') as string }])
    history.queries.length = 0
    expect((await fetchAll({ span: { fromMs: NOW_MS - 50 * DAY_MS, untilMs: NOW_MS } })).requests).toBe(0)
  })
})

describe('a run that does not come to its end', () => {
  it('is gone on with where it ended, page by page, and asks for nothing again', async () => {
    const { deps, history, fetchAll, items } = await aBackFill()
    history.items.push(...itemsOf(350))
    deps.requestsPerRun = 2
    expect(await fetchAll()).toMatchObject({ requests: 2, isToTheEnd: false })
    const oldest = Math.min(...history.queries.map(({ startTime }) => startTime))
    history.queries.length = 0
    await fetchAll()
    for (const { startTime } of history.queries) expect(startTime).toBeLessThan(oldest)
    for (let run = 0; run < 5; run++) await fetchAll()
    expect(await items('origin=history_query')).toHaveLength(350)
    history.queries.length = 0
    expect(await fetchAll()).toMatchObject({ requests: 0, isToTheEnd: true })
  })

  it('is stopped by its signal between two pages', async () => {
    const { history, fetchAll, items } = await aBackFill()
    history.items.push(...itemsOf(350))
    const stopping = new AbortController()
    history.answer = (found) => {
      stopping.abort()
      return found
    }
    expect(await fetchAll({ signal: stopping.signal })).toMatchObject({
      requests: 1,
      filled: 100,
      isToTheEnd: false,
      notFetched: [],
    })
    history.answer = null
    await fetchAll()
    expect(await items('origin=history_query')).toHaveLength(350)
  })

  it('leaves hours that become too old to the next one, and does not ask for the others again', async () => {
    const { history, fetchAll, clock } = await aBackFill()
    await fetchAll()
    history.queries.length = 0
    clock.nowMs += 2 * HOUR_MS
    await fetchAll()
    expect(history.queries).toHaveLength(1)
    expect(history.queries[0]!.startTime - history.queries[0]!.endTime).toBe(2 * HOUR_MS + 1)
  })
})

it('the hourly job asks for history after the logs, where it is to', async () => {
  const { deps, history, items } = await aBackFill()
  history.items.push(anItem())
  const jobs = { log: deps.log, store: deps.store, logs: null }
  await hourly({ ...jobs, history: null })
  expect(history.queries).toEqual([])
  await hourly({ ...jobs, history: deps })
  expect(await items('origin=history_query')).toHaveLength(1)
})
