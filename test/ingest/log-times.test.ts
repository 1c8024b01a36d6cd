import { describe, expect, it } from 'vitest'
import { findRefusedHost } from '../../src/archive/history-logs.ts'
import { listMessages } from '../../src/archive/messages.ts'
import { UTC } from '../../src/domain/log-zone.ts'
import { fetchLogs } from '../../src/ingest/fetch-logs.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { zipOf } from '../support/fake-rongcloud-api.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { aFetching, HOUR, HOUR_MS, SECRET } from '../support/log-fetching.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const MISFIT = 'times of the log do not fit its hour'
const at = (dateTime: string, msgUID: string, given = {}) => aRecord({ dateTime, msgUID, ...given })

/** RongCloud overseas: its hour and its times are of UTC, whatever the archive believes. */
async function overseas(settings: Record<string, string> = {}, given = {}) {
  const fetching = await aFetching(undefined, settings)
  const { api, archive } = fetching
  // The file that it gives for 16 o'clock is of eight hours later than Beijing's.
  api.files.set(HOUR, await zipOf({ log: linesOfRecords([at('2024-12-19 16:30:00.000', 'LATE', given)]) }))
  const early = linesOfRecords([at('2024-12-19 08:30:00.000', 'EARLY', given)])
  api.files.set('2024121908', await zipOf({ log: early }))
  const sentAt = async (msgUID: string) =>
    (await listMessages(archive.store, { msgUIDs: [msgUID] }, { after: null, limit: 1 })).rows[0]?.sentAtMs
  const state = async () => {
    const span = `startTime=${HOUR_MS}&endTime=${HOUR_MS + 1}`
    const { items } = await getJson<{
      items: { state: string; reason: string | null; log: object | null }[]
    }>(archive, `/api/v1/completeness?appKey=uwd1c0sxdlx2&${span}`)
    return items[0]
  }
  return { ...fetching, sentAt, state }
}

const exact = { timestamp: HOUR_MS + 8 * 3_600_000 + 1_800_000 }

