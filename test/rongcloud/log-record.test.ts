import { describe, expect, it } from 'vitest'
import { BEIJING, logZoneOf, UTC } from '../../src/domain/log-zone.ts'
import { fromBits } from '../../src/domain/log-flags.ts'
import { readHour, readLogTime, writeHour } from '../../src/rongcloud/history-log/hours.ts'
import { parseLogRecord } from '../../src/rongcloud/history-log/record.ts'
import { hashing } from '../support/hashing.ts'
import { aRecord } from '../support/history-log.ts'

const SENT_MS = 1_734_595_200_123

function read(line: string, zone = BEIJING) {
  const result = parseLogRecord(line, { appKey: null, receivedAtMs: 1, zone, hashing })
  if ('unreadable' in result) throw new Error(result.unreadable)
  const { message, ...others } = result
  return { ...message, ...others, fields: message.fields && (JSON.parse(message.fields) as unknown) }
}
const of = (given: Record<string, unknown>, zone = BEIJING) => read(JSON.stringify(aRecord(given)), zone)

describe('the zone of logs', () => {
  it.each([
    ['Asia/Shanghai', 8],
    ['Asia/Singapore', 8],
    ['UTC', 0],
    ['Etc/UTC', 0],
    ['Asia/Riyadh', 3],
    ['+08:00', 8],
    ['UTC+8', 8],
    ['GMT-5', -5],
  ])('%s is %i hours ahead of UTC', (name, hours) => {
    expect(logZoneOf(name)).toEqual({ name, aheadOfUtcMs: hours * 3_600_000 })
  })

  it.each(['Mars/Olympus', '', 'America/New_York', 'Asia/Kolkata', '+08:30', 'UTC+25'])(
    '%j is none: its hours are not those of UTC all year',
    (name) => {
      expect(logZoneOf(name)).toBeNull()
    },
  )

  it('says which hour a log is of, both ways', () => {
    const startMs = Date.parse('2024-12-31T16:00:00Z')
    expect([writeHour(startMs, BEIJING), writeHour(startMs, UTC)]).toEqual(['2025010100', '2024123116'])
    expect([readHour('2025010100', BEIJING), readHour('2024123116', UTC)]).toEqual([startMs, startMs])
    expect(readHour('2024123124', UTC)).toBeNull()
  })

  it.each([
    ['2024-12-19 16:00:00.123', SENT_MS],
    ['2024-12-19T08:00:00.123Z', SENT_MS],
    ['2024-12-19 09:00:00.123+0100', SENT_MS],
    ['2024-12-19 03:30:00.123-04:30', SENT_MS],
    ['2024-12-19 16:00:00.123456', SENT_MS],
    ['1734595200123', SENT_MS],
    ['1734595200', 1_734_595_200_000],
    ['2024-12-19 16:60:00', null],
    ['soon', null],
  ])('reads %s in it, unless it says a zone of its own', (text, ms) => {
    expect(readLogTime(text, BEIJING)).toBe(ms)
  })
})

describe('the time of a record', () => {
  it.each([
    ['as a number', { timestamp: SENT_MS }],
    ['as text', { timestamp: String(SENT_MS) }],
    ['that is the same in UTC', { timestamp: SENT_MS, dateTime: '2024-12-19 08:00:00.123' }, UTC],
  ])('is its timestamp, %s, which says no more than the column', (_what, given, zone = BEIJING) => {
    expect(of(given, zone)).toMatchObject({ sentAtMs: SENT_MS, fields: null, problem: null })
  })

  it('is its timestamp in seconds too; the milliseconds of dateTime are kept', () => {
    expect(of({ timestamp: 1_734_595_200 })).toMatchObject({
      sentAtMs: 1_734_595_200_000,
      fields: { dateTime: '2024-12-19 16:00:00.123' },
      problem: null,
    })
  })

  it.each([
    ['2024-12-19 08:00:00.123', /8 hours .*that of UTC, not of Asia\/Shanghai .*RONGCLOUD_LOG_ZONE/],
    ['2024-12-19 19:00:00.100', /3 hours .*that of UTC\+11/],
    ['2024-12-19 16:00:05.123', /dateTime is 5 seconds from timestamp, which counts/],
    ['2024-12-21 16:00:00.123', /dateTime is 172800 seconds from timestamp/],
    ['yesterday', /dateTime is no time: yesterday/],
  ])('is its timestamp where dateTime is another, %s, which is kept and told', (dateTime, problem) => {
    expect(of({ timestamp: SENT_MS, dateTime })).toMatchObject({
      sentAtMs: SENT_MS,
      fields: { dateTime },
      problem: expect.stringMatching(problem) as string,
    })
  })

  it('is its timestamp within a second of dateTime, without a word', () => {
    expect(of({ timestamp: SENT_MS + 1000 })).toMatchObject({ sentAtMs: SENT_MS + 1000, problem: null })
  })

  it('is its dateTime where timestamp is none, which is kept and told', () => {
    expect(of({ timestamp: 0 })).toMatchObject({
      sentAtMs: SENT_MS,
      fields: { timestamp: 0 },
      problem: 'timestamp is no time: 0',
    })
  })

  it('is that of its reading where it has none', () => {
    expect(of({ dateTime: undefined })).toMatchObject({ sentAtMs: 1, problem: 'dateTime is missing' })
  })
})

