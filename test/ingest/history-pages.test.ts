import { describe, expect, it } from 'vitest'
import { anItem, itemsOf, type HistoryItem, type HistoryQueryBody } from '../support/fake-history.ts'
import { aBackFill, SENT_MS } from '../support/history-fetching.ts'

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
      ...itemsOf(250).map((item, i) => Object.assign(item, { msgTime: SENT_MS - Math.floor(i / 60) })),
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
    ['are the newest, the oldest of them first', (found) => found.toReversed()],
    [
      'begin with the oldest of all',
      (_found, { startTime, endTime, pageSize }, all) =>
        (all as HistoryItem[])
          .filter(({ msgTime }) => msgTime < startTime && msgTime >= endTime)
          .toReversed()
          .slice(0, pageSize),
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
      Object.assign(item, i % 2 === 0 ? {} : { fromUserId: 'shop_a', targetId: 'u1' }),
    )
    history.items.push(...all)
    history.answer = (found, query) => misbehave(found, query, all)
    const report = await fetchAll()
    expect(report).toMatchObject({ filled: 250, different: 0, unreadable: 0, edited: 0, notFetched: [] })
    expect(report.requests).toBeLessThan(10)
    const filled = await items('origin=history_query')
    expect(new Set(filled.map(({ content }) => content))).toEqual(new Set(all.map(({ content }) => content)))
    expect(filled).toHaveLength(250)
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

  it.each([[[]], [null], [undefined]])('may be empty where there is nothing: %j', async (data) => {
    const { history, fetchAll, aside } = await aBackFill()
    history.answer = () => Response.json({ code: 200, data })
    expect(await fetchAll()).toMatchObject({ read: 0, requests: 1, notFetched: [], isToTheEnd: true })
    expect(await aside()).toEqual([])
  })

  it('are no list of messages: nothing is made of them, and the conversation is said to be not had', async () => {
    const { history, fetchAll } = await aBackFill()
    history.answer = () => Response.json({ code: 200, data: { list: [] } })
    expect(await fetchAll()).toMatchObject({
      read: 0,
      notFetched: [{ reason: 'an answer without a list of messages' }],
    })
  })
})
