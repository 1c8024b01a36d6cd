import { describe, expect, it } from 'vitest'
import { openArchive } from '#open-archive'
import { PAGE_BYTES } from '../../../src/archive/page.ts'
import { recordChanges } from '../../../src/archive/changes.ts'
import { conversationKeyOf } from '../../../src/domain/conversation.ts'
import { createChange } from '../../../src/domain/message-change.ts'
import { APP, KEYS, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverEvent } from '../../support/events.ts'
import { deliver, deliverMessage, get, getJson, post } from '../../support/requests.ts'

const LONG = 'x'.repeat(150_000)
const SENT_AT_MS = 1_734_595_200_000

type Item = { id: number; msgUID: string; content: string; state: { versions: object[]; edits: number } }
type Answer = { items: Item[]; next: string | null }

/** Of so many bytes that three are a page. */
async function withLongMessages(count: number): Promise<ArchiveUnderTest> {
  const archive = await openArchive()
  for (let i = 0; i < count; i++)
    await deliverMessage(archive, {
      msgUID: `LONG-${i}`,
      msgTimestamp: String(SENT_AT_MS + i),
      content: JSON.stringify({ content: LONG }),
    })
  return archive
}

/** Items of all pages, page by page. */
async function pagesOf<T>(archive: ArchiveUnderTest, path: string, name = 'cursor'): Promise<T[][]> {
  const pages: T[][] = []
  let address = path
  for (;;) {
    const { items, next } = await getJson<{ items: T[]; next: string | null }>(archive, address)
    pages.push(items)
    if (next === null || items.length === 0) return pages
    address = `${path}&${name}=${next}`
  }
}

describe('a page of long rows ends early', () => {
  it('and its cursor goes on: messages', async () => {
    const archive = await withLongMessages(7)
    const pages = await pagesOf<Item>(archive, '/api/v1/messages?limit=500')
    expect(pages.map((items) => items.length)).toEqual([3, 3, 1])
    expect(pages.flat().map(({ msgUID }) => msgUID)).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `LONG-${i}`))
  })

  it('and gives at least one', async () => {
    const archive = await withLongMessages(2)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 1, length: PAGE_BYTES })
    const pages = await pagesOf<Item>(archive, '/api/v1/messages?limit=500')
    expect(pages.map((items) => items.length)).toEqual([1, 1])
  })

  it('and says so by its cursor alone when it ends with the last row', async () => {
    const archive = await withLongMessages(3)
    const { items, next } = await getJson<Answer>(archive, '/api/v1/messages?limit=3')
    expect([items.length, next]).toEqual([3, null])
  })

  it('of a user and of a conversation too', async () => {
    const archive = await withLongMessages(4)
    for (const path of [
      '/api/v1/messages?limit=50&userId=u1',
      '/api/v1/messages?limit=50&conversationId=1',
    ]) {
      const pages = await pagesOf<Item>(archive, path)
      expect(pages.map((items) => items.length)).toEqual([3, 1])
    }
  })

  it('in the feed, where nothing is passed over', async () => {
    const archive = await withLongMessages(4)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 4, length: 150_000 })
    await deliverMessage(archive, { msgUID: 'LAST' })
    const pages = await pagesOf<{ type: string; message?: Item; change?: { id: number } }>(
      archive,
      '/api/v1/changes?limit=500',
      'after',
    )
    const all = pages.flat().map(({ message, change }) => message?.msgUID ?? change?.id)
    expect(all).toEqual(['LONG-0', 'LONG-1', 'LONG-2', 'LONG-3', 1, 2, 3, 4, 'LAST'])
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(5 * PAGE_BYTES)
  })

  it('in an export, which is whole all the same', async () => {
    const archive = await withLongMessages(7)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 9, length: 150_000 })
    for (const [path, changes] of [
      ['/api/v1/export', 9],
      ['/api/v1/export?conversationId=1', 9],
    ] as const) {
      const lines = (await (await get(archive, path)).text()).split('\n').filter((line) => line !== '')
      const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
      expect(types.filter((type) => type === 'message')).toHaveLength(7)
      expect(types.filter((type) => type === 'change')).toHaveLength(changes)
      expect(types.at(-1)).toBe('end')
    }
  })

  it('around a message, nearest first, and says on which side there is more', async () => {
    const archive = await withLongMessages(7)
    const { items } = await getJson<Answer>(archive, '/api/v1/messages?msgUID=LONG-3')
    const context = await getJson<{ before: Item[]; after: Item[]; more: object }>(
      archive,
      `/api/v1/messages/${items[0]?.id}/context?before=3&after=3`,
    )
    expect([context.before, context.after].map((side) => side.map(({ msgUID }) => msgUID))).toEqual([
      ['LONG-2'],
      ['LONG-4'],
    ])
    expect(context.more).toEqual({ before: true, after: true })
  })

  it('of deliveries, and replays go on behind it', async () => {
    const archive = await openArchive({ API_KEYS: `a:${KEYS.all}:read+admin` })
    for (let i = 0; i < 5; i++) await deliver(archive, `unreadable=${i}&much=${LONG}`)
    const pages = await pagesOf<{ id: number }>(archive, '/api/v1/deliveries?limit=500')
    expect(pages.map((items) => items.length)).toEqual([3, 2])
    const replay = async (after: number) =>
      (await (
        await post(archive, '/api/v1/deliveries/replay', JSON.stringify({ after, limit: 500 }))
      ).json()) as { items: { id: number }[]; next: number | null }
    const first = await replay(0)
    expect([first.items.length, first.next]).toEqual([3, first.items.at(-1)?.id])
    expect(await replay(first.next ?? 0)).toMatchObject({ items: [{}, {}], next: null })
  })

  it('of events', async () => {
    const archive = await openArchive()
    for (let i = 0; i < 4; i++)
      await deliverEvent(archive, 'user-deactivations', { userId: `u${i}`, much: LONG })
    const pages = await pagesOf<object>(archive, '/api/v1/events?limit=500')
    expect(pages.map((items) => items.length)).toEqual([3, 1])
  })

  it('of conversations with long last messages', async () => {
    const archive = await openArchive()
    for (let i = 0; i < 4; i++)
      await deliverMessage(archive, {
        msgUID: `LONG-${i}`,
        fromUserId: `u${i}`,
        content: JSON.stringify({ content: LONG }),
      })
    const pages = await pagesOf<object>(archive, '/api/v1/conversations?limit=500')
    expect(pages.map((items) => items.length)).toEqual([3, 1])
  })
})

