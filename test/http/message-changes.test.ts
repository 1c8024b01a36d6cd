import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { recordChanges } from '../../src/archive/changes.ts'
import { changesOfOperation } from '../../src/rongcloud/changes/index.ts'
import { APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deletion } from '../support/operations.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const FIRST_MS = 1_734_595_200_000
const RECORDS = '/chat-records/list?memberId=1&sellerId=a'

type Records = { items: { cnt: string; recalled: boolean }[]; _meta: { totalCount: number } }

const recordsOf = (archive: ArchiveUnderTest) => getJson<Records>(archive, RECORDS)
const chatsOf = (archive: ArchiveUnderTest) =>
  getJson<{ cnt: string }[]>(archive, '/chat-records/chat-list?memberId=1')

async function send(archive: ArchiveUnderTest, msgUID: string, atMs: number, fields = {}) {
  const content = JSON.stringify({ content: msgUID })
  await deliverMessage(archive, { msgUID, msgTimestamp: String(FIRST_MS + atMs), content, ...fields })
}

const signal = (archive: ArchiveUnderTest, objectName: string, content: object, fields = {}) =>
  send(archive, `${objectName} ${JSON.stringify(content)}`, 500, {
    objectName,
    content: JSON.stringify(content),
    ...fields,
  })

async function stateOf(archive: ArchiveUnderTest, msgUID: string) {
  const { items } = await getJson<{ items: { id: number; state: object }[] }>(
    archive,
    `/api/v1/messages?msgUID=${msgUID}`,
  )
  return items[0]?.state
}

/** The member `u1`, or who is told, empties their view up to a moment. */
function emptyUpTo(archive: ArchiveUnderTest, atMs: number, fromUserId = 'u1') {
  const targetId = fromUserId === 'u1' ? 'shop_a' : 'u1'
  const operation = deletion({ fromUserId, targetId, deleteUpToMs: FIRST_MS + atMs })
  const arrival = { receivedAtMs: archive.clock.nowMs, origin: 'callback' as const }
  return recordChanges(archive.store, changesOfOperation(operation, APP.appKey), arrival)
}

describe('a recall', () => {
  it('empties the record and marks it, and leaves the message as received', async () => {
    const archive = await openArchive()
    await send(archive, 'A', 1)
    await signal(archive, 'RC:RcCmd', { messageUId: 'A', isDelete: false })
    expect((await recordsOf(archive)).items).toMatchObject([{ cnt: '', recalled: true }])
    expect(await chatsOf(archive)).toMatchObject([{ cnt: '' }])
    const { items } = await getJson<{ items: object[] }>(archive, '/api/v1/messages?msgUID=A')
    expect(items).toMatchObject([{ content: '{"content":"A"}', state: { recalled: { byUserId: 'u1' } } }])
  })

  it('has no say when another message has its identity', async () => {
    const archive = await openArchive()
    await send(archive, 'A', 1)
    await send(archive, 'B', 2)
    await send(archive, 'B', 2, { objectName: 'RC:RcCmd', content: '{"messageUId":"A"}' })
    expect(await stateOf(archive, 'A')).toMatchObject({ recalled: null })
  })

  it.each(['before', 'after'])(
    'without a trace takes the record away when it comes %s its message',
    async (when) => {
      const archive = await openArchive()
      const recall = () => signal(archive, 'RC:RcCmd', { messageUId: 'A', isDelete: true })
      if (when === 'before') await recall()
      await send(archive, 'A', 1)
      if (when === 'after') await recall()
      expect(await recordsOf(archive)).toMatchObject({ items: [], _meta: { totalCount: 0 } })
      expect(await chatsOf(archive)).toEqual([])
      expect(await stateOf(archive, 'A')).toMatchObject({ recalled: { isDelete: true } })
    },
  )

  it('of a message in another conversation does not count', async () => {
    const archive = await openArchive()
    await send(archive, 'A', 1)
    await signal(
      archive,
      'RC:RcCmd',
      { messageUId: 'A', isDelete: true },
      { fromUserId: 'u2', toUserId: 'shop_b' },
    )
    expect((await recordsOf(archive)).items).toMatchObject([{ recalled: false }])
    expect(await stateOf(archive, 'A')).toMatchObject({ recalled: null })
    const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/messages?msgUID=A')
    expect(await getJson(archive, `/api/v1/messages/${items[0]?.id}`)).toMatchObject({ changes: [] })
  })
})

