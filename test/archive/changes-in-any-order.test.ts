import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { recordChanges } from '../../src/archive/changes.ts'
import { changesOfOperation } from '../../src/rongcloud/changes/index.ts'
import { APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deletion } from '../support/operations.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const FIRST_MS = 1_734_595_200_000

/** What RongCloud tells, by the number of the message it is about. */
type Told =
  | { send: number }
  | { recall: number; isDelete: boolean; elsewhere: boolean }
  | { recallByOperation: number; isDelete: boolean }
  | { receiptOf: number; byMember: boolean }
  | { deleteOne: number; byMember: boolean }
  | { deleteUpTo: number; byMember: boolean }
  | { edit: number; content: string; atMs: number }
  | { expand: number; key: string; value: string; atMs: number }
  | { readUpTo: number; byMember: boolean }

const nth = fc.integer({ min: 0, max: 5 })
const told: fc.Arbitrary<Told> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ send: nth }) },
  fc.record({ recall: nth, isDelete: fc.boolean(), elsewhere: fc.boolean() }),
  fc.record({ recallByOperation: nth, isDelete: fc.boolean() }),
  fc.record({ receiptOf: nth, byMember: fc.boolean() }),
  fc.record({ deleteOne: nth, byMember: fc.boolean() }),
  fc.record({ deleteUpTo: nth, byMember: fc.boolean() }),
  fc.record({ edit: nth, content: fc.constantFrom('a', 'b'), atMs: nth }),
  fc.record({ expand: nth, key: fc.constantFrom('k', 'l'), value: fc.constantFrom('1', '2'), atMs: nth }),
  fc.record({ readUpTo: nth, byMember: fc.boolean() }),
)

/** Each told once with an order to come in, and some of them a second time. */
const scenario = fc.array(fc.record({ told, place: fc.nat(), again: fc.option(fc.nat(), { freq: 3 }) }), {
  maxLength: 14,
  size: 'max',
})

/** Delivers to members and messages of their own, so that runs share an archive and do not meet. */
async function deliverTo(archive: ArchiveUnderTest, run: string, each: Told): Promise<void> {
  const member = `u${run}`
  const seller = `shop_${run}`
  const ends = (byMember: boolean) => (byMember ? ([member, seller] as const) : ([seller, member] as const))
  const carry = (byMember: boolean, atMs: number, objectName: string, content: unknown, more = {}) => {
    const [fromUserId, toUserId] = ends(byMember)
    const text = JSON.stringify(content)
    const msgTimestamp = String(FIRST_MS + atMs)
    const msgUID = `${run}-${objectName}-${byMember}-${text}-${atMs}-${JSON.stringify(more)}`
    return deliverMessage(archive, {
      fromUserId,
      toUserId,
      objectName,
      content: text,
      msgTimestamp,
      msgUID,
      ...more,
    })
  }
  const operate = (byMember: boolean, how: Parameters<typeof deletion>[0]) => {
    const [fromUserId, targetId] = ends(byMember)
    const changes = changesOfOperation(deletion({ fromUserId, targetId, ...how }), APP.appKey)
    return recordChanges(archive.store, changes, { receivedAtMs: archive.clock.nowMs, origin: 'callback' })
  }
  const uid = (i: number) => `${run}-message-${i}`

  if ('send' in each) {
    await carry(
      each.send % 2 === 0,
      each.send * 10,
      'RC:TxtMsg',
      { content: `${each.send}` },
      { msgUID: uid(each.send) },
    )
  } else if ('recall' in each) {
    const command = { messageUId: uid(each.recall), isDelete: each.isDelete }
    const elsewhere = each.elsewhere ? { toUserId: `${seller}x` } : {}
    await carry(true, 500 + each.recall, 'RC:RcCmd', command, elsewhere)
  } else if ('recallByOperation' in each) {
    const { recallByOperation, isDelete } = each
    await operate(true, {
      eventType: 'recall',
      messageId: uid(recallByOperation),
      isDelete,
      deleteType: null,
    })
  } else if ('receiptOf' in each) {
    const [, sender] = ends(each.byMember)
    const receipt = { receiptMessageDic: { [sender]: [uid(each.receiptOf)] } }
    await carry(each.byMember, 850 + each.receiptOf, 'RC:RRRspMsg', receipt)
  } else if ('deleteOne' in each) {
    await operate(each.byMember, { deleteType: 'message', messageId: uid(each.deleteOne) })
  } else if ('deleteUpTo' in each) {
    await operate(each.byMember, { deleteType: 'time', deleteUpToMs: FIRST_MS + each.deleteUpTo * 10 })
  } else if ('edit' in each) {
    const edit = { originalMsgUID: uid(each.edit) }
    // No two shown ones at the same time: those are in the order in which they came.
    const atMs = 600 + each.atMs * 20 + each.edit * 2 + Number(each.content === 'b')
    await carry(each.edit % 2 === 0, atMs, 'RC:TxtMsg', { content: each.content }, edit)
  } else if ('expand' in each) {
    const expansion = { mid: uid(each.expand), put: { [each.key]: each.value } }
    await carry(true, 700 + each.atMs, 'RC:MsgExMsg', expansion)
  } else {
    await carry(each.byMember, 800, 'RC:ReadNtf', { lastMessageSendTime: FIRST_MS + each.readUpTo * 10 })
  }
}

/** All that anybody is shown, without what differs between runs: ids, and the run in names. */
async function shownOf(archive: ArchiveUnderTest, run: string): Promise<unknown> {
  const records = `memberId=${run}&sellerId=${run}`
  const list = await getJson<object>(archive, `/chat-records/list?${records}`)
  const chats = await getJson<object[]>(archive, `/chat-records/chat-list?memberId=${run}`)
  const path = `/api/v1/messages?userId=u${run}&limit=500`
  const { items } = await getJson<{ items: { id: number }[] }>(archive, path)
  const readBy = await Array.fromAsync(items, async ({ id }) => {
    const detail = await getJson<{ readBy: object[]; state: object }>(archive, `/api/v1/messages/${id}`)
    return { readBy: detail.readBy, state: detail.state }
  })
  const withoutIds = (name: string, value: unknown) =>
    ['id', 'conversationId', 'receivedAtMs'].includes(name) ? undefined : value
  const text = JSON.stringify({ list, chats, items, readBy }, withoutIds)
  return JSON.parse(text.replaceAll(run, '1'))
}

it('messages and their changes show the same, in whatever order and however often they come', async () => {
  const archive = await openArchive()
  let runs = 0
  let hidden = 0
  await fc.assert(
    fc.asyncProperty(scenario, async (all) => {
      runs++
      const [straight, shuffled] = [`77${runs}001`, `77${runs}002`]
      await Array.fromAsync(all, ({ told: each }) => deliverTo(archive, straight, each))
      const arrivals = all.flatMap(({ told: each, place, again }) => [
        { each, place },
        ...(again === null ? [] : [{ each, place: again }]),
      ])
      const inOtherOrder = arrivals.toSorted((one, other) => one.place - other.place)
      await Array.fromAsync(inOtherOrder, ({ each }) => deliverTo(archive, shuffled, each))
      const expected = await shownOf(archive, straight)
      expect(await shownOf(archive, shuffled)).toEqual(expected)
      if (JSON.stringify(expected).includes('"deletedBy":["u')) hidden++
    }),
    { numRuns: 60 },
  )
  // Else the property says nothing.
  expect(hidden).toBeGreaterThan(0)
})
