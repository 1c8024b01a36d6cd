import { describe, expect, it } from 'vitest'
import { recordProvenHour, NO_COUNTS } from '../../src/archive/history-logs.ts'
import { hourly } from '../../src/ingest/jobs.ts'
import { APP } from '../support/archive.ts'
import { anItem, type HistoryItem, type HistoryQueryBody } from '../support/fake-history.ts'
import { aBackFill, ADMIN, NOW_MS, SENT_MS } from '../support/history-fetching.ts'
import { bearer, deliverMessage, getJson } from '../support/requests.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const UID = '6A1F-Q2PK-8CF0-01AB'

/** Of the conversation of u1 and shop_a, one a minute from the first on. */
const itemsOf = (count: number, given: Partial<HistoryItem> = {}): HistoryItem[] =>
  Array.from({ length: count }, (_, i) =>
    anItem({ messageUID: `H-${i}`, msgTime: SENT_MS - i * 60_000, content: `{"content":"${i}"}`, ...given }),
  )

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
    const again = await fetchAll({ span: { fromMs: NOW_MS - 20 * DAY_MS, untilMs: NOW_MS } })
    expect(again.notFetched).toMatchObject([{ reason: expect.stringContaining('1002') as string }])
    history.queries.length = 0
    expect((await fetchAll({ span: { fromMs: NOW_MS - 20 * DAY_MS, untilMs: NOW_MS } })).requests).toBe(0)
  })
})

describe('pages of message history', () => {
  it('are asked for until nothing comes that was not given before', async () => {
    const { history, fetchAll, items } = await aBackFill()
    history.items.push(...itemsOf(250))
    expect(await fetchAll()).toMatchObject({ filled: 250, different: 0 })
    expect(await items()).toHaveLength(251)
    expect(history.queries.length).toBeLessThanOrEqual(5)
  })

  it('leave out nothing of a millisecond that one of them ends in', async () => {
    const { history, fetchAll, items } = await aBackFill()
    history.items.push(
      ...itemsOf(250, { msgTime: SENT_MS }).map((item, i) => ({
        ...item,
        msgTime: SENT_MS - Math.floor(i / 60),
      })),
    )
    await fetchAll()
    expect(await items('origin=history_query')).toHaveLength(250)
  })

  it('go on where a page is short because RongCloud left something out of it', async () => {
    const { history, fetchAll, items } = await aBackFill()
    history.items.push(...itemsOf(120))
    // What was recalled is left out after the page was cut.
    history.answer = (found) =>
      found.filter((item) => !/H-\d*7$/.test((item as HistoryItem).messageUID as string))
    await fetchAll()
    expect(await items('origin=history_query')).toHaveLength(108)
  })

  type Misbehaviour = (found: unknown[], query: HistoryQueryBody, all: unknown[]) => unknown[]
  const ways: [string, Misbehaviour][] = [
    [
      'are in no order',
      (found) => found.toReversed().toSorted((one) => ((one as HistoryItem).msgTime % 7) - 3),
    ],
    ['say everything twice', (found) => [...found, ...found]],
    [
      'hold more than was asked for',
      (_found, { startTime }, all) => all.filter((one) => (one as HistoryItem).msgTime < startTime),
    ],
    [
      'always have the message at their start',
      (_found, { startTime }, all) =>
        all.filter((one) => (one as HistoryItem).msgTime <= startTime).slice(0, 100),
    ],
    [
      'write numbers as texts',
      (found) =>
        found.map((one) => ({ ...(one as HistoryItem), msgTime: String((one as HistoryItem).msgTime) })),
    ],
    [
      'name the other as target of either',
      (found) => found.map((one) => ({ ...(one as HistoryItem), targetId: 'shop_a' })),
    ],
  ]
  it.each(ways)('bring everything once where they %s', async (_what, misbehave) => {
    const { history, fetchAll, items, aside } = await aBackFill()
    const all = itemsOf(250).map((item, i) =>
      i % 2 === 0 ? item : { ...item, fromUserId: 'shop_a', targetId: 'u1' },
    )
    history.items.push(...all)
    history.answer = (found, query) => misbehave(found, query, all)
    const report = await fetchAll()
    expect(report).toMatchObject({ filled: 250, different: 0, unreadable: 0, edited: 0, notFetched: [] })
    expect(report.requests).toBeLessThan(10)
    const filled = await items('origin=history_query')
    expect(filled.map(({ content }) => content).toSorted()).toEqual(
      all.map(({ content }) => content).toSorted(),
    )
    expect(
      filled.filter(({ fromUserId }) => fromUserId === 'shop_a').every(({ targetId }) => targetId === 'u1'),
    ).toBe(true)
    expect(await aside()).toEqual([])
  })

  it.each([100, 3])('end where the same %s messages come whatever is asked for', async (count) => {
    const { history, fetchAll, items } = await aBackFill()
    history.answer = () => itemsOf(count, {})
    expect(await fetchAll()).toMatchObject({ isToTheEnd: true, notFetched: [] })
    expect(history.queries.length).toBeLessThan(6)
    expect(await items('origin=history_query')).toHaveLength(count)
  })

  it('end, and lose nothing before it, where one millisecond has more than a page holds', async () => {
    const { history, fetchAll, item } = await aBackFill()
    history.items.push(
      ...itemsOf(150, { msgTime: SENT_MS }),
      anItem({ messageUID: 'OLDER', msgTime: SENT_MS - 5 }),
    )
    expect(await fetchAll()).toMatchObject({ isToTheEnd: true })
    expect(await item('OLDER')).toMatchObject({ origin: 'history_query' })
  })

  it('are asked for smaller where one is too long to be held', async () => {
    const { history, fetchAll, items } = await aBackFill()
    const content = JSON.stringify({ content: 'x'.repeat(120_000) })
    history.items.push(...itemsOf(80, { content }))
    expect(await fetchAll()).toMatchObject({ filled: 80, notFetched: [] })
    expect(await items('origin=history_query')).toHaveLength(80)
    expect(history.queries.map(({ pageSize }) => pageSize).slice(0, 2)).toEqual([100, 10])
  })

  it('may be empty, null or missing where there is nothing', async () => {
    for (const data of [[], null, undefined]) {
      const { history, fetchAll, aside } = await aBackFill()
      history.answer = () => Response.json({ code: 200, data })
      expect(await fetchAll()).toMatchObject({ read: 0, requests: 1, notFetched: [], isToTheEnd: true })
      expect(await aside()).toEqual([])
    }
  })
})

