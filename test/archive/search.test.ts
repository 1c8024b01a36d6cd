import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { clearSearchIndex, getSearchProgress } from '../../src/archive/search-index.ts'
import { indexAll, indexChanges, indexFurther } from '../../src/ingest/index-messages.ts'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

type Page = { items: { id: number; msgUID: string }[]; next: string | null }
type Sent = { text: string; second: number; fromUserId: string }

const FIRST_MS = 1_734_595_200_123

// Few characters, in several widths and cases: texts that nearly match are the rule.
const wording = fc.string({
  unit: fc.constantFrom(...Array.from('你好吗你好ａＡab12１🙏 ，--'), '138', '0013', '8000', '０１３'),
  minLength: 1,
  maxLength: 12,
})
const corpus = fc.array(
  fc.record({ text: wording, second: fc.nat(4), fromUserId: fc.constantFrom('u1', 'u2') }),
  { minLength: 1, maxLength: 12 },
)
const query = fc.string({
  unit: fc.constantFrom(
    ...Array.from('你好吗aA1２🙏-'),
    '你好',
    'ab',
    '12',
    ' ',
    '"',
    '138',
    '0013',
    '8000',
    '3800',
  ),
  minLength: 1,
  maxLength: 5,
})

// The definition again, in other words, for these characters; `_` is between groups of a number.
type Term = { words: string[]; number: string }
const folded = (text: string) => text.normalize('NFKC').toLowerCase()
const grouped = (text: string) => folded(text).replaceAll(/(?<=\d)[ -](?=\d{3})/g, '_')
const plain = (text: string) => text.replaceAll(/[ ,-]+/g, ' ').trim()
const together = (text: string) => plain(grouped(text).replaceAll('_', ''))
const apart = (text: string) => plain(grouped(text).replaceAll('_', ' '))
const termsOf = (q: string): Term[] =>
  q
    .split('"')
    .flatMap((part, i) =>
      i % 2 === 1
        ? [{ words: [apart(part)], number: together(part) }]
        : folded(part)
            .replaceAll(/(?<=\d-?) (?=-?\d{3})/g, '_')
            .split(' ')
            .map((each) => ({
              words: each.split('_').map(apart),
              number: together(each.replaceAll('_', ' ')),
            })),
    )
    .map(({ words, number }) => ({ words: words.filter((word) => word !== ''), number }))
    .filter(({ words: [first] }) => first !== undefined)
const isDigit = (character: string | undefined) => /^[0-9]$/.test(character ?? '')
const isFound = (term: string, text: string) =>
  text.split('').some((_, at) => {
    const end = endOf(term, text, at)
    if (end < 0) return false
    const isWordBefore = /[a-z0-9]/.test(text[at - 1] ?? '')
    const begins = !(/^[a-z0-9]/.test(term) && isWordBefore)
    return begins || (/^\d{4,}$/.test(term) && !isDigit(text[end]))
  })
/** Where `term` ends if it stands at `at`, else -1. */
function endOf(term: string, text: string, at: number): number {
  let end = at
  for (const [i, character] of term.split('').entries()) {
    const isInNumber = isDigit(term[i - 1]) && isDigit(character) && /\d{4}/.test(digitsAround(term, i))
    if (isInNumber && text[end] === '_') end++
    if (text[end] !== character && !(character === ' ' && text[end] === '_')) return -1
    end++
  }
  return end
}
function digitsAround(term: string, at: number): string {
  return (/\d*$/.exec(term.slice(0, at))?.[0] ?? '') + (/^\d*/.exec(term.slice(at))?.[0] ?? '')
}
const matches = (q: string, text: string) =>
  termsOf(q).every(({ words: each, number }) => {
    const searched = plain(grouped(text))
    return each.every((word) => isFound(word, searched)) || isFound(number, searched)
  })

async function send(archive: ArchiveUnderTest, run: number, sent: readonly Sent[]) {
  for (const [i, { text, second, fromUserId }] of sent.entries())
    await deliverMessage(archive, {
      fromUserId,
      toUserId: 'shop_a',
      content: JSON.stringify({ content: text }),
      msgUID: uid(run, i),
      msgTimestamp: String(FIRST_MS + (run * 10 + second) * 1000),
    })
}

const uid = (run: number, i: number) => `${run}-${String(i).padStart(2, '0')}`

async function everyPage(archive: ArchiveUnderTest, parameters: Record<string, string>): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const asked = new URLSearchParams({ ...parameters, ...(cursor && { cursor }) })
    const page: Page = await getJson(archive, `/api/v1/search?${asked.toString()}`)
    found.push(...page.items.map(({ msgUID }) => msgUID))
    cursor = page.next
  }
  return found
}

it('a search finds exactly what a look at every text finds, newest first, wherever the index stands', async () => {
  const archive = await openArchive()
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      corpus,
      fc.array(query, { minLength: 4, maxLength: 4 }),
      fc.nat(20),
      fc.constantFrom(undefined, undefined, 'u1'),
      async (sent, queries, steps, userId) => {
        run++
        await send(archive, run, sent)
        if (steps > 18) await clearSearchIndex(archive.store)
        for (let i = 0; i < steps; i++) await indexFurther(archive.store, 3)
        // From this run on: what was before is looked at by the same code.
        const startTime = String(FIRST_MS + run * 10_000)
        for (const q of queries.filter((each) => termsOf(each).length > 0)) {
          const expected = sent
            .map((each, i) => ({ ...each, msgUID: uid(run, i) }))
            .filter(({ text }) => matches(q, text))
            .filter(({ fromUserId }) => userId === undefined || fromUserId === userId)
            .toSorted((one, other) => other.second - one.second || (one.msgUID < other.msgUID ? 1 : -1))
            .map(({ msgUID }) => msgUID)
          const found = await everyPage(archive, { q, startTime, limit: '4', ...(userId && { userId }) })
          expect([q, found]).toEqual([q, expected])
        }
      },
    ),
    { numRuns: 25 },
  )
})