describe('a message that was edited often', () => {
  it('comes with its newest versions, and with the number of all', async () => {
    const archive = await withLongMessages(1)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 30, length: 50_000 })
    const { items } = await getJson<Answer>(archive, '/api/v1/messages?limit=1')
    const { versions, edits } = items[0]?.state ?? { versions: [], edits: 0 }
    expect(edits).toBe(30)
    expect(versions.length).toBeGreaterThan(1)
    expect(versions.length).toBeLessThan(10)
    expect(versions.at(-1)).toMatchObject({ msgUID: 'EDIT-29' })
  })

  it('says what it says now, however long that is', async () => {
    const archive = await withLongMessages(1)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 2, length: 200_000 })
    const { items } = await getJson<Answer>(archive, '/api/v1/messages?limit=1')
    expect(items[0]?.state.versions).toMatchObject([{ msgUID: 'EDIT-1' }])
  })

  it('takes the room of its versions from the others of the page', async () => {
    const archive = await withLongMessages(3)
    await recordEdits(archive, { msgUID: 'LONG-2', count: 2, length: 200_000 })
    const pages = await pagesOf<Item>(archive, '/api/v1/messages?limit=500')
    expect(pages.map((items) => items.length)).toEqual([1, 2])
  })

  it('has all of its changes on pages', async () => {
    const archive = await withLongMessages(1)
    await recordEdits(archive, { msgUID: 'LONG-0', count: 7, length: 150_000 })
    const pages = await pagesOf<{ data: { msgUID: string } }>(archive, '/api/v1/messages/1/changes?limit=500')
    expect(pages.map((items) => items.length)).toEqual([3, 3, 1])
    expect(pages.flat().map(({ data }) => data.msgUID)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => `EDIT-${i}`))
  })
})

async function recordEdits(
  archive: ArchiveUnderTest,
  { msgUID, count, length }: { msgUID: string; count: number; length: number },
): Promise<void> {
  const place = { appKey: APP.appKey, channelType: 'PERSON', fromUserId: 'u1', targetId: 'shop_a' }
  for (let i = 0; i < count; i++) {
    const content = JSON.stringify({ content: `${i} ${'e'.repeat(length)}` })
    const change = createChange({
      kind: 'edit',
      appKey: APP.appKey,
      msgUID,
      upToMs: null,
      conversation: conversationKeyOf({ ...place, busChannel: '' }),
      byUserId: 'u1',
      atMs: SENT_AT_MS + 1000 + i,
      data: { msgUID: `EDIT-${i}`, objectName: 'RC:TxtMsg', content },
    })
    await recordChanges(archive.store, [change], { receivedAtMs: SENT_AT_MS, origin: 'callback' })
  }
}

describe('a page of chat-records', () => {
  it('keeps its number of records, however long they are, each once and in order', async () => {
    const archive = await withLongMessages(8)
    const whole = await getJson<{ items: { msg_uid: string; cnt: string }[]; _meta: object }>(
      archive,
      '/chat-records/list?memberId=1&sellerId=a&pageSize=7',
    )
    expect(whole.items.map(({ msg_uid }) => msg_uid)).toEqual([7, 6, 5, 4, 3, 2, 1].map((i) => `LONG-${i}`))
    expect(new Set(whole.items.map(({ cnt }) => cnt))).toEqual(new Set([JSON.stringify({ content: LONG })]))
    expect(Object.keys(whole)).toEqual(['items', '_links', '_meta'])
    const { _meta: meta } = whole
    expect(meta).toEqual({ totalCount: 8, pageCount: 2, currentPage: 1, perPage: 7 })
  })
})