describe('an item of message history', () => {
  it.each([
    [{ content: { content: 'x', id: 1 } }, { content: '{"content":"x","id":1}' }],
    [{ objectName: 'app:card', content: 'any text' }, { content: 'any text' }],
    [{ msgTime: '1734595200123' }, { sentAtMs: SENT_MS }],
    [
      { msgTime: 'yesterday' },
      { sentAtMs: NOW_MS, problem: 'msgTime is no time: yesterday', fields: { msgTime: 'yesterday' } },
    ],
    [{ conversationType: 1, extra: { a: [1] } }, { fields: { conversationType: 1, extra: { a: [1] } } }],
    [{ source: 'iOS' }, { source: 'iOS', fields: {} }],
    [{ objectName: 'RC:TxtMsg', content: '{}' }, { problem: expect.stringContaining('content') as string }],
  ])('with %j is archived with %j', async (given, expected) => {
    const { history, fetchAll, item } = await aBackFill()
    history.answer = () => [anItem(given as Record<string, unknown>)]
    await fetchAll()
    expect(await item('HIST-0000-0000-0001')).toMatchObject(expected)
  })

  it('without messageUID gets the identity of its fields, and is archived once', async () => {
    const { history, fetchAll, items } = await aBackFill()
    const { messageUID: _, ...item } = anItem({ content: '{"content":"no uid"}' })
    history.answer = () => [item, { ...item, messageUID: '' }, { ...item, messageUID: null }]
    expect(await fetchAll()).toMatchObject({ filled: 1 })
    expect(await items('origin=history_query')).toMatchObject([
      { msgUID: expect.stringMatching(/^sha256:/) as string },
    ])
  })

  it('without messageUID is the message that a callback brought with one', async () => {
    const { history, fetchAll, items } = await aBackFill()
    const { messageUID: _, ...item } = anItem()
    history.answer = () => [item]
    expect(await fetchAll()).toMatchObject({ filled: 0, known: 1 })
    expect(await items()).toHaveLength(1)
  })

  it.each([
    ['no object', 'text'],
    ['null', null],
    ['without a sender', anItem({ fromUserId: '' })],
    ['without content', anItem({ content: null })],
    ['of another conversation', anItem({ fromUserId: 'u7', targetId: 'shop_z' })],
    ['from one of the two to a third', anItem({ targetId: 'shop_z' })],
  ])('%s is kept aside once, with what it is, and can be replayed', async (_what, given) => {
    const { archive, history, fetchAll, aside, items } = await aBackFill()
    history.answer = () => [given]
    expect(await fetchAll()).toMatchObject({ unreadable: 1, filled: 0 })
    const kept = await aside()
    expect(kept).toMatchObject([{ kind: 'history-query', reason: 'unreadable', body: JSON.stringify(given) }])
    expect(await replayOf(archive, kept[0]!.id)).toMatchObject({ outcome: 'unreadable' })
    expect(await items()).toHaveLength(1)
  })

  it.each([
    ['another sender', { fromUserId: 'shop_a', targetId: 'u1' }],
    ['another type', { objectName: 'RC:ImgMsg' }],
  ])('with the identity of a message and %s is kept aside, and the message stays', async (_what, given) => {
    const { archive, history, fetchAll, aside, item } = await aBackFill()
    const before = await item(UID)
    history.items.push(anItem({ messageUID: UID, ...given }))
    expect(await fetchAll()).toMatchObject({ different: 1, edited: 0 })
    const kept = await aside()
    expect(kept).toMatchObject([{ kind: 'history-query', reason: 'conflict' }])
    expect(await item(UID)).toEqual(before)
    expect(await replayOf(archive, kept[0]!.id)).toMatchObject({ outcome: 'conflict', messageId: before?.id })
  })

  it('with the identity of a message in another conversation is kept aside', async () => {
    const { archive, history, fetchAll, aside } = await aBackFill()
    await deliverMessage(archive, { msgUID: 'GROUP', channelType: 'GROUP', toUserId: 'g1' })
    history.items.push(anItem({ messageUID: 'GROUP' }))
    await fetchAll()
    expect(await aside()).toMatchObject([{ kind: 'history-query', reason: 'conflict' }])
  })

  it('that was kept aside becomes a message by a replay, once nothing is in its way', async () => {
    const { archive, history, fetchAll, aside, item, deps } = await aBackFill()
    history.items.push(anItem({ messageUID: UID, fromUserId: 'shop_a', targetId: 'u1' }))
    await fetchAll()
    await deps.store.atomically([{ sql: `UPDATE messages SET msg_uid = 'gone'`, params: [] }])
    const [kept] = await aside()
    expect(await replayOf(archive, kept!.id, true)).toMatchObject({ outcome: 'recorded' })
    expect(await item(UID)).toBeUndefined()
    expect(await replayOf(archive, kept!.id)).toMatchObject({ outcome: 'recorded' })
    expect(await item(UID)).toMatchObject({ origin: 'history_query', fromUserId: 'shop_a' })
    expect(await replayOf(archive, kept!.id)).toMatchObject({ outcome: 'known' })
  })
})

