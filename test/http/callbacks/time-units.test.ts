import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import { listTimeUnits } from '../../../src/archive/time-units.ts'
import { APP, createArchive, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { hashing } from '../../support/hashing.ts'
import { deliverMessage, deliver, get, messageFields, signedQuery } from '../../support/requests.ts'

// The archive's clock.
const NOW_MS = Date.parse('2024-12-20T00:00:00Z')
const [MS, SECONDS] = [String(NOW_MS), String(NOW_MS / 1000)]
const AGE = { CALLBACK_MAX_AGE_SECONDS: '600' }

// Signed in 2001. The same characters with the first three digits at the nonce are a time in seconds: now.
const LEAKED = { nonce: '14314', time: `100${SECONDS}` }
const SHIFTED = { nonce: '14314100', time: SECONDS }

let uid = 0

async function send(
  archive: ArchiveUnderTest,
  signed: { nonce?: string; time: string },
  app: { appKey: string; secret: string } = APP,
): Promise<number> {
  const body = new URLSearchParams(messageFields({ msgUID: `U-${++uid}` })).toString()
  const { status } = await deliver(archive, body, { query: await signedQuery(app, signed) })
  await archive.settled()
  return status
}

/** Another process or isolate on the same archive. */
const restarted = (archive: ArchiveUnderTest, settings: Record<string, string>) =>
  createArchive(archive.store, hashing, settings)

const unitsIn = async ({ store }: ArchiveUnderTest) =>
  (await listTimeUnits(store)).map(({ appKey, unit }) => [appKey, unit])

const changesCounted = async (archive: ArchiveUnderTest) => {
  const text = await (await get(archive, '/metrics', KEYS.metrics)).text()
  return Number(/rongcloud_callback_time_units_changed_total (\d+)/.exec(text)?.[1] ?? 0)
}

describe('the unit of the signed time', () => {
  it('is learned from the first callback and held, so that no digit moves between time and nonce', async () => {
    const archive = await openArchive(AGE)
    expect(await send(archive, { time: MS })).toBe(200)
    expect(await unitsIn(archive)).toEqual([[APP.appKey, 'ms']])
    const signatures = await Promise.all([signedQuery(APP, LEAKED), signedQuery(APP, SHIFTED)])
    expect(new Set(signatures.map((query) => new URLSearchParams(query).get('signature'))).size).toBe(1)
    expect(await send(archive, LEAKED)).toBe(401)
    expect(await send(archive, SHIFTED)).toBe(401)
    expect(await send(archive, { time: MS })).toBe(200)
  })

  it('is told of when it changes: by the answer, the log, which names the setting, and the metrics', async () => {
    const archive = await openArchive(AGE)
    await send(archive, { time: MS })
    const answer = await deliver(archive, 'a=1', { query: await signedQuery(APP, SHIFTED) })
    expect(await answer.text()).toContain('wrong time unit')
    expect(archive.logged.filter((line) => line.includes('"setting":"CALLBACK_TIME_UNIT"'))).toHaveLength(2)
    expect(await changesCounted(archive)).toBe(1)
    const metrics = await (await get(archive, '/metrics', KEYS.metrics)).text()
    expect(metrics).toContain('outcome="refused",reason="wrong_time_unit"} 1')
  })

  it.each([
    ['s', SECONDS, MS],
    ['ms', MS, SECONDS],
  ])('is held after a restart, and by isolates that did not see it: %s', async (unit, time, other) => {
    const archive = await openArchive(AGE)
    await send(archive, { time })
    expect(await unitsIn(archive)).toEqual([[APP.appKey, unit]])
    const after = restarted(archive, AGE)
    expect(await send(after, { time: other })).toBe(401)
    expect(await send(after, { time })).toBe(200)
  })

  it('is that of whoever wrote it down first, where two learned at once', async () => {
    const archive = await openArchive(AGE)
    const beside = restarted(archive, AGE)
    // Both know by now that nothing is known.
    for (const each of [archive, beside]) await send(each, { time: MS }, OTHER_APP)
    await send(archive, { time: MS })
    expect(await send(beside, { time: SECONDS })).toBe(200)
    expect(await send(beside, { time: SECONDS })).toBe(401)
    expect(await send(beside, { time: MS })).toBe(200)
  })

  it('is one of each app', async () => {
    const archive = await openArchive(AGE)
    expect(await send(archive, { time: MS })).toBe(200)
    expect(await send(archive, { time: SECONDS }, OTHER_APP)).toBe(200)
    expect(await send(archive, { time: MS }, OTHER_APP)).toBe(401)
    expect(new Map((await unitsIn(archive)) as [string, string][])).toEqual(
      new Map([
        [APP.appKey, 'ms'],
        [OTHER_APP.appKey, 's'],
      ]),
    )
  })

  it('counts zeros in front as digits', async () => {
    const archive = await openArchive(AGE)
    await send(archive, { time: SECONDS })
    for (const zeros of ['0', '000', '0000000'])
      expect(await send(archive, { time: zeros + SECONDS })).toBe(401)
    const other = await openArchive(AGE)
    await send(other, { time: MS })
    expect(await send(other, { time: `000${MS}` })).toBe(401)
  })

  it('refuses nothing while no age is asked for, but is told of', async () => {
    const archive = await openArchive()
    for (const time of [MS, SECONDS, MS]) expect(await send(archive, { time })).toBe(200)
    expect(await changesCounted(archive)).toBe(1)
    expect(archive.logged.join()).toContain('signed in another unit of time')
  })

  it('is not learned from a time that is not near, as one is that was parted from its nonce elsewhere', async () => {
    const archive = await openArchive()
    expect(await send(archive, { time: String(NOW_MS - 25 * 3_600_000) })).toBe(200)
    expect(await send(archive, { time: 'soon' })).toBe(200)
    expect(await unitsIn(archive)).toEqual([])
    await send(archive, { time: SECONDS })
    expect(await unitsIn(archive)).toEqual([[APP.appKey, 's']])
  })

  it.each([
    ['ms', MS, [SECONDS, `0${SECONDS}`, `0${MS}`, 'soon']],
    ['s', SECONDS, [MS, `0${SECONDS}`, `000${SECONDS}`, 'soon']],
  ])('is the one that CALLBACK_TIME_UNIT=%s says, whatever the age', async (unit, time, others) => {
    const archive = await openArchive({ CALLBACK_TIME_UNIT: unit })
    expect(await send(archive, { time })).toBe(200)
    for (const other of others) expect(await send(archive, { time: other })).toBe(401)
    expect(await unitsIn(archive)).toEqual([])
  })

  it('is not looked at where the oldest callbacks come, which count in seconds', async () => {
    const archive = await openArchive(AGE)
    await send(archive, { time: MS })
    const query = async () => signedQuery(APP, { time: SECONDS })
    const path = '/callbacks/public-service'
    expect((await deliver(archive, 'a=1', { path, query: await query() })).status).toBe(200)
    expect((await deliver(archive, 'a=1', { query: await query() })).status).toBe(401)
  })

  it.each([
    ['while no age is asked for', {}, []],
    ['once they waited for it for a second', AGE, ['read before the answer']],
  ])('has callbacks ask the archive nothing before their answer %s', async (_, settings, first) => {
    const archive = await openArchive(settings)
    const asked: string[] = []
    const fail = () => Promise.reject(new Error('SQLITE_ODD'))
    const db = drizzle(() => (asked.push('read before the answer'), fail()))
    const { atomically } = archive.store
    const failing = (units: Parameters<typeof atomically>[0]) =>
      units.some(({ sql }) => sql.includes('signed_time_units')) ? fail() : atomically(units)
    Object.assign(archive.store, { db, atomically: failing })
    expect(await send(archive, { time: MS })).toBe(200)
    expect(asked).toEqual(first)
    archive.clock.nowMs += 1000
    expect(await send(archive, { time: MS })).toBe(200)
    expect(asked).toEqual(first)
  })

  it('is read after the first answer of a process that did not wait for it', async () => {
    const archive = await openArchive()
    await send(archive, { time: MS })
    const after = restarted(archive, {})
    for (const time of [SECONDS, SECONDS]) expect(await send(after, { time })).toBe(200)
    expect(await unitsIn(archive)).toEqual([[APP.appKey, 'ms']])
    expect(await changesCounted(after)).toBe(1)
  })

  it('keeps no callback from being stored when it cannot be read or written', async () => {
    const archive = await openArchive(AGE)
    const { db, atomically } = archive.store
    const fail = () => Promise.reject(new Error('SQLITE_ODD'))
    const failing = (units: Parameters<typeof atomically>[0]) =>
      units.some(({ sql }) => sql.includes('signed_time_units')) ? fail() : atomically(units)
    Object.assign(archive.store, { db: drizzle(fail), atomically: failing })
    for (const time of [MS, SECONDS]) expect(await send(archive, { time })).toBe(200)
    Object.assign(archive.store, { db })
    expect(await send(archive, { time: MS })).toBe(200)
    expect(await unitsIn(archive)).toEqual([])
    Object.assign(archive.store, { atomically })
    archive.clock.nowMs += 61_000
    expect((await deliverMessage(archive, {}, OTHER_APP)).status).toBe(401)
    expect(await send(archive, { time: String(archive.clock.nowMs) })).toBe(200)
    expect(await unitsIn(archive)).toEqual([[APP.appKey, 'ms']])
  })
})