describe('the log of an hour', () => {
  it('is asked for in the zone of its data centre, and read in it', async () => {
    const { fetchOne, sentAt, proven } = await overseas({ RONGCLOUD_LOG_ZONE: 'UTC' })
    expect(await fetchOne()).toMatchObject([{ hour: '2024121908', counts: { filled: 1 } }])
    expect(await sentAt('EARLY')).toBe(HOUR_MS + 1_800_000)
    expect(await proven()).toEqual([HOUR_MS])
  })

  it('proves nothing when its exact times are of another hour, and says so; its messages stay', async () => {
    const { fetchOne, sentAt, proven, state, logged, facts } = await overseas({}, exact)
    const reason = expect.stringMatching(`^${MISFIT}: 1 of 1 .*RONGCLOUD_LOG_ZONE`) as string
    expect(await fetchOne()).toMatchObject([{ counts: null, reason }])
    expect([logged, facts]).toMatchObject([['hour not proven'], [{ reason }]])
    expect(await proven()).toEqual([])
    expect(await state()).toMatchObject({ state: 'gap', reason: MISFIT, log: { read: 1, outside: 1 } })
    expect(await sentAt('LATE')).toBe(exact.timestamp)
  })

  it.each([
    ['none of two', ['17:00:00.000', '15:59:59.999'], false],
    ['one of three', ['16:00:00.000', '15:59:59.999', '17:00:00.000'], false],
    ['one of two', ['16:59:59.999', '17:00:00.000'], true],
    ['all', ['16:00:00.000', '16:59:59.999'], true],
  ])('proves it when not most of its records lie outside: %s lie inside', async (_what, times, isProven) => {
    const { api, fetchOne, proven } = await aFetching()
    const records = times.map((time, i) => at(`2024-12-19 ${time}`, `UID-${i}`))
    api.files.set(HOUR, await zipOf({ log: linesOfRecords(records) }))
    await fetchOne()
    expect(await proven()).toEqual(isProven ? [HOUR_MS] : [])
  })

  it('proves nothing when its records have no times', async () => {
    const { api, fetchOne, proven } = await aFetching()
    api.files.set(HOUR, await zipOf({ log: linesOfRecords([at('', 'A')]) }))
    expect(await fetchOne()).toMatchObject([{ counts: null }])
    expect(await proven()).toEqual([])
  })

  it('counts what lies outside over all runs that it takes to read it', async () => {
    const { api, deps, fetchOne, proofs } = await aFetching()
    const records = Array.from({ length: 5 }, (_, i) => at('2024-12-19 20:00:00.000', `UID-${i}`))
    api.files.set(HOUR, await zipOf({ log: linesOfRecords(records) }))
    await fetchLogs({ ...deps, linesPerRun: 2 }, { hours: [HOUR_MS] })
    await fetchLogs({ ...deps, linesPerRun: 2 }, { hours: [HOUR_MS] })
    await fetchOne()
    expect(await proofs()).toMatchObject([{ read: 5, outside: 5 }])
  })

  it('that does not fit is asked for again once the zone is another, and by hand', async () => {
    const { deps, api, fetchOne, proven } = await overseas({}, exact)
    await fetchOne()
    const asked = async (run = deps) => {
      api.asked.length = 0
      await fetchLogs(run)
      return api.asked
    }
    expect(await asked()).not.toContain(HOUR)
    await fetchOne()
    expect(api.asked).toContain(HOUR)
    const mended = { ...deps, logZone: UTC }
    expect(await asked(mended)).toContain('2024121908')
    expect(await proven()).not.toContain(HOUR_MS)
  })

  it.each([
    ['hours away', '2024-12-19T16:30:00.007Z', false],
    ['a moment away', '2024-12-19T07:59:59.999Z', true],
  ])('goes by what callbacks told of its messages: %s', async (_what, sentAt, isProven) => {
    const { archive, fetchOne, proven, state } = await overseas()
    const msgTimestamp = String(Date.parse(sentAt))
    const content = '{"content":"你好"}'
    await deliverMessage(archive, {
      fromUserId: 'u1',
      toUserId: 'shop_7',
      msgUID: 'LATE',
      content,
      msgTimestamp,
    })
    await fetchOne()
    expect(await proven()).toEqual(isProven ? [HOUR_MS] : [])
    expect(await state()).toMatchObject({ log: { read: 1, known: 1, outside: isProven ? 0 : 1 } })
  })

  it('no longer proves the hour that it was taken for when the zone is another', async () => {
    const { deps, archive, fetchOne, proven, state } = await overseas()
    await fetchOne()
    expect([await proven(), (await state())?.state]).toEqual([[HOUR_MS], 'proven'])
    const mended = { ...deps, logZone: UTC }
    expect(await fetchLogs(mended, { hours: [HOUR_MS] })).toMatchObject([{ counts: { filled: 1 } }])
    const { rows } = await listMessages(archive.store, {}, { after: null, limit: 9 })
    expect(rows.map(({ msgUID }) => msgUID).toSorted()).toEqual(['EARLY', 'LATE'])
  })

  it('mends the time of what was read of it in another zone, and of nothing that a callback brought', async () => {
    const { deps, fetchOne, sentAt, archive } = await overseas()
    await fetchOne()
    expect(await sentAt('LATE')).toBe(HOUR_MS + 1_800_000)
    const again = logFile(linesOfRecords([at('2024-12-19 16:30:00.000', 'LATE')]))
    const how = { appKey: null, now: deps.now }
    expect(await importLog({ ...deps, logZone: UTC }, again, how)).toMatchObject({ known: 1, filled: 0 })
    expect(await sentAt('LATE')).toBe(exact.timestamp)
    const { items } = await getJson<{ items: { lastSentAtMs: number }[] }>(archive, '/api/v1/conversations')
    expect(items[0]?.lastSentAtMs).toBe(exact.timestamp)
    const other = logFile(linesOfRecords([at('2024-12-19 16:31:00.000', 'LATE')]))
    await importLog({ ...deps, logZone: UTC }, other, how)
    expect(await sentAt('LATE')).toBe(exact.timestamp)
  })
})

describe('the host of a log', () => {
  const named = (url: string) => () => Response.json({ code: 200, url })

  it('that is not allowed is kept in mind by name, until one is', async () => {
    const { api, deps, fetchOne } = await aFetching()
    api.answers.push(named('http://203.0.113.9/1/2024121916/x.zip'))
    await fetchOne()
    const reason = await findRefusedHost(deps.store, 'uwd1c0sxdlx2')
    expect(reason).toMatch(/^203\.0\.113\.9 .*RONGCLOUD_LOG_HOSTS/)
    await fetchOne()
    expect(await findRefusedHost(deps.store, 'uwd1c0sxdlx2')).toBeUndefined()
  })

  it('is asked after for three hours at most when it is not allowed', async () => {
    const { api, deps } = await aFetching()
    api.answers.push(...Array.from({ length: 9 }, () => named('http://203.0.113.9/x.zip')))
    expect(await fetchLogs(deps)).toHaveLength(3)
  })

  it.each(['203.0.113.9', '203.0.113.0/24', '203.0.113.9:80'])(
    'may be an address that %s names',
    async (entry) => {
      const fetching = await aFetching([SECRET], { RONGCLOUD_LOG_HOSTS: entry })
      const { api, deps } = fetching
      api.answers.push(named('http://203.0.113.9/x.zip'))
      const [hour] = await fetchLogs(deps, { hours: [HOUR_MS] })
      // Nobody is there, but it was called.
      expect(hour?.reason).toBe('fetch failed')
    },
  )
})
