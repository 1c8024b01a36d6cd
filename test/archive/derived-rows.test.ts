import { openArchive } from '#open-archive'
import { asc, sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DERIVED } from '../../src/archive/derived.ts'
import { recordChanges } from '../../src/archive/changes.ts'
import { createChange } from '../../src/domain/message-change.ts'
import { chats, conversations, messageChanges, messages } from '../../src/archive/schema.ts'
import type { Store } from '../../src/archive/store.ts'
import { KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { bearer, deliverMessage, getJson, post } from '../support/requests.ts'

const FIRST_MS = 1_734_595_200_123

const TYPES = ['RC:TxtMsg', 'RC:ImgMsg', 'RC:ReadNtf', 'RC:TypSts', 'app:Own']
// Signals and states are in nobody's list of records unless asked for.
const NOT_LISTED = new Set(['RC:ReadNtf', 'RC:TypSts'])

type Sent = {
  uid: number
  ms: number
  type: string
  channel: string
  fromMember: boolean
  member: number
  seller: string
  sensitive: number
}
type Step = { send: Sent } | { create: string } | { deleteNth: number }

// Few uids and few moments: repeats, conflicts and ties are the rule.
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        send: fc.record({
          uid: fc.integer({ min: 0, max: 14 }),
          ms: fc.integer({ min: 0, max: 3 }),
          type: fc.constantFrom('RC:TxtMsg', 'RC:TxtMsg', ...TYPES),
          channel: fc.constantFrom('PERSON', 'PERSON', 'PERSON', 'CUSTOMERSERVICE', 'GROUP'),
          fromMember: fc.boolean(),
          member: fc.constantFrom(1, 1, 1, 2),
          seller: fc.constantFrom('a', 'a', 'a', 'b'),
          sensitive: fc.constantFrom(0, 0, 0, 1),
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ create: fc.constantFrom('a', 'b') }) },
    { weight: 3, arbitrary: fc.record({ deleteNth: fc.integer({ min: 0, max: 9 }) }) },
  ),
  { maxLength: 30, size: 'max' },
)

async function take(archive: ArchiveUnderTest, run: number, step: Step): Promise<void> {
  if ('send' in step) await sendOne(archive, run, step.send)
  else if ('create' in step) await createOne(archive, run, step.create)
  else await deleteOne(archive, run, step.deleteNth)
}

async function sendOne(archive: ArchiveUnderTest, run: number, sent: Sent) {
  const [memberId, sellerId] = [`u${run}${sent.member}`, `shop_${run}${sent.seller}`]
  await deliverMessage(archive, {
    msgUID: `${run}-${sent.uid}`,
    msgTimestamp: String(FIRST_MS + sent.ms),
    objectName: sent.type,
    channelType: sent.channel,
    sensitiveType: String(sent.sensitive),
    fromUserId: sent.fromMember ? memberId : sellerId,
    toUserId: sent.fromMember ? sellerId : memberId,
  })
}

async function createOne(archive: ArchiveUnderTest, run: number, seller: string) {
  const written = { memberId: `${run}1`, sellerId: `${run}${seller}`, messageType: 'RC:TxtMsg', cnt: 'hi' }
  await post(archive, '/chat-records/create', { ...written, sender: 'seller' })
}

async function deleteOne(archive: ArchiveUnderTest, run: number, nth: number) {
  const path = `/api/v1/messages?userId=u${run}1&limit=500`
  const { items } = await getJson<{ items: { id: number }[] }>(archive, path)
  const message = items[nth % Math.max(items.length, 1)]
  if (!message) return
  const form = { memberId: `${run}1`, id: String(message.id) }
  const { status } = await post(archive, '/chat-records/delete', form, bearer(KEYS.delete))
  // A blocked message, or one of a group, is no record of the member.
  expect([200, 404]).toContain(status)
}

type Totals = { id: number; messageCount: number; lastMessageId: number | null; lastSentAtMs: number | null }

function totalsOf(id: number, rows: readonly { id: number; sentAtMs: number }[]): Totals {
  const newest = rows.toSorted((one, other) => other.sentAtMs - one.sentAtMs || other.id - one.id)[0]
  const last = { lastMessageId: newest?.id ?? null, lastSentAtMs: newest?.sentAtMs ?? null }
  return { id, messageCount: rows.length, ...last }
}

/** Counts everything again, from what was received alone. */
async function recount({ db }: Store) {
  const rows = await db.select().from(messages)
  const changes = await db.select().from(messageChanges)
  const deleted = new Set(changes.map(({ msgUID, byUserId }) => `${byUserId} ${msgUID}`))
  const chatRows = await db.select({ id: chats.id, memberUserId: chats.memberUserId }).from(chats)
  const conversationRows = await db.select().from(conversations).orderBy(asc(conversations.id))
  const within = conversationRows.map(({ id, chatId }) => {
    const member = chatRows.find((chat) => chat.id === chatId)?.memberUserId
    const all = rows.filter(({ conversationId }) => conversationId === id)
    const isShown = (row: (typeof rows)[number]) =>
      !NOT_LISTED.has(row.objectName) &&
      !(row.sensitiveType === 1 && row.fromUserId !== member) &&
      !deleted.has(`${member} ${row.msgUID}`)
    return { all: totalsOf(id, all), listed: totalsOf(id, all.filter(isShown)) }
  })
  return { all: within.map(({ all }) => all), listed: within.map(({ listed }) => listed) }
}

