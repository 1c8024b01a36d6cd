import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { Origin } from '../../../src/domain/message.ts'
import { raw } from 'hono/html'
import { importRecords, toImportRecord } from '../../../src/ingest/import-records.ts'
import { APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, get, getJson } from '../../support/requests.ts'
import { createdId, inTurn, remove } from '../chat-records/records.ts'
import { wordsIn } from './page.ts'
import { operatorOf } from './signed-in.ts'

const NOTICE = { messageType: 'RC:InfoNtf', cnt: '{"message":"please pay to 6222"}' }
const TEMPLATES = { member: 'u{id}', seller: 'shop_{id}' }

async function importNotice(archive: ArchiveUnderTest) {
  const old = { appKey: APP.appKey, memberId: '1', sellerId: 'a', sender: 'member', ...NOTICE } as const
  const given = { ...old, id: '7', sentAtMs: 1_734_595_200_000 } as Parameters<typeof toImportRecord>[1]
  await importRecords(archive.store, [
    { id: 7, record: toImportRecord(TEMPLATES, given, archive.clock.nowMs) },
  ])
}

const BROUGHT: [Origin, en: string, zh: string, (archive: ArchiveUnderTest) => Promise<unknown>][] = [
  ['rest', 'written over REST', '经 REST 写入', (archive) => createdId(archive, NOTICE)],
  ['import', 'imported', '导入', importNotice],
]

const notice = { objectName: NOTICE.messageType, content: NOTICE.cnt }

describe.each(BROUGHT)('a notice with the origin %s', (origin, en, zh, bring) => {
  async function pagesIn(language: string) {
    const archive = await openArchive()
    await bring(archive)
    const { items } = await getJson<{ items: { id: number; origin: Origin; conversationId: number }[] }>(
      archive,
      '/api/v1/messages',
    )
    const { id, conversationId } = items[0] ?? { id: 0, conversationId: 0 }
    expect(items.map((item) => item.origin)).toEqual([origin])
    const paths = [
      '/console',
      `/console/conversations/${conversationId}`,
      `/console/messages/${id}`,
      '/console/search?q=pay',
      '/console/live',
    ]
    const operator = await operatorOf(archive)
    const pages = await Promise.all(paths.map((path) => operator.page(path, { 'Accept-Language': language })))
    const file = await get(archive, `/api/v1/export?format=html&conversationId=${conversationId}`)
    return [...pages, await file.text()]
  }

  it.each([
    ['en', en],
    ['zh', zh],
  ])('is marked wherever it is shown, and shows who wrote it, in %s', async (language, mark) => {
    const pages = await pagesIn(language)
    expect(pages).toHaveLength(6)
    const [file = '', ...shown] = pages.toReversed()
    for (const page of shown) expect(wordsIn(raw(page))).toContain(mark)
    for (const page of pages) expect(wordsIn(raw(page))).toMatch(/\bu1\b/)
    expect(pages.map((page) => page.includes('class="sender"'))).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ])
    // A file is in the language of whoever asks, which is no browser here.
    expect([en, zh].some((each) => file.includes(each))).toBe(true)
  })

  it('says so in the answers of the API and in a table', async () => {
    const archive = await openArchive()
    await bring(archive)
    const conversations = await getJson(archive, '/api/v1/conversations')
    expect(conversations).toMatchObject({ items: [{ lastMessage: { origin } }] })
    const table = await (await get(archive, '/api/v1/export?format=csv')).text()
    expect(table.split('\r\n')[1]).toContain(`,${origin},`)
  })
})

describe('a deletion', () => {
  const marked = async (archive: ArchiveUnderTest) => {
    const operator = await operatorOf(archive)
    const pages = ['/console/messages/1', '/console/live']
    return inTurn(pages, async (path) => (await operator.page(path)).includes('written over REST'))
  }

  it('is marked when a member asked for it over REST', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { fromUserId: 'u1', targetId: 'shop_a' })
    expect(await marked(archive)).toEqual([false, false])
    await remove(archive, 1)
    expect(await marked(archive)).toEqual([true, true])
  })
})

describe('a notice that RongCloud delivered', () => {
  it('has no mark, and no sender but RongCloud’s words', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { ...notice, fromUserId: 'u1' })
    const operator = await operatorOf(archive)
    for (const path of ['/console', '/console/conversations/1', '/console/messages/1', '/console/live']) {
      const page = await operator.page(path)
      expect(page).not.toContain('written over REST')
      expect(page).not.toContain('imported')
    }
    expect(await operator.page('/console/messages/1')).not.toContain('class="sender"')
  })
})
