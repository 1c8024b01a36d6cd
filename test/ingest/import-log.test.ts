import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { BEIJING } from '../../src/domain/log-zone.ts'
import { listDeliveriesFrom } from '../../src/archive/deliveries.ts'
import { listMessages } from '../../src/archive/messages.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { replayDelivery } from '../../src/ingest/replay.ts'
import { hashing } from '../support/hashing.ts'
import { aRecord, linesOfRecords, logFile } from '../support/history-log.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const TEMPLATES = { member: 'u{id}', seller: 'shop_{id}' }
const NOW_MS = Date.parse('2024-12-20T00:00:00Z')
const CALLBACK = {
  fromUserId: 'u1',
  toUserId: 'shop_7',
  objectName: 'RC:TxtMsg',
  content: '{ "content": "你好" }',
  channelType: 'PERSON',
  msgTimestamp: '1734595200123',
  msgUID: 'LOG1-0000-0000-0001',
}

async function anArchive() {
  const archive = await openArchive()
  const deps = { store: archive.store, hashing, templates: TEMPLATES, logZone: BEIJING }
  const bring = (text: string | Uint8Array, how = {}) =>
    importLog(deps, logFile(text), { appKey: null, now: () => NOW_MS, ...how })
  const one = async (msgUID = CALLBACK.msgUID) => {
    const { rows } = await listMessages(archive.store, { msgUIDs: [msgUID] }, { after: null, limit: 1 })
    return rows[0]
  }
  const kept = async () => (await listDeliveriesFrom(archive.store, {}, { after: 0, limit: 100 })).rows
  const listed = async () =>
    (
      await getJson<{ items: { msg_uid: string }[] }>(archive, '/chat-records/list?memberId=1&sellerId=7')
    ).items.map(({ msg_uid }) => msg_uid)
  return {
    archive,
    deps,
    bring,
    one,
    kept,
    listed,
    callback: (given = {}) => deliverMessage(archive, { ...CALLBACK, ...given }),
  }
}

