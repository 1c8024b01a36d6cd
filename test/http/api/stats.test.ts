import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { countFurther } from '../../../src/archive/message-counts.ts'
import { indexAll } from '../../../src/ingest/index-messages.ts'
import { APP, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliver, deliverMessage, get, getJson, signedQuery } from '../../support/requests.ts'

const DAY_MS = 24 * 3_600_000
const at = (time: string) => Date.parse(`${time}+08:00`)

let sent = 0
const send = (archive: ArchiveUnderTest, time: string, fields: Record<string, string> = {}, app = APP) =>
  deliverMessage(archive, { msgTimestamp: String(at(time)), msgUID: `m${++sent}`, ...fields }, app)

const statsOf = (archive: ArchiveUnderTest, query = '') =>
  getJson<{ items: Record<string, unknown>[]; uncounted: number }>(archive, `/api/v1/stats?${query}`)

describe('how many messages were sent', () => {
  it('is told by hour, type, channel and origin, of the last week', async () => {
    const archive = await openArchive()
    await send(archive, '2024-12-20T07:59:59')
    await send(archive, '2024-12-20T07:00:00')
    await send(archive, '2024-12-20T06:59:59', { objectName: 'app:Order', channelType: 'GROUP' })
    await send(archive, '2024-12-01T00:00:00')
    await countFurther(archive.store, 1)
    const same = { origin: 'callback', channelType: 'PERSON', objectName: 'RC:TxtMsg' }
    expect(await statsOf(archive)).toEqual({
      items: [
        {
          ...same,
          startMs: at('2024-12-20T06:00:00'),
          objectName: 'app:Order',
          channelType: 'GROUP',
          messages: 1,
        },
        { ...same, startMs: at('2024-12-20T07:00:00'), messages: 2 },
      ],
      uncounted: 0,
    })
  })

  it('is told by the days of the time zone, also where one has 25 hours', async () => {
    const archive = await openArchive({ TIME_ZONE: 'America/New_York' })
    const times = ['2024-11-03T00:00:00-04:00', '2024-11-03T23:59:59-05:00', '2024-11-04T00:00:00-05:00']
    for (const time of times) await send(archive, '', { msgTimestamp: String(Date.parse(time)) })
    const { items } = await statsOf(archive, 'per=day&startTime=2024-11-03&endTime=2024-11-04')
    expect(items.map(({ startMs, messages }) => [startMs, messages])).toEqual([
      [Date.parse('2024-11-03T04:00:00Z'), 2],
      [Date.parse('2024-11-04T05:00:00Z'), 1],
    ])
  })

  it('widens to the hours that the range touches, and narrows by app', async () => {
    const archive = await openArchive()
    await send(archive, '2024-12-19T15:59:59')
    await send(archive, '2024-12-19T16:00:00')
    await send(archive, '2024-12-19T17:00:00')
    await send(archive, '2024-12-19T16:30:00', {}, OTHER_APP)
    const span = 'startTime=2024-12-19 16:10&endTime=2024-12-19 16:20'
    const messages = async (query: string) =>
      (await statsOf(archive, query)).items.map((item) => item.messages)
    expect(await messages(span)).toEqual([2])
    expect(await messages(`${span}&appKey=${OTHER_APP.appKey}`)).toEqual([1])
    expect(await messages(`${span}&appKey=nobody`)).toEqual([])
    expect(await messages('startTime=2024-12-20&endTime=2024-12-19')).toEqual([])
  })

  it.each([
    [
      'startTime=2024-11-01&endTime=2024-12-19',
      'startTime must be at most 31 days before the end when asked per hour',
    ],
    [
      'per=day&startTime=2023-11-01&endTime=2024-12-19',
      'must be at most 366 days before the end when asked per day',
    ],
    ['per=week', 'per must be hour or day'],
    ['userId=u1', 'userId is not a parameter'],
  ])('refuses %s', async (query, message) => {
    const answer = await get(await openArchive(), `/api/v1/stats?${query}`)
    const [wrong] = (await answer.json()) as { field: string; message: string }[]
    expect([answer.status, `${wrong?.field} ${wrong?.message}`]).toEqual([
      422,
      expect.stringContaining(message),
    ])
  })
})

