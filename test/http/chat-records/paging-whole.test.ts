import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliverAll, inTurn, list, SENT_MS, type Item } from './records.ts'

const uidsOf = (items: readonly Item[]) => items.map((item) => item.msg_uid)

describe('all pages together', () => {
  const TYPES = ['RC:TxtMsg', 'app:order', 'RC:CmdMsg'] as const

  // Four milliseconds for up to 24 messages: most share their time with another.
  const arbitraryCase = fc.record({
    messages: fc.array(
      fc.record({ ms: fc.nat(3), type: fc.constantFrom(...TYPES), fromSeller: fc.boolean() }),
      { maxLength: 24, size: 'max' },
    ),
    pageSize: fc.integer({ min: 1, max: 9 }),
    type: fc.option(fc.constantFrom(...TYPES)),
    from: fc.option(fc.nat(4)),
    until: fc.option(fc.nat(4)),
  })

  it('cut through messages of one time in order of their ids, from either end', async () => {
    const archive = await openArchive()
    const uids = Array.from({ length: 9 }, (_, i) => String(i + 1))
    await deliverAll(
      archive,
      uids.map((msgUID) => ({ msgUID })),
    )
    const pages = await inTurn(['1', '2', '3', '4', '5'], (page) => list(archive, { page, pageSize: '2' }))
    expect(pages.map(({ items }) => uidsOf(items).join(''))).toEqual(['98', '76', '54', '32', '1'])
  })

  it('are the full list without gap or repeat, with ties and with filters', async () => {
    const archive = await openArchive()
    let member = 1
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async ({ messages, pageSize, type, from, until }) => {
        // A member of its own for each case.
        const user = `u${++member}`
        const sent = messages.map(({ ms, type: objectName, fromSeller }, i) => ({
          msgUID: `${user} ${i}`,
          objectName,
          fromUserId: fromSeller ? 'shop_a' : user,
          toUserId: fromSeller ? user : 'shop_a',
          msgTimestamp: String(SENT_MS + ms),
        }))
        await deliverAll(archive, sent)

        const expected = sent
          .map(({ msgUID, objectName, msgTimestamp }, i) => ({
            msgUID,
            objectName,
            ms: Number(msgTimestamp) - SENT_MS,
            i,
          }))
          .filter(({ objectName }) => (type === null ? objectName !== 'RC:CmdMsg' : objectName === type))
          .filter(({ ms }) => ms >= (from ?? 0) && ms <= (until ?? 9))
          .toSorted((a, b) => b.ms - a.ms || b.i - a.i)
          .map(({ msgUID }) => msgUID)

        const asked = {
          memberId: String(member),
          ...(type !== null && { messageType: type }),
          ...(from !== null && { startTime: String(SENT_MS + from) }),
          ...(until !== null && { endTime: String(SENT_MS + until) }),
          pageSize: String(pageSize),
        }
        const pageCount = Math.ceil(expected.length / pageSize)
        const numbers = Array.from({ length: Math.max(pageCount, 1) }, (_, i) => i + 1)
        const pages = await Promise.all(
          numbers.map((page) => list(archive, { ...asked, page: String(page) })),
        )
        expect(pages.flatMap((page) => uidsOf(page.items))).toEqual(expected)
        expect(pages.map((page) => page.meta)).toEqual(
          numbers.map((currentPage) => ({
            totalCount: expected.length,
            pageCount,
            currentPage,
            perPage: pageSize,
          })),
        )
      }),
      { numRuns: 25 },
    )
  })
})
