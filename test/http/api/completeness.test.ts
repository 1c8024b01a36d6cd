import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { addCallbackCounts } from '../../../src/archive/callback-counts.ts'
import { NO_COUNTS, recordLogPause, recordProvenHour } from '../../../src/archive/history-logs.ts'
import { countFurther } from '../../../src/archive/message-counts.ts'
import { NOT_ENABLED_DETAIL } from '../../../src/rongcloud/history-log/server-api.ts'
import { APP, KEYS, OTHER_APP, SETTINGS, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliver, deliverMessage, get, getJson, post, bearer } from '../../support/requests.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

type Hour = { appKey: string; startMs: number; state: string } & Record<string, unknown>

const ledgerOf = async (archive: ArchiveUnderTest, query = `appKey=${APP.appKey}`) =>
  (await getJson<{ items: Hour[] }>(archive, `/api/v1/completeness?${query}`)).items

/** The hour that began so many hours ago. */
async function hourOf(archive: ArchiveUnderTest, hoursAgo: number, query?: string) {
  const startMs = archive.clock.nowMs - hoursAgo * HOUR_MS
  return (await ledgerOf(archive, query)).find((hour) => hour.startMs === startMs)
}

const prove = ({ store, clock }: ArchiveUnderTest, hoursAgo: number, more: Record<string, unknown> = {}) =>
  recordProvenHour(store, {
    appKey: APP.appKey,
    hourStartMs: clock.nowMs - hoursAgo * HOUR_MS,
    provenAtMs: clock.nowMs,
    ...NO_COUNTS,
    ...more,
  })

const refuse = ({ store, clock }: ArchiveUnderTest, hoursAgo: number, given: Record<string, unknown> = {}) =>
  addCallbackCounts(store, [
    {
      appKey: APP.appKey,
      hourStartMs: clock.nowMs - hoursAgo * HOUR_MS,
      kind: 'messages',
      outcome: 'refused',
      reason: 'signature_wrong',
      callbacks: 3,
      ...given,
    },
  ])

const keepsAside = async (archive: ArchiveUnderTest, hoursAgo: number, body = `nothing=${hoursAgo}`) => {
  archive.clock.nowMs -= hoursAgo * HOUR_MS
  await deliver(archive, body)
  archive.clock.nowMs += hoursAgo * HOUR_MS
}

describe('the ledger of completeness', () => {
  it('has every hour of the last week of each app, newest first', async () => {
    const archive = await openArchive()
    const { nowMs } = archive.clock
    const items = await ledgerOf(archive, '')
    expect(items).toHaveLength(2 * (7 * 24 + 1))
    expect(items.slice(0, 3).map(({ appKey, startMs }) => [appKey, startMs])).toEqual([
      [APP.appKey, nowMs],
      [OTHER_APP.appKey, nowMs],
      [APP.appKey, nowMs - HOUR_MS],
    ])
    expect(items.at(-1)).toEqual({
      appKey: OTHER_APP.appKey,
      startMs: nowMs - 7 * DAY_MS,
      received: 0,
      duplicates: 0,
      refused: 0,
      notStored: 0,
      keptAside: 0,
      filled: 0,
      queried: 0,
      provenAtMs: null,
      log: null,
      reason: null,
      state: 'too_old',
    })
  })

  it('tells received from filled in, counted already or not, and keeps apps apart', async () => {
    const archive = await openArchive()
    const { store, clock } = archive
    const at = String(clock.nowMs - HOUR_MS + 5)
    for (const msgUID of ['1', '2', '3', '5']) await deliverMessage(archive, { msgUID, msgTimestamp: at })
    await deliverMessage(archive, { msgUID: '4', msgTimestamp: at }, OTHER_APP)
    await store.atomically([
      { sql: "UPDATE messages SET origin = 'history_log' WHERE msg_uid = '3'", params: [] },
      { sql: "UPDATE messages SET origin = 'history_query' WHERE msg_uid = '5'", params: [] },
    ])
    const numbers = async (query?: string) => {
      const hour = await hourOf(archive, 1, query)
      return [hour?.received, hour?.filled, hour?.queried]
    }
    expect(await numbers()).toEqual([2, 1, 1])
    expect(await numbers('')).toEqual([2, 1, 1])
    expect(await numbers(`appKey=${OTHER_APP.appKey}`)).toEqual([1, 0, 0])
    await countFurther(store)
    expect(await numbers('')).toEqual([2, 1, 1])
  })

  it('counts callbacks to the address of messages by the hour in which they came', async () => {
    const archive = await openArchive()
    await refuse(archive, 2)
    await refuse(archive, 2, { reason: 'too_old', callbacks: 1 })
    await refuse(archive, 2, { kind: 'online-status' })
    await refuse(archive, 2, { appKey: OTHER_APP.appKey })
    await refuse(archive, 2, { outcome: 'known', reason: '', callbacks: 5 })
    await refuse(archive, 2, { outcome: 'not_stored', reason: '', callbacks: 4 })
    await refuse(archive, 2, { outcome: 'overloaded', reason: '', callbacks: 2 })
    await keepsAside(archive, 3)
    await keepsAside(archive, 2, 'a=1')
    await keepsAside(archive, 2, 'a=2')
    await keepsAside(archive, 1)
    expect(await hourOf(archive, 2)).toMatchObject({ duplicates: 5, refused: 4, notStored: 6, keptAside: 2 })
    expect(await hourOf(archive, 1)).toMatchObject({ duplicates: 0, refused: 0, notStored: 0, keptAside: 1 })
  })

  it('says what is proven, open, known to be missing, or too old', async () => {
    const archive = await openArchive()
    await prove(archive, 5, { read: 9, known: 6, filled: 2, different: 1 })
    await prove(archive, 6, { read: 1, unreadable: 1 })
    await refuse(archive, 7)
    await refuse(archive, 73)
    await prove(archive, 74)
    await refuse(archive, 74)
    await refuse(archive, 75, { outcome: 'known', reason: '' })
    const states = new Map(
      (await ledgerOf(archive)).map(({ startMs, state }) => [
        (archive.clock.nowMs - startMs) / HOUR_MS,
        state,
      ]),
    )
    expect([0, 5, 6, 7, 72, 73, 74, 75].map((hoursAgo) => states.get(hoursAgo))).toEqual([
      'open',
      'proven',
      'gap',
      'open',
      'open',
      'gap',
      'proven',
      'too_old',
    ])
    expect(await hourOf(archive, 5)).toMatchObject({
      provenAtMs: archive.clock.nowMs,
      log: { read: 9, known: 6, filled: 2, different: 1, unreadable: 0 },
    })
  })

  it('sees a gap in what is kept aside until a replay brings the message, and none in a conflict', async () => {
    const root = 'key-of-the-operator'
    const archive = await openArchive({ API_KEYS: `${SETTINGS.API_KEYS},root:${root}:admin` })
    const { store } = archive
    await keepsAside(archive, 80)
    expect(await hourOf(archive, 80)).toMatchObject({ keptAside: 1, state: 'gap' })
    const answer = await post(archive, '/api/v1/deliveries/1/replay', { dryRun: 'false' }, bearer(root))
    expect(answer.status).toBe(200)
    expect(await hourOf(archive, 80)).toMatchObject({ keptAside: 1, state: 'gap' })
    const set = (sql: string) => store.atomically([{ sql: `UPDATE deliveries SET ${sql}`, params: [] }])
    await set("replay_outcome = 'recorded'")
    expect(await hourOf(archive, 80)).toMatchObject({ keptAside: 1, state: 'too_old' })
    await set("replay_outcome = NULL, reason = 'conflict'")
    expect(await hourOf(archive, 80)).toMatchObject({ keptAside: 1, state: 'too_old' })
  })

  it('answers for the hours that a range touches and that have begun, of a month at most', async () => {
    const archive = await openArchive()
    const at = (time: string) => Date.parse(`${time}:00+08:00`)
    const starts = async (query: string) =>
      (await ledgerOf(archive, `appKey=${APP.appKey}&${query}`)).map(({ startMs }) => startMs)
    expect(await starts('startTime=2024-12-19 16:10&endTime=2024-12-19 17:00')).toEqual([
      at('2024-12-19T17:00'),
      at('2024-12-19T16:00'),
    ])
    expect(await starts('startTime=2024-12-20 07:00&endTime=2024-12-31')).toEqual([
      at('2024-12-20T08:00'),
      at('2024-12-20T07:00'),
    ])
    expect(await starts('startTime=2025-01-20&endTime=2025-01-21')).toEqual([])
    const tooLong = await get(archive, '/api/v1/completeness?startTime=2024-11-01')
    expect(tooLong.status).toBe(422)
    expect(await tooLong.text()).toContain('must be at most 31 days before the end')
    expect((await get(archive, '/api/v1/completeness', KEYS.write)).status).toBe(403)
  })
})