async function replayOf(archive: Parameters<typeof getJson>[0], id: unknown, dryRun = false) {
  const answer = await archive.request(`/api/v1/deliveries/${String(id)}/replay`, {
    method: 'POST',
    headers: { ...bearer(ADMIN), 'Content-Type': 'application/json' },
    body: JSON.stringify({ dryRun }),
  })
  return (await answer.json()) as Record<string, unknown>
}

describe('what message history says of a known message', () => {
  const edited = (content: string, given = {}) => anItem({ messageUID: UID, content, ...given })
  const texts = (item?: { state: { versions: { content: string }[] } }) =>
    item?.state.versions.map(({ content }) => content)

  it('becomes a version where the content is another, once, and the message stays as it was received', async () => {
    const { history, fetchAll, fetchAgain, item, clock } = await aBackFill()
    history.items.push(edited('{"content":"second"}'))
    expect(await fetchAll()).toMatchObject({ edited: 1, filled: 0, different: 0 })
    expect(await item(UID)).toMatchObject({
      origin: 'callback',
      content: '{"content":"你好"}',
      state: { versions: [{ msgUID: UID, content: '{"content":"second"}', atMs: NOW_MS, byUserId: 'u1' }] },
    })
    clock.nowMs += DAY_MS
    await fetchAgain()
    expect(texts(await item(UID))).toEqual(['{"content":"second"}'])
    history.items[0] = edited('{"content":"third"}')
    clock.nowMs += DAY_MS
    expect(await fetchAgain()).toMatchObject({ edited: 1 })
    clock.nowMs += DAY_MS
    expect(await fetchAgain()).toMatchObject({ edited: 0 })
    expect(texts(await item(UID))).toEqual(['{"content":"second"}', '{"content":"third"}'])
  })

  it('is no edit where the content is the same JSON written otherwise', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    await deliverMessage(archive, { msgUID: 'JSON', content: '{"content":"a","extra":"b"}' })
    history.items.push(anItem({ messageUID: 'JSON', content: '{ "extra": "b", "content": "a" }' }))
    expect(await fetchAll()).toMatchObject({ edited: 0, known: 1 })
    expect(texts(await item('JSON'))).toEqual([])
  })

  it('is the whole text of a stream, of which a callback brought the first packet', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    const packet = (content: string, complete: boolean) => JSON.stringify({ content, complete, seq: 1 })
    await deliverMessage(archive, {
      msgUID: 'STREAM',
      objectName: 'RC:StreamMsg',
      content: packet('Once', false),
    })
    const whole = packet('Once upon a time', true)
    history.items.push(anItem({ messageUID: 'STREAM', objectName: 'RC:StreamMsg', content: whole }))
    await fetchAll()
    expect(texts(await item('STREAM'))).toEqual([whole])
  })

  it.each([
    ['as a text', '{"like":"u2","n":"1"}'],
    ['as it is', { like: 'u2', n: 1 }],
  ])('is an expansion, given %s, and a repeat adds nothing', async (_how, extraContent) => {
    const { history, fetchAll, fetchAgain, item, clock } = await aBackFill()
    history.items.push(anItem({ messageUID: UID, expansion: true, extraContent }))
    expect(await fetchAll()).toMatchObject({ expanded: 1, edited: 0 })
    expect((await item(UID))?.state.expansion).toEqual({ like: 'u2', n: '1' })
    clock.nowMs += DAY_MS
    expect(await fetchAgain()).toMatchObject({ expanded: 0 })
    history.items[0] = anItem({ messageUID: UID, expansion: true, extraContent: '{"n":"2"}' })
    clock.nowMs += DAY_MS
    expect(await fetchAgain()).toMatchObject({ expanded: 1 })
    expect((await item(UID))?.state.expansion).toEqual({ like: 'u2', n: '2' })
    history.items[0] = anItem({ messageUID: UID, expansion: true, extraContent: '{"n":"1"}' })
    clock.nowMs += DAY_MS
    await fetchAgain()
    expect((await item(UID))?.state.expansion).toEqual({ like: 'u2', n: '1' })
  })

  it('is an expansion of a message that is filled in, too; one that says nothing is none', async () => {
    const { history, fetchAll, item } = await aBackFill()
    history.items.push(
      anItem({ expansion: true, extraContent: '{"a":"b"}' }),
      anItem({ messageUID: 'FALSE', expansion: false, extraContent: '{"a":"b"}' }),
      anItem({ messageUID: 'BAD', expansion: true, extraContent: '{"a":' }),
    )
    expect(await fetchAll()).toMatchObject({ expanded: 1, filled: 3 })
    expect((await item('HIST-0000-0000-0001'))?.state.expansion).toEqual({ a: 'b' })
    expect((await item('FALSE'))?.state.expansion).toBeNull()
    expect(await item('BAD')).toMatchObject({ fields: { expansion: true, extraContent: '{"a":' } })
  })

  it('is nothing where it is not said any more', async () => {
    const { fetchAll, items } = await aBackFill()
    const before = await items()
    await fetchAll()
    expect(await items()).toEqual(before)
  })
})