describe('a deletion up to a moment', () => {
  it('hides from the member what was sent until then, also what arrives later', async () => {
    const archive = await openArchive()
    await send(archive, 'A', 1)
    await send(archive, 'B', 2)
    await emptyUpTo(archive, 2)
    await send(archive, 'older', 0)
    await send(archive, 'C', 3)
    expect(await recordsOf(archive)).toMatchObject({
      items: [{ cnt: '{"content":"C"}' }],
      _meta: { totalCount: 1 },
    })
    expect(await chatsOf(archive)).toMatchObject([{ cnt: '{"content":"C"}' }])
    expect(await stateOf(archive, 'older')).toMatchObject({ deletedBy: ['u1'] })
    expect(await stateOf(archive, 'C')).toMatchObject({ deletedBy: [] })
  })

  it('counts when it comes before the conversation has begun', async () => {
    const archive = await openArchive()
    await emptyUpTo(archive, 2)
    await send(archive, 'A', 1)
    await send(archive, 'C', 3)
    expect(await recordsOf(archive)).toMatchObject({ items: [{ cnt: '{"content":"C"}' }] })
  })

  it('counts as far as the furthest, however many a user has made', async () => {
    const archive = await openArchive()
    for (const atMs of [1, 3, 2]) await emptyUpTo(archive, atMs)
    await emptyUpTo(archive, 2, 'shop_a')
    await send(archive, 'A', 2)
    await send(archive, 'B', 3)
    await send(archive, 'C', 4)
    expect(await stateOf(archive, 'A')).toMatchObject({ deletedBy: ['shop_a', 'u1'] })
    expect(await stateOf(archive, 'B')).toMatchObject({ deletedBy: ['u1'] })
    expect(await stateOf(archive, 'C')).toMatchObject({ deletedBy: [] })
  })

  it('by the seller takes nothing from the member', async () => {
    const archive = await openArchive()
    await send(archive, 'A', 1)
    await emptyUpTo(archive, 2, 'shop_a')
    expect((await recordsOf(archive))._meta.totalCount).toBe(1) // oxlint-disable-line no-underscore-dangle
    expect(await stateOf(archive, 'A')).toMatchObject({ deletedBy: ['shop_a'] })
  })
})

it('an edit keeps every version, the original first of all', async () => {
  const archive = await openArchive()
  const group = { channelType: 'ULTRAGROUP', toUserId: 'g1', busChannel: 'c1' }
  await send(archive, 'A', 1, group)
  const edit = (to: string, atMs: number) => send(archive, to, atMs, { ...group, originalMsgUID: 'A' })
  await edit('second', 20)
  await edit('first', 10)
  expect(await stateOf(archive, 'A')).toMatchObject({
    versions: [
      { msgUID: 'first', text: 'first' },
      { msgUID: 'second', text: 'second' },
    ],
  })
})

it('expansions are merged, receipts name their readers, and the timeline has them all', async () => {
  const archive = await openArchive()
  await send(archive, 'A', 1)
  const fromShop = { fromUserId: 'shop_a', toUserId: 'u1' }
  await signal(archive, 'RC:MsgExMsg', { mid: 'A', put: { like: '1', star: '2' } })
  await signal(archive, 'RC:MsgExMsg', { mid: 'A', del: ['star'] }, { msgTimestamp: String(FIRST_MS + 600) })
  await signal(archive, 'RC:ReadNtf', { lastMessageSendTime: FIRST_MS + 1, type: 1 }, fromShop)
  const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/messages?msgUID=A')
  expect(await getJson(archive, `/api/v1/messages/${items[0]?.id}`)).toMatchObject({
    state: { expansion: { like: '1' } },
    readBy: [{ userId: 'shop_a', atMs: FIRST_MS + 500 }],
    changes: [{ kind: 'expansion' }, { kind: 'expansion' }, { kind: 'read', upToMs: FIRST_MS + 1 }],
  })
})
