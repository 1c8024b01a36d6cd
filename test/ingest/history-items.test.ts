import { describe, expect, it } from 'vitest'
import { anItem } from '../support/fake-history.ts'
import { aBackFill, ADMIN, NOW_MS, SENT_MS } from '../support/history-fetching.ts'
import { bearer, deliverMessage, getJson } from '../support/requests.ts'

const UID = '6A1F-Q2PK-8CF0-01AB'

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
