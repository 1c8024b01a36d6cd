import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { BEIJING } from '../../src/domain/log-zone.ts'
import { findLastCallbackMs } from '../../src/archive/ingest-health.ts'
import { countFurther } from '../../src/archive/message-counts.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { hashing } from '../support/hashing.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { deliver, deliverMessage, post } from '../support/requests.ts'

const HOUR_MS = 3_600_000

async function anArchive() {
  const archive = await openArchive()
  const { store, clock } = archive
  const deps = { store, hashing, templates: { member: 'u{id}', seller: 'shop_{id}' }, logZone: BEIJING }
  /** A later log of so many messages, and of one line that cannot be read. */
  const fill = async (count: number) => {
    clock.nowMs += HOUR_MS
    const records = Array.from({ length: count }, (_, i) => aRecord({ msgUID: `UID-${i}` }))
    const log = logFile(`${linesOfRecords(records)}no record\n`)
    await importLog(deps, log, { appKey: null, now: () => clock.nowMs })
  }
  return { archive, clock, fill, last: () => findLastCallbackMs(store) }
}

it('the last callback is none that a log or the API brought', async () => {
  const { archive, clock, fill, last } = await anArchive()
  await fill(3)
  const body = { memberId: '1', sellerId: '7', messageType: 'RC:TxtMsg', cnt: 'hello' }
  expect((await post(archive, '/chat-records/create', body)).status).toBe(200)
  expect(await last()).toBeNull()
  await deliverMessage(archive)
  const atMs = clock.nowMs
  await fill(300)
  expect(await last()).toBe(atMs)
  await deliver(archive, 'no message')
  expect(await last()).toBe(clock.nowMs)
})

it('the last callback is known to the hour of its message, behind a thousand others', async () => {
  const { archive, clock, fill, last } = await anArchive()
  const sentAtMs = clock.nowMs - 1000
  await deliverMessage(archive, { msgTimestamp: String(sentAtMs) })
  await fill(1100)
  while (await countFurther(archive.store));
  expect(await last()).toBe(sentAtMs - (sentAtMs % HOUR_MS))
  await deliverMessage(archive, { msgUID: 'SECOND' })
  expect(await last()).toBe(clock.nowMs)
})