describe('whether messages come in', () => {
  it('is told of an empty archive', async () => {
    expect(await getJson(await openArchive(), '/api/v1/stats/ingest')).toEqual({
      newestMessage: null,
      lastCallbackAtMs: null,
      messagesPerMinute: 0,
      callbacks: { sinceMs: Date.parse('2024-12-19T00:00:00Z'), counts: [] },
      keptAside: { unreadable: 0, conflict: 0, lossy: 0, failed: 0, unknown_address: 0 },
      newestMisaddressedPath: null,
      unconfiguredApps: [],
      newObjectNames: [],
      newestId: 0,
      countedUpTo: 0,
      indexedUpTo: 0,
    })
  })

  it('is told by what came lately and what became of it', async () => {
    const archive = await openArchive()
    const { clock } = archive
    const startMs = clock.nowMs
    for (const minute of [0, 1, 6, 7, 8, 9, 10]) {
      clock.nowMs = startMs + minute * 60_000
      await send(archive, '2024-12-19T16:00:00', { objectName: minute === 8 ? 'app:Order' : 'RC:TxtMsg' })
    }
    await send(archive, '2024-12-19T16:00:00', { msgUID: 'twice' })
    await indexAll(archive.store, { forMs: 60_000, now: Date.now })
    clock.nowMs += 30_000
    await send(archive, '2024-12-19T16:00:00', { msgUID: 'twice' })
    await archive.settled()
    clock.nowMs += 10_000
    await deliver(archive, 'nothing=readable')
    await send(archive, '2024-12-19T16:00:01', { msgUID: 'twice' })
    await archive.settled()
    const health = await getJson<{ newestMessage: object; newObjectNames: object[] }>(
      archive,
      '/api/v1/stats/ingest',
    )
    expect(health).toMatchObject({
      newestMessage: { id: 8, receivedAtMs: startMs + 600_000 },
      lastCallbackAtMs: clock.nowMs,
      messagesPerMinute: 6 / 5,
      callbacks: {
        counts: [
          { outcome: 'known', reason: '', callbacks: 1 },
          { outcome: 'unreadable', reason: '', callbacks: 1 },
        ],
      },
      keptAside: { unreadable: 1, conflict: 1, lossy: 0, failed: 0 },
      newObjectNames: [{ objectName: 'app:Order', firstReceivedAtMs: startMs + 480_000, reserved: false }],
      newestId: 8,
      countedUpTo: 8,
      indexedUpTo: 8,
    })
    clock.nowMs += 40 * DAY_MS
    expect(await getJson(archive, '/api/v1/stats/ingest')).toMatchObject({
      messagesPerMinute: 0,
      callbacks: { counts: [] },
      newObjectNames: [],
    })
  })
})

describe('callbacks that bring nothing new', () => {
  it('are counted for the app that they name if it is ours, and written every ten seconds at most', async () => {
    const archive = await openArchive()
    const rows = async () => {
      await archive.settled()
      const [found = []] = await archive.store.atomically([
        { sql: 'SELECT app_key, kind, outcome, reason, callbacks FROM callback_counts', params: [] },
      ])
      return found.map((row) => Object.values(row).join(' ')).toSorted()
    }
    const refuse = (appKey: string) =>
      deliver(archive, 'x=1', { query: `appKey=${appKey}&nonce=1&timestamp=1&signature=0` })
    await refuse(APP.appKey)
    const first = [`${APP.appKey} messages refused signature_wrong 1`]
    expect(await rows()).toEqual(first)
    for (const stranger of ['a', 'b', 'c']) await refuse(stranger)
    await deliver(archive, '{"broken', { path: '/callbacks/bots', query: await signedQuery(OTHER_APP) })
    expect(await rows()).toEqual(first)
    archive.clock.nowMs += 10_000
    await refuse(APP.appKey)
    expect(await rows()).toEqual(
      [
        ' messages refused unknown_app 3',
        `${OTHER_APP.appKey} bots unreadable  1`,
        `${APP.appKey} messages refused signature_wrong 2`,
      ].toSorted(),
    )
  })
})
