import { describe, expect, it } from 'vitest'
import { importLog } from '../../src/ingest/import-log.ts'
import { anItem } from '../support/fake-history.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { aBackFill, NOW_MS } from '../support/history-fetching.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const UID = '6A1F-Q2PK-8CF0-01AB'

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

  it('settles a text that was kept aside under the same msgUID, and no other one', async () => {
    const { archive, history, fetchAll, item } = await aBackFill()
    for (const content of ['{"content":"second"}', '{"content":"third"}'])
      await deliverMessage(archive, { content })
    const othersOf = async () => {
      const detail = `/api/v1/messages/${(await item(UID))?.id}`
      return (await getJson<{ otherTexts: { text: string }[] }>(archive, detail)).otherTexts
    }
    expect(await othersOf()).toMatchObject([{ text: 'third' }, { text: 'second' }])
    history.items.push(edited('{ "content": "second" }'))
    await fetchAll()
    expect(await othersOf()).toMatchObject([{ text: 'third' }])
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

describe('a log that is imported after the message history', () => {
  const logged = (content: unknown) =>
    logFile(linesOfRecords([aRecord({ msgUID: 'HIST-0000-0000-0001', targetId: 'shop_a', content })]))

  it.each([
    ['the same content', { content: '你好' }, { known: 1, different: 0 }],
    ['another content, which the history has not any more', { content: 'first' }, { known: 0, different: 1 }],
  ])('with %s leaves the message as it is', async (_what, content, counts) => {
    const { history, fetchAll, item, deps } = await aBackFill()
    history.items.push(anItem())
    await fetchAll()
    const before = await item('HIST-0000-0000-0001')
    expect(await importLog(deps, logged(content), { appKey: null, now: deps.now })).toMatchObject(counts)
    expect(await item('HIST-0000-0000-0001')).toMatchObject({
      content: before?.content,
      origin: 'history_query',
    })
  })
})