describe('a callback that comes after the message history', () => {
  it('is known, and takes the place of what the history gave', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    history.items.push(anItem())
    await fetchAll()
    const before = await item('HIST-0000-0000-0001')
    await deliverMessage(archive, { msgUID: 'HIST-0000-0000-0001', content: '{ "content": "你好" }' })
    expect(await item('HIST-0000-0000-0001')).toMatchObject({
      id: before?.id,
      origin: 'callback',
      content: '{ "content": "你好" }',
      source: 'iOS',
      state: { versions: [] },
    })
  })

  it('brings the first content, and what the history gave stays as its next version', async () => {
    const { archive, history, fetchAll, item, aside } = await aBackFill()
    history.items.push(anItem({ content: '{"content":"edited"}' }))
    await fetchAll()
    await deliverMessage(archive, { msgUID: 'HIST-0000-0000-0001', content: '{"content":"first"}' })
    expect(await item('HIST-0000-0000-0001')).toMatchObject({
      origin: 'callback',
      content: '{"content":"first"}',
      state: { versions: [{ content: '{"content":"edited"}', atMs: NOW_MS }] },
    })
    expect(await aside()).toEqual([])
  })

  it('of another sender is a conflict', async () => {
    const { archive, history, fetchAll, item, aside } = await aBackFill()
    history.items.push(anItem())
    await fetchAll()
    await deliverMessage(archive, { msgUID: 'HIST-0000-0000-0001', fromUserId: 'u2' })
    expect(await item('HIST-0000-0000-0001')).toMatchObject({ origin: 'history_query', fromUserId: 'u1' })
    expect(await aside()).toMatchObject([{ kind: 'messages', reason: 'conflict' }])
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

describe('when RongCloud does not answer', () => {
  const wrong: [string, () => Response][] = [
    ['a server error', () => Response.json({ code: 1000 }, { status: 500 })],
    ['a page of HTML with status 200', () => new Response('<html></html>')],
    ['a cut answer', () => new Response('{"code":200,"data":[{"messageUID":"A"')],
    ['an empty body', () => new Response('')],
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

it('the hourly job asks for history after the logs, where it is to', async () => {
  const { deps, history, items } = await aBackFill()
  history.items.push(anItem())
  await hourly({ log: deps.log, logs: null, history: null })
  expect(history.queries).toEqual([])
  await hourly({ log: deps.log, logs: null, history: deps })
  expect(await items('origin=history_query')).toHaveLength(1)
})
