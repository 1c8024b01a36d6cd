import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { deliverAll, inTurn, list, listedUids, listPath, type ListAnswer } from './records.ts'

/** A message of a moment, named for what it is. */
const sent = (msgUID: string, ms: number) => ({ msgUID, msgTimestamp: String(ms) })

/** Messages just before, at both ends of, and just after a span. */
const around = (from: string, until: string) => [
  sent('before', Date.parse(from) - 1),
  sent('first', Date.parse(from)),
  sent('last', Date.parse(until)),
  sent('after', Date.parse(until) + 1),
]

const DAY = ['2024-12-18T16:00:00.000Z', '2024-12-19T15:59:59.999Z'] as const
const MINUTE = ['2024-12-19T08:05:00.000Z', '2024-12-19T08:05:59.999Z'] as const
const SECOND = ['2024-12-19T08:05:07.000Z', '2024-12-19T08:05:07.999Z'] as const
const MILLISECOND = ['2024-12-19T08:05:07.042Z', '2024-12-19T08:05:07.042Z'] as const

const WRITTEN = [
  ['2024-12-19', DAY],
  ['2024-12-19 16:05', MINUTE],
  ['2024-12-19T16:05', MINUTE],
  ['2024-12-19T08:05Z', MINUTE],
  ['2024-12-19T16:05+08:00', MINUTE],
  ['2024-12-19 16:05:07', SECOND],
  ['2024-12-19T08:05:07Z', SECOND],
  ['2024-12-19T16:05:07+08:00', SECOND],
  ['2024-12-19T03:05:07-05:00', SECOND],
  ['2024-12-20T00:05:07+1600', SECOND],
  [String(Date.parse(SECOND[0]) / 1000), SECOND],
  ['2024-12-19T08:05:07.042Z', MILLISECOND],
  ['2024-12-19T16:05:07.042+08:00', MILLISECOND],
  [String(Date.parse(MILLISECOND[0])), MILLISECOND],
] as const

describe('startTime and endTime of list', () => {
  it('cover all of what is written, both ends inclusive', async () => {
    const archive = await openArchive()
    const found = await inTurn(WRITTEN, async ([written, [from, until]]) => {
      // One millisecond has no inside.
      const messages = around(from, until).filter(({ msgUID }) => from !== until || msgUID !== 'last')
      const sellerId = written
      await deliverAll(
        archive,
        messages.map(({ msgUID, msgTimestamp }) => ({
          msgUID: `${written} ${msgUID}`,
          msgTimestamp,
          toUserId: `shop_${sellerId}`,
        })),
      )
      const shown = async (asked: Record<string, string>) => {
        const { items, meta } = await list(archive, { sellerId, ...asked })
        expect(meta.totalCount).toBe(items.length)
        return items.map((item) => item.msg_uid.slice(written.length + 1)).join(' ')
      }
      return [
        written,
        await shown({ startTime: written }),
        await shown({ endTime: written }),
        await shown({ startTime: written, endTime: written }),
      ]
    })
    expect(found).toEqual(
      WRITTEN.map(([written, [from, until]]) =>
        from === until
          ? [written, 'after first', 'first before', 'first']
          : [written, 'after last first', 'last first before', 'last first'],
      ),
    )
  })

  it('may be written in two different ways', async () => {
    const archive = await openArchive()
    await deliverAll(archive, around(MINUTE[0], DAY[1]))
    expect(await listedUids(archive, { startTime: '2024-12-19T08:05Z', endTime: '2024-12-19' })).toEqual([
      'last',
      'first',
    ])
  })

  it('find nothing when they are the wrong way round', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    expect(await listedUids(archive, { startTime: '2024-12-20', endTime: '2024-12-18' })).toEqual([])
  })

  it('understand a zone whose + the client did not encode', async () => {
    const archive = await openArchive()
    await deliverAll(archive, around(...SECOND))
    const page = await getJson<ListAnswer>(archive, `${listPath()}&startTime=2024-12-19T16:05:07+08:00`)
    expect(page.items.map((item) => item.msg_uid)).toEqual(['after', 'last', 'first'])
  })
})

describe('TIME_ZONE', () => {
  it('is that of addtime', async () => {
    const archive = await openArchive({ TIME_ZONE: 'America/New_York' })
    await deliverAll(archive, [
      sent('summer', Date.parse('2024-07-01T04:00:00.999Z')),
      sent('winter', Date.parse('2024-12-19T08:05:07.042Z')),
    ])
    const { items } = await list(archive)
    expect(items.map((item) => item.addtime)).toEqual(['2024-12-19 03:05:07', '2024-07-01 00:00:00'])
  })

  it('is Shanghai unless told otherwise, midnight being 00:00:00', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, sent('A', Date.parse('2024-12-31T16:00:00Z')))
    expect((await list(archive)).items.map((item) => item.addtime)).toEqual(['2025-01-01 00:00:00'])
  })

  // Clocks go back on this day.
  it('decides when a day begins and ends, even one of 25 hours', async () => {
    const archive = await openArchive({ TIME_ZONE: 'America/New_York' })
    await deliverAll(archive, around('2024-11-03T04:00:00.000Z', '2024-11-04T04:59:59.999Z'))
    expect(await listedUids(archive, { startTime: '2024-11-03', endTime: '2024-11-03' })).toEqual([
      'last',
      'first',
    ])
  })

  it('is that of times without a zone, and does not move those that have one', async () => {
    const archive = await openArchive({ TIME_ZONE: 'America/New_York' })
    await deliverAll(archive, around(...MINUTE))
    const minute = ['last', 'first']
    expect(await listedUids(archive, { startTime: '2024-12-19 03:05', endTime: '2024-12-19 03:05' })).toEqual(
      minute,
    )
    expect(
      await listedUids(archive, { startTime: '2024-12-19T08:05Z', endTime: '2024-12-19T16:05+08:00' }),
    ).toEqual(minute)
    expect(await listedUids(archive, { startTime: '2024-12-19 16:05' })).toEqual([])
  })
})