describe('the import of a history log', () => {
  it('fills in what is missing, with its time, its origin and its flags', async () => {
    const { bring, one } = await anArchive()
    expect(await bring(linesOfRecords([aRecord()]))).toEqual({
      read: 1,
      known: 0,
      filled: 1,
      different: 0,
      unreadable: 0,
    })
    expect(await one()).toMatchObject({
      content: '{"content":"你好"}',
      sentAtMs: 1_734_595_200_123,
      origin: 'history_log',
      channelType: 'PERSON',
      logFlags: 0,
      source: 'iOS',
      fields: null,
      problem: null,
    })
  })

  it('leaves what a callback brought as it is, and adds the flags', async () => {
    const { bring, one, callback } = await anArchive()
    await callback()
    const line = linesOfRecords([aRecord({ isSensitiveWord: 'true', dateTime: '2024-12-1916:00:01.000' })])
    expect(await bring(line)).toMatchObject({ known: 1, filled: 0, different: 0 })
    expect(await one()).toMatchObject({
      content: '{ "content": "你好" }',
      sentAtMs: 1_734_595_200_123,
      origin: 'callback',
      logFlags: 2,
    })
  })

  it('changes nothing the second time', async () => {
    const { bring, one, kept } = await anArchive()
    const log = `${linesOfRecords([aRecord(), aRecord({ msgUID: 'B' })])}nonsense\n`
    await bring(log)
    const before = [await one(), await one('B'), await kept()]
    expect(await bring(log)).toEqual({ read: 3, known: 2, filled: 0, different: 0, unreadable: 1 })
    expect([await one(), await one('B'), await kept()]).toEqual(before)
  })

  it('archives a record once that is in the log twice', async () => {
    const { bring } = await anArchive()
    expect(await bring(linesOfRecords([aRecord(), aRecord()]))).toMatchObject({ known: 1, filled: 1 })
  })

  it.each([
    { fromUserId: 'u2' },
    { targetId: 'shop_8' },
    { targetType: 3 },
    { classname: 'RC:InfoNtf' },
    { content: { content: '你好!' } },
  ])('keeps a record aside that tells another message, %j, and leaves the message alone', async (given) => {
    const { bring, one, kept, callback } = await anArchive()
    await callback()
    const before = await one()
    expect(await bring(linesOfRecords([aRecord(given)]))).toMatchObject({ known: 0, different: 1 })
    expect(await one()).toEqual(before)
    expect(await kept()).toMatchObject([
      { kind: 'history-log', reason: 'conflict', body: JSON.stringify(aRecord(given)) },
    ])
  })

  it.each([
    ['no JSON', 'nonsense'],
    ['half a record', JSON.stringify(aRecord()).slice(0, 90)],
    ['a record without content', JSON.stringify(aRecord({ content: undefined }))],
    ['one nested without end', `{"appId":"a","content":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['a line longer than a record can be', `{"content":"${'x'.repeat(1_100_000)}`],
  ])('keeps %s aside, and takes the rest', async (_what, line) => {
    const { bring, kept } = await anArchive()
    expect(await bring(`${line}\n${linesOfRecords([aRecord()])}`)).toMatchObject({
      read: 2,
      filled: 1,
      unreadable: 1,
    })
    expect(await kept()).toMatchObject([{ kind: 'history-log', reason: 'unreadable' }])
  })

  it('reads lines with a mark of order, ends of Windows, blank lines, and without a last end', async () => {
    const { bring } = await anArchive()
    const records = ['A', 'B', 'C'].map((msgUID) => JSON.stringify(aRecord({ msgUID })))
    expect(await bring(`\uFEFF${records[0]}\r\n\r\n\n1: ${records[1]},\r\n${records[2]}`)).toMatchObject({
      read: 3,
      filled: 3,
    })
  })

  it('keeps numbers that are larger than JavaScript has, and texts of own types', async () => {
    const { bring, one } = await anArchive()
    const number = JSON.stringify(aRecord({ msgUID: 'A', content: { id: 1 } })).replace(
      ':1}',
      ':12345678901234567890}',
    )
    await bring(
      `${number}\n${linesOfRecords([aRecord({ msgUID: 'B', classname: 'app:x', content: '{ any text' })])}`,
    )
    expect((await one('A'))?.content).toBe('{"id":12345678901234567890}')
    expect((await one('B'))?.content).toBe('{ any text')
  })

  it('lets a kept line be replayed', async () => {
    const { bring, kept, deps, archive } = await anArchive()
    await bring(`{"half\n${linesOfRecords([aRecord({ msgUID: 'B' })])}`)
    const [delivery] = await kept()
    if (!delivery) throw new Error('nothing was kept')
    const mended = { ...delivery, body: JSON.stringify(aRecord()) }
    const replayed = await replayDelivery({ ...deps, now: () => NOW_MS }, mended, { dryRun: false })
    expect(replayed.outcome).toBe('recorded')
    expect(archive.logged).toEqual([])
  })

  it.each([
    ['of many lines', 5000, ''],
    ['of long lines', 500, 'x'.repeat(5000)],
    ['of few lines', 3, ''],
  ])('refuses a file %s that is no log, and keeps nothing of it', async (_what, count, more) => {
    const { bring, kept } = await anArchive()
    const lines = Array.from({ length: count }, (_, i) => `{"line":${i},"more":"${more}"}\n`)
    await expect(bring(lines.join(''))).rejects.toThrow('log.txt does not look like a history log')
    expect(await kept()).toEqual([])
  })

  it('passes over records of other apps when told so, and else keeps them aside', async () => {
    const { bring, one, kept } = await anArchive()
    const log = linesOfRecords([aRecord(), aRecord({ msgUID: 'B', appId: 'another' })])
    const appKey = 'uwd1c0sxdlx2'
    const narrowed = await bring(log, { appKey, others: 'passed over' })
    expect(narrowed).toEqual({ read: 1, known: 0, filled: 1, different: 0, unreadable: 0 })
    expect([await one('B'), await kept()]).toEqual([undefined, []])
    expect(await bring(log, { appKey })).toMatchObject({ read: 2, known: 1, unreadable: 1 })
    expect(await kept()).toMatchObject([{ detail: 'a record of the app another' }])
  })

  it('keeps the bytes of a record that is no UTF-8, beside the message', async () => {
    const { bring, one, kept } = await anArchive()
    const text = linesOfRecords([
      aRecord({ content: { content: '?' } }),
      aRecord({ msgUID: 'B', content: '\uFFFD' }),
    ])
    const bytes = new TextEncoder().encode(text)
    bytes[bytes.indexOf(0x3f)] = 0xff
    for (const counts of [{ filled: 2 }, { known: 2 }]) {
      expect(await bring(bytes)).toMatchObject({ read: 2, ...counts })
      expect((await one())?.content).toBe('{"content":"\uFFFD"}')
      expect(await kept()).toMatchObject([{ kind: 'history-log', reason: 'lossy', bodyEncoding: 'base64' }])
    }
    const [{ body } = { body: '' }] = await kept()
    expect(atob(body)).toContain('\xFF')
  })

  it('believes a record whose content differs that the message was not delivered, and no other record', async () => {
    const { bring, one, callback, listed } = await anArchive()
    const toMember = { fromUserId: 'shop_7', toUserId: 'u1' }
    await callback(toMember)
    await callback({ ...toMember, msgUID: 'SECOND' })
    const record = {
      fromUserId: 'shop_7',
      targetId: 'u1',
      content: { content: 'another' },
      isDiscard: 'true',
    }
    const log = linesOfRecords([
      aRecord(record),
      aRecord({ ...record, msgUID: 'SECOND', classname: 'RC:InfoNtf' }),
    ])
    expect(await bring(log)).toMatchObject({ different: 2 })
    expect(await one()).toMatchObject({ content: CALLBACK.content, logFlags: 1 })
    expect(await listed()).toEqual(['SECOND'])
  })

  it.each(['isDiscard', 'isForbidden'])(
    'never shows a member what another sent and RongCloud did not deliver (%s)',
    async (flag) => {
      const { bring, callback, listed } = await anArchive()
      await callback({ fromUserId: 'shop_7', toUserId: 'u1' })
      await callback({ msgUID: 'SECOND' })
      expect(await listed()).toHaveLength(2)
      const toMember = { fromUserId: 'shop_7', targetId: 'u1', [flag]: 'true' }
      await bring(
        linesOfRecords([
          aRecord(toMember),
          aRecord({ ...toMember, msgUID: 'FILLED' }),
          aRecord({ msgUID: 'SECOND', [flag]: 'true' }),
        ]),
      )
      expect(await listed()).toEqual(['SECOND'])
    },
  )

  it('takes in what a signal says of another message', async () => {
    const { bring, callback, archive } = await anArchive()
    await callback()
    const content = {
      conversationType: 1,
      targetId: 'shop_7',
      messageUId: CALLBACK.msgUID,
      sentTime: 1_734_595_200_123,
    }
    await bring(linesOfRecords([aRecord({ msgUID: 'RECALL', classname: 'RC:RcCmd', content })]))
    const { items } = await getJson<{ items: { recalled: boolean }[] }>(
      archive,
      '/chat-records/list?memberId=1&sellerId=7',
    )
    expect(items).toMatchObject([{ recalled: true }])
  })

  it('gives way to the callback when that comes after all', async () => {
    const { bring, one, callback, kept, listed } = await anArchive()
    await bring(linesOfRecords([aRecord({ isNotForward: 'true' })]))
    const before = await one()
    await callback({ msgTimestamp: '1734595200999', content: '{ "content": "再见" }' })
    expect(await one()).toMatchObject({
      id: before?.id,
      origin: 'callback',
      content: '{ "content": "再见" }',
      sentAtMs: 1_734_595_200_999,
      logFlags: 8,
    })
    expect(await kept()).toEqual([])
    expect(await listed()).toEqual([CALLBACK.msgUID])
  })
})