async function kept({ db }: Store): Promise<Record<'all' | 'listed', Totals[]>> {
  const rows = await db.select().from(conversations).orderBy(asc(conversations.id))
  return {
    all: rows.map(({ id, messageCount, lastMessageId, lastSentAtMs }) => ({
      id,
      messageCount,
      lastMessageId,
      lastSentAtMs,
    })),
    listed: rows.map(({ id, listedCount, lastListedId, lastListedAtMs }) => ({
      id,
      messageCount: listedCount,
      lastMessageId: lastListedId,
      lastSentAtMs: lastListedAtMs,
    })),
  }
}

/** What `archive verify` would find. */
async function differing({ db }: Store): Promise<string[]> {
  const found = await Array.fromAsync(DERIVED, async (derived) => {
    const rows = await db.all(sql.raw(derived.differing))
    return rows.length > 0 ? [derived.name] : []
  })
  return found.flat()
}

describe('counts and last messages', () => {
  it('are those of a recount, whatever was sent, repeated and deleted in whatever order', async () => {
    const archive = await openArchive()
    let runs = 0
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const run = ++runs + 100
        await Array.fromAsync(all, (step) => take(archive, run, step))
        expect(await kept(archive.store)).toEqual(await recount(archive.store))
      }),
      { numRuns: 40 },
    )
    expect(await differing(archive.store)).toEqual([])
    const { listed: found } = await kept(archive.store)
    expect(found.some(({ messageCount }) => messageCount > 1)).toBe(true)
  })

  it('are those of a recount when everything comes at once', async () => {
    const archive = await openArchive()
    const moments = Array.from({ length: 60 }, (_, i) => ({ uid: i % 45, ms: (i * 7) % 5 }))
    const common = { type: 'RC:TxtMsg', channel: 'PERSON', sensitive: 0, seller: 'a' }
    await Promise.all(
      moments.map(({ uid, ms }) =>
        take(archive, 1, { send: { ...common, uid, ms, fromMember: ms % 2 === 0, member: (uid % 2) + 1 } }),
      ),
    )
    await Promise.all(moments.map(({ uid }) => take(archive, 1, { deleteNth: uid })))
    expect(await kept(archive.store)).toEqual(await recount(archive.store))
  })

  it('go back to the message before when the last one is deleted, and to none after the first', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A', msgTimestamp: String(FIRST_MS) })
    await deliverMessage(archive, { msgUID: 'B', msgTimestamp: String(FIRST_MS + 1) })
    const listed = async () => (await kept(archive.store)).listed[0]
    expect(await listed()).toMatchObject({ messageCount: 2, lastMessageId: 2, lastSentAtMs: FIRST_MS + 1 })
    await post(archive, '/chat-records/delete', { memberId: '1', id: '2' })
    await post(archive, '/chat-records/delete', { memberId: '1', id: '2' })
    expect(await listed()).toMatchObject({ messageCount: 1, lastMessageId: 1, lastSentAtMs: FIRST_MS })
    await post(archive, '/chat-records/delete', { memberId: '1', id: '1' })
    expect(await listed()).toMatchObject({ messageCount: 0, lastMessageId: null, lastSentAtMs: null })
    expect((await kept(archive.store)).all).toMatchObject([{ messageCount: 2, lastMessageId: 2 }])
  })

  it('go back to the message that was sent before, not to the one that arrived before', async () => {
    const archive = await openArchive()
    const send = (msgUID: string, ms: number) =>
      deliverMessage(archive, { msgUID, msgTimestamp: String(FIRST_MS + ms) })
    await Array.fromAsync([2, 1, 3], (ms) => send(`at ${ms}`, ms))
    await post(archive, '/chat-records/delete', { memberId: '1', id: '3' })
    expect((await kept(archive.store)).listed).toMatchObject([
      { messageCount: 2, lastMessageId: 1, lastSentAtMs: FIRST_MS + 2 },
    ])
  })

  it('do not change when somebody else empties their own view', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const before = await kept(archive.store)
    const [message] = await archive.store.db.select().from(messages)
    const change = createChange({
      appKey: String(message?.appKey),
      msgUID: String(message?.msgUID),
      upToMs: null,
      conversation: null,
      kind: 'delete',
      byUserId: 'shop_a',
      atMs: FIRST_MS,
      data: null,
    })
    await recordChanges(archive.store, [change], { receivedAtMs: FIRST_MS, origin: 'rest' })
    expect(await kept(archive.store)).toEqual(before)
    expect(before.listed).toMatchObject([{ messageCount: 1 }])
  })

  it('are found wrong where they are, and mended', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A' })
    await deliverMessage(archive, { msgUID: 'B', channelType: 'GROUP', toUserId: 'g', objectName: 'X:Y' })
    const wrapped = { objectName: 'RC:IWNormalMsg', content: '{"msgType":"X:Z","msgFields":{}}' }
    await deliverMessage(archive, { msgUID: 'C', channelType: 'GROUP', toUserId: 'g', ...wrapped })
    await post(archive, '/chat-records/delete', { memberId: '1', id: '1' })
    const before = await kept(archive.store)
    await archive.store.atomically(
      [
        'UPDATE conversations SET message_count = 7, last_listed_id = 9',
        'UPDATE messages SET listing = 2 WHERE id = 1',
        "UPDATE senders SET user_id = 'nobody'",
        'UPDATE unknown_object_names SET message_count = 2',
      ].map((text) => ({ sql: text, params: [] })),
    )
    expect(await differing(archive.store)).toEqual(DERIVED.map(({ name }) => name))
    for (const derived of DERIVED) {
      const rows = await archive.store.db.all<[number]>(sql.raw(derived.differing))
      await archive.store.atomically([derived.mend(rows.map(([id]) => id))])
    }
    expect(await differing(archive.store)).toEqual([])
    expect(await kept(archive.store)).toEqual(before)
  })
})
