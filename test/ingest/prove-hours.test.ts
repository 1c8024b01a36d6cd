import { describe, expect, it } from 'vitest'
import { listDeliveriesFrom } from '../../src/archive/deliveries.ts'
import { fetchLogs } from '../../src/ingest/fetch-logs.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { zipOf } from '../support/fake-rongcloud-api.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { aFetching, HOUR, HOUR_MS, NOW_MS, SECRET } from '../support/log-fetching.ts'
import { deliverMessage } from '../support/requests.ts'

describe('the proof of an hour', () => {
  it('keeps nothing of a page that comes in place of the file', async () => {
    const { api, deps, fetchOne } = await aFetching()
    api.download = () => new Response('<html>\n<h1>Not Found</h1>\n</html>\n')
    await fetchOne()
    expect((await listDeliveriesFrom(deps.store, {}, { after: 0, limit: 9 })).rows).toEqual([])
  })

  it('takes an hour for empty that has no file, unless it is older than files are kept', async () => {
    const { api, clock, fetchOne, proofs } = await aFetching()
    const file = api.files.get(HOUR)!
    api.files.clear()
    clock.nowMs = HOUR_MS + 73 * 3_600_000
    expect(await fetchOne()).toMatchObject([
      { counts: null, reason: expect.stringMatching(/no file/) as string },
    ])
    expect(await proofs()).toEqual([])
    clock.nowMs = NOW_MS
    expect(await fetchOne()).toMatchObject([{ counts: { read: 0 } }])
    api.files.set(HOUR, file)
    expect(await fetchOne()).toMatchObject([{ counts: { read: 2 } }])
    api.files.clear()
    clock.nowMs = HOUR_MS + 73 * 3_600_000
    await fetchOne()
    expect(await proofs()).toMatchObject([{ hourStartMs: HOUR_MS, read: 2, filled: 2 }])
  })

  it('does not take an hour for empty of which it has messages, by a callback, a log or the message history', async () => {
    const { archive, deps, api, fetchOne, proofs } = await aFetching()
    api.files.clear()
    await deliverMessage(archive, { msgTimestamp: String(HOUR_MS) })
    const next = logFile(linesOfRecords([aRecord({ msgUID: 'C', dateTime: '2024-12-19 17:59:59.999' })]))
    await importLog(deps, next, { appKey: null, now: deps.now })
    const [msgUID, twoHoursOn] = ['Q', HOUR_MS + 2 * 3_600_000]
    await deliverMessage(archive, { msgUID, msgTimestamp: String(twoHoursOn) })
    const byHistory = "UPDATE messages SET origin = 'history_query' WHERE msg_uid = 'Q'"
    await deps.store.atomically([{ sql: byHistory, params: [] }])
    const isHere = {
      counts: null,
      reason: 'there is no file, but messages that were sent in this hour are here',
    }
    expect(await fetchOne()).toMatchObject([isHere])
    expect(await fetchLogs(deps, { hours: [HOUR_MS + 3_600_000] })).toMatchObject([isHere])
    expect(await fetchLogs(deps, { hours: [twoHoursOn] })).toMatchObject([isHere])
    expect(await proofs()).toEqual([])
    expect(await fetchLogs(deps, { hours: [HOUR_MS + 3 * 3_600_000] })).toMatchObject([
      { counts: { read: 0 } },
    ])
  })

  it('does not forget what was in the file of an hour, when there is none any more', async () => {
    const { api, fetchOne, proofs } = await aFetching()
    api.files.set(HOUR, await zipOf({ a: linesOfRecords([aRecord({ appId: 'another' })]) }))
    await fetchOne()
    api.files.clear()
    expect(await fetchOne()).toMatchObject([{ counts: null }])
    expect(await proofs()).toMatchObject([{ read: 1, unreadable: 1 }])
  })

  it('signs with each secret while it is being changed, and no oftener', async () => {
    const { fetchOne, proven } = await aFetching(['an-older-secret', SECRET])
    await fetchOne()
    expect(await proven()).toEqual([HOUR_MS])
    const wrong = await aFetching(['an-older-secret', 'another'])
    expect(await wrong.fetchOne()).toMatchObject([{ reason: expect.stringContaining('1004') as string }])
    expect(wrong.api.asked).toEqual([])
  })
})