describe('the metric of unproven hours', () => {
  const linesOf = async (archive: ArchiveUnderTest) =>
    (await (await get(archive, '/metrics', KEYS.metrics)).text())
      .split('\n')
      .filter((line) => /^rongcloud_\w*unproven/.test(line))

  it('is silent where RongCloud is not asked', async () => {
    const off = await openArchive({ RONGCLOUD_API: 'off' })
    await prove(off, 5)
    expect(await linesOf(off)).toEqual([])
  })

  it('leaves out an app of which RongCloud said last that its logs are not enabled', async () => {
    const archive = await openArchive()
    const [untilMs, reason] = [archive.clock.nowMs - 3_600_000, NOT_ENABLED_DETAIL]
    expect(await linesOf(archive)).toHaveLength(4)
    await recordLogPause(archive.store, { appKey: OTHER_APP.appKey, untilMs, reason })
    expect(await linesOf(archive)).toHaveLength(2)
    await recordLogPause(archive.store, { appKey: APP.appKey, untilMs, reason: 'asked too often (1008)' })
    expect((await linesOf(archive)).join()).toContain(`app_key="${APP.appKey}"`)
    // Nobody has asked again for long.
    archive.clock.nowMs += 2 * 3_600_000
    expect(await linesOf(archive)).toHaveLength(4)
  })

  it('counts hours that expire within a day, of each app, proven ever or never', async () => {
    const archive = await openArchive({ RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}` })
    const of = (name: string, value: number) => `rongcloud_${name}{app_key="${APP.appKey}"} ${value}`
    const gauges = (expiring: number, hours: number) => [
      of('unproven_hours_expiring', expiring),
      of('oldest_unproven_hour_age_seconds', hours * 3600),
    ]
    expect(await linesOf(archive)).toEqual(gauges(25, 72))
    for (let hoursAgo = 50; hoursAgo <= 72; hoursAgo++) await prove(archive, hoursAgo)
    expect(await linesOf(archive)).toEqual(gauges(2, 49))
    for (let hoursAgo = 2; hoursAgo < 50; hoursAgo++) await prove(archive, hoursAgo)
    expect(await linesOf(archive)).toEqual(gauges(0, 0))
  })

  it('leaves the counters readable when the archive is not', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await archive.store.close()
    const answer = await get(archive, '/metrics', KEYS.metrics)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('rongcloud_callbacks_total{kind="messages",outcome="recorded"} 1\n')
  })
})