describe('what a record says', () => {
  it.each([
    ['an empty GroupId', { GroupId: '' }],
    ['the target again', { GroupId: 'shop_7' }],
    ['a kind in words', { targetType: 'PERSON' }],
    ['flags that are no text', { isDiscard: false }],
    ['what is not there', { source: null, busChannel: null, timestamp: null }],
  ])('in columns is no field: %s', (_what, given) => {
    expect(of(given)).toMatchObject({ fields: null })
  })

  it.each([
    { GroupId: '4971' },
    { busChannel: 'a channel of nobody' },
    { isForbidden: 'no' },
    { isForbidden: 'TRUE' },
    { source: { os: 'iOS' } },
    { GroupId: ['g1'] },
    { extra: null },
    { isNew: '' },
    { timestamp: SENT_MS, msgTimestamp: 5 },
    { size: { of: [1, '2', { nested: true }] } },
  ])('in no column is a field: %j', (given) => {
    const { timestamp: _inColumn, ...left } = given as Record<string, unknown>
    expect(of(given).fields).toEqual(left)
  })

  it('keeps every digit of a number, and every value of a name that comes twice', () => {
    const line = JSON.stringify(aRecord({ GroupId: 'x' })).replace(
      '"GroupId":"x"',
      '"GroupId":"4971","seq":12345678901234567890,"source":"iOS","GroupId":"4972","appId":"uwd1c0sxdlx2","appId":"other"',
    )
    const result = parseLogRecord(line, { appKey: null, receivedAtMs: 1, zone: BEIJING, hashing })
    expect('message' in result && result.message.fields).toBe(
      '{"GroupId":["4971","4972"],"appId":"other","seq":12345678901234567890}',
    )
  })

  it.each([['true'], ['TRUE'], ['1'], [1], [true]])('takes the flag %j for set', (isDiscard) => {
    expect(fromBits(of({ isDiscard }).flags).isDiscard).toBe(true)
  })
})

describe('a record that lacks something', () => {
  it('without msgUID has an identity made of its fields, the same each time', () => {
    const lacking = { msgUID: '', source: 'Android' }
    expect(of(lacking).msgUID).toMatch(/^sha256:/)
    expect(of({ ...lacking, source: 'iOS' }).msgUID).toBe(of(lacking).msgUID)
    expect(of({ ...lacking, content: { content: '再见' } }).msgUID).not.toBe(of(lacking).msgUID)
    expect(of(lacking)).toMatchObject({ problem: null })
  })

  it('without msgUID is another where dateTime is, but not where that is of another zone', () => {
    const uidOf = (dateTime: string, zone = BEIJING) =>
      of({ msgUID: '', timestamp: SENT_MS, dateTime }, zone).msgUID
    const [one, other] = ['2024-12-19 16:01:00.123', '2024-12-19 16:02:00.123'].map((time) => uidOf(time))
    expect(one).not.toBe(other)
    const right = uidOf('2024-12-19 16:00:00.123')
    expect([uidOf('2024-12-19 08:00:00.123'), uidOf('2024-12-19 16:00:00.123', UTC), uidOf('')]).toEqual([
      right,
      right,
      right,
    ])
  })

  it('without targetId is to nobody in particular', () => {
    expect(of({ targetId: undefined })).toMatchObject({
      channelType: 'PERSON',
      targetId: '',
      problem: 'targetId is missing: it is to nobody in particular',
    })
    const nothing = { targetId: undefined, targetType: undefined }
    expect(of(nothing)).toMatchObject({
      channelType: 'NOTIFY',
      problem: expect.stringContaining('targetType is missing') as string,
    })
  })

  it('without targetId is to its group, where it names one', () => {
    expect(of({ targetType: 3, targetId: '', GroupId: 'g1' })).toMatchObject({
      targetId: 'g1',
      problem: null,
    })
    expect(of({ targetType: 1, targetId: '', GroupId: 'g1' })).toMatchObject({
      targetId: '',
      fields: { GroupId: 'g1' },
    })
  })

  it.each(['fromUserId', 'classname', 'content', 'targetType'])('without %s is none', (name) => {
    expect(() => of({ [name]: undefined })).toThrow(`missing ${name}`)
  })
})