it('what takes the place of a message is found by its new words', async () => {
  const archive = await openArchive()
  for (const [i, text] of ['旧的', '别的', '还有'].entries())
    await deliverMessage(archive, { content: JSON.stringify({ content: text }), msgUID: uid(0, i) })
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  await archive.store.atomically([
    { sql: 'UPDATE messages SET content = ? WHERE msg_uid = ?', params: ['{"content":"新的"}', uid(0, 0)] },
  ])
  expect(await everyPage(archive, { q: '新的' })).toEqual([uid(0, 0)])
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  expect(await everyPage(archive, { q: '新的' })).toEqual([uid(0, 0)])
  expect(await everyPage(archive, { q: '旧的' })).toEqual([])
  expect(await everyPage(archive, { q: '还有' })).toEqual([uid(0, 2)])
})

it('what an older version indexed, with fewer tokens, counts as not indexed', async () => {
  const archive = await openArchive()
  await deliverMessage(archive, { content: '{"content":"13800138000"}', msgUID: uid(0, 0) })
  await archive.store.atomically([
    { sql: "INSERT INTO message_search (rowid, tokens) VALUES (1, '1 13 138')", params: [] },
    { sql: 'INSERT INTO search_progress VALUES (1, 1, 1, 0, 0)', params: [] },
  ])
  expect(await everyPage(archive, { q: '8000' })).toEqual([uid(0, 0)])
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  expect(await everyPage(archive, { q: '8000' })).toEqual([uid(0, 0)])
  expect((await indexFurther(archive.store)).isBehind).toBe(false)
})

it('a step of the index takes fewer messages and changes when they are long, and leaves out none', async () => {
  const archive = await openArchive({ SAME_MSG_UID: 'edit' })
  const long = (name: string) =>
    name +
    Array.from({ length: 19_000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join('')
  const sendFive = async (word: string) => {
    for (let i = 0; i < 5; i++)
      await deliverMessage(archive, {
        msgUID: uid(0, i),
        content: JSON.stringify({ content: long(`${word}${i} `) }),
      })
  }
  const expectAllFound = async (word: string) => {
    for (let i = 0; i < 5; i++)
      expect([i, await everyPage(archive, { q: `${word}${i}` })]).toEqual([i, [uid(0, i)]])
  }
  const upTo = async () => {
    const { indexedUpTo, changesUpTo } = await getSearchProgress(archive.store)
    return [indexedUpTo, changesUpTo]
  }
  await sendFive('first')
  await indexFurther(archive.store)
  expect(await upTo()).toEqual([3, 0])
  await expectAllFound('first')
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  expect(await upTo()).toEqual([5, 0])
  await expectAllFound('first')
  await sendFive('edited')
  await indexChanges(archive.store)
  expect(await upTo()).toEqual([5, 3])
  await expectAllFound('edited')
  await indexAll(archive.store, { forMs: 60_000, now: Date.now })
  expect(await upTo()).toEqual([5, 5])
})

/** Numbered rows in one conversation, written at once; most were sent about when they arrived. */
async function fill({ store }: ArchiveUnderTest, count: number) {
  await store.atomically([
    {
      sql: `INSERT INTO conversations (id, app_key, channel_type, user_id, target_id, bus_channel)
        VALUES (1, 'app', 'PERSON', 'shop_a', 'u1', '')`,
      params: [],
    },
    {
      sql: `WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ?)
        INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
          sent_at_ms, received_at_ms, origin)
        SELECT 'app', 'm' || i, 1, 1, 'u1', 'shop_a', 'RC:TxtMsg',
          json_object('content', '常见' || iif(i % 97 = 0, '少见', '') || iif(i = 77, '唯一', '')),
          ? + CASE WHEN i % 1999 = 0 THEN 0 WHEN i % 1777 = 0 THEN 9000000 ELSE i * 10 + i * 7919 % 5000 END, 1, 'callback'
        FROM numbers`,
      params: [count, FIRST_MS],
    },
  ])
}

it.each(['常见', '少见', '唯一'])(
  'finds the same %s among many, sent in another order, whatever the index has come to',
  { timeout: 60_000 },
  async (q) => {
    const archive = await openArchive()
    await fill(archive, 24_000)
    const [rows = []] = await archive.store.atomically([
      {
        sql: `SELECT msg_uid FROM messages WHERE instr(content, ?) ORDER BY sent_at_ms DESC, app_key DESC, msg_uid DESC`,
        params: [q],
      },
    ])
    const expected = rows.map(({ msg_uid: msgUID }) => msgUID).slice(0, 350)
    for (const batches of [3, 9, 20]) {
      for (let i = 0; i < batches; i++) await indexFurther(archive.store, 2000)
      const found: string[] = []
      for (let cursor: string | null = ''; cursor !== null && found.length < 350;) {
        const asked = new URLSearchParams({ q, limit: '50', ...(cursor && { cursor }) })
        const page: Page = await getJson(archive, `/api/v1/search?${asked.toString()}`)
        found.push(...page.items.map(({ msgUID }) => msgUID))
        cursor = page.next
      }
      expect(found).toEqual(expected)
    }
  },
)
