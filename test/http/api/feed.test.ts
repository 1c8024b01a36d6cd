import { openArchive } from '#open-archive'
import { asc, sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageChanges, messages } from '../../../src/archive/schema.ts'
import type { ArchiveDatabase } from '../../../src/archive/store.ts'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, getJson, memberToken } from '../../support/requests.ts'

type Item =
  | { type: 'message'; message: { id: number; msgUID: string } & Record<string, unknown> }
  | { type: 'change'; change: { id: number; msgUID: string } & Record<string, unknown> }
type Page = { items: Item[]; next: string }

const PATH = '/api/v1/changes'

const read = (archive: ArchiveUnderTest, query = '') => getJson<Page>(archive, `${PATH}?${query}`)
const nameOf = (item: Item) => (item.type === 'message' ? item.message.msgUID : item.change.msgUID)

let lastUid = 0

/** @returns its name in the feed */
async function send(archive: ArchiveUnderTest, app = APP): Promise<string> {
  const msgUID = `message ${++lastUid}`
  await deliverMessage(archive, { msgUID }, app)
  return msgUID
}

async function change({ store }: ArchiveUnderTest, appKey = APP.appKey, data: string | null = null) {
  const msgUID = `changed ${++lastUid}`
  const insert = store.db.insert(messageChanges).values({
    appKey,
    msgUID,
    kind: 'recall',
    byUserId: 'u1',
    atMs: 5,
    data,
    identity: msgUID,
    receivedAtMs: 6,
    origin: 'callback',
    afterMessageId: sql`(SELECT coalesce(max(id), 0) FROM messages)`,
  })
  await insert
  return msgUID
}

/** Reads on from a cursor, page by page, until a page is empty. */
async function readOn(archive: ArchiveUnderTest, after: string, limits: readonly number[], query = '') {
  const names: string[] = []
  for (let i = 0; ; i++) {
    const page = await read(archive, `limit=${limits[i % limits.length]}&after=${after}&${query}`)
    names.push(...page.items.map(nameOf))
    after = page.next
    if (page.items.length === 0) return { names, next: after }
  }
}

/** What arrived, in order, by the rows themselves. */
async function arrivals({ store }: ArchiveUnderTest): Promise<string[]> {
  const sent = await store.db.select().from(messages).orderBy(asc(messages.id))
  const changed = await store.db.select().from(messageChanges).orderBy(asc(messageChanges.id))
  const ofChanges = (after: number) =>
    changed.filter(({ afterMessageId }) => afterMessageId === after).map(({ msgUID }) => String(msgUID))
  return [ofChanges(0), ...sent.map(({ id, msgUID }) => [msgUID].concat(ofChanges(id)))].flat()
}

/** The same database; something happens just before its question number `nth` is asked. */
function interrupted(db: ArchiveDatabase, nth: number, happen: () => Promise<unknown>): ArchiveDatabase {
  let asked = 0
  const asking = <T extends object>(question: T): T =>
    new Proxy(question, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'then') return (...given: unknown[]) => asking(value.apply(target, given) as object)
        const before = ++asked === nth ? happen() : Promise.resolve()
        return (...given: Parameters<Promise<unknown>['then']>) => before.then(() => target).then(...given)
      },
    })
  return new Proxy(db, {
    get: (target, name) =>
      name === 'select'
        ? (...given: []) => asking(target.select(...given))
        : (Reflect.get(target, name) as unknown),
  })
}

describe('GET /api/v1/changes', () => {
  it('gives messages as they are shown elsewhere, and changes with their data', async () => {
    const archive = await openArchive()
    const sent = await send(archive)
    const changed = await change(archive, APP.appKey, '{"isAdmin":true,"isDelete":false}')
    const { items } = await read(archive)
    const [{ message } = { message: null }, second] = items as { message: { id: number } | null }[]
    expect(message).toEqual(await getJson(archive, `/api/v1/messages?msgUID=${sent}`).then(firstItem))
    expect(second).toEqual({
      type: 'change',
      change: {
        id: expect.any(Number) as number,
        appKey: APP.appKey,
        msgUID: changed,
        upToMs: null,
        kind: 'recall',
        channelType: null,
        userId: null,
        targetId: null,
        busChannel: null,
        byUserId: 'u1',
        atMs: 5,
        data: { isAdmin: true, isDelete: false },
        identity: changed,
        receivedAtMs: 6,
        origin: 'callback',
        afterMessageId: message?.id,
      },
    })
  })

  it('begins at the very beginning, in the order of arrival and not of sending', async () => {
    const archive = await openArchive()
    const first = await change(archive)
    for (const [msgUID, msgTimestamp] of [
      ['late', '1734595200999'],
      ['early', '1734595200001'],
    ])
      await deliverMessage(archive, { msgUID: String(msgUID), msgTimestamp: String(msgTimestamp) })
    expect((await read(archive)).items.map(nameOf)).toEqual([first, 'late', 'early'])
  })

  it('always says where to go on', async () => {
    const archive = await openArchive()
    const { items, next } = await read(archive)
    expect(items).toEqual([])
    const again = await read(archive, `after=${next}`)
    expect(again).toEqual({ items: [], next })
    const sent = await send(archive)
    expect((await read(archive, `after=${again.next}`)).items.map(nameOf)).toEqual([sent])
  })

  it('gives everything once and in order, whatever the size of pages while more arrives', async () => {
    const archive = await openArchive()
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('message' as const) },
      { weight: 3, arbitrary: fc.constant('change' as const) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }) },
    )
    // Each run goes on where the one before it ended.
    let next = (await read(archive)).next
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (all, limit) => {
          const [arrived, seen]: string[][] = [[], []]
          for (const one of all) {
            if (one === 'message') arrived?.push(await send(archive))
            else if (one === 'change') arrived?.push(await change(archive))
            else {
              const page = await read(archive, `limit=${one}&after=${next}`)
              expect(page.items.length).toBeLessThanOrEqual(one)
              seen?.push(...page.items.map(nameOf))
              next = page.next
            }
          }
          const rest = await readOn(archive, next, [limit])
          next = rest.next
          expect([...(seen ?? []), ...rest.names]).toEqual(arrived)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('misses nothing of what arrives in the middle of reading', async () => {
    const archive = await openArchive()
    const writers = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? send(archive) : change(archive)))
    const written = Promise.all(writers)
    const seen: string[] = []
    let next = ''
    while (seen.length < writers.length) {
      const page = await read(archive, `limit=${1 + (seen.length % 3)}&after=${next}`)
      seen.push(...page.items.map(nameOf))
      next = page.next
    }
    await written
    expect(seen).toEqual(await arrivals(archive))
    expect((await readOn(archive, next, [1])).names).toEqual([])
  })

  it.each([1, 2, 3])('keeps the order when more arrives before its question %i', async (nth) => {
    const archive = await openArchive()
    const arrived = [await send(archive), await change(archive)]
    const { db } = archive.store
    const hurry = async () => arrived.push(await send(archive), await change(archive), await send(archive))
    Object.assign(archive.store, { db: interrupted(db, nth, hurry) })
    const { items, next } = await read(archive)
    Object.assign(archive.store, { db })
    expect(arrived).toHaveLength(5)
    expect([...items.map(nameOf), ...(await readOn(archive, next, [1])).names]).toEqual(arrived)
  })

  it('narrows to an app, passing over the others', async () => {
    const archive = await openArchive()
    const ours: string[] = []
    for (let i = 0; i < 4; i++) {
      await send(archive, OTHER_APP)
      ours.push(await change(archive), await send(archive))
      await change(archive, OTHER_APP.appKey)
    }
    for (const limit of [1, 3, 100]) {
      const { names, next } = await readOn(archive, '', [limit], `appKey=${APP.appKey}`)
      expect(names).toEqual(ours)
      // The others lie behind it too.
      expect((await read(archive, `after=${next}`)).items).toEqual([])
    }
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const wrong = ['unknown=1', 'limit=501', 'limit=0', 'wait=31', 'after=x', `after=${btoa('[-1,0]')}`]
    for (const query of wrong) {
      const answer = await get(archive, `${PATH}?${query}`)
      const [field] = query.split('=')
      expect([query, answer.status, await answer.json()]).toMatchObject([query, 422, [{ field }]])
    }
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    const statusAs = async (credential: string) => (await get(archive, PATH, credential)).status
    expect(await statusAs(KEYS.read)).toBe(200)
    expect(await statusAs(KEYS.write)).toBe(403)
    expect(await statusAs(await memberToken({ memberId: 1 }))).toBe(403)
    expect((await archive.request(PATH)).status).toBe(401)
  })
})

describe('GET /api/v1/changes with wait', () => {
  const timed = async <T>(work: Promise<T>) => {
    const from = performance.now()
    return { result: await work, ms: performance.now() - from }
  }

  it('answers at once when there is something', async () => {
    const archive = await openArchive()
    const sent = await send(archive)
    const { result, ms } = await timed(read(archive, 'wait=20'))
    expect(result.items.map(nameOf)).toEqual([sent])
    expect(ms).toBeLessThan(5000)
  })

  it('answers as soon as something arrives', async () => {
    const archive = await openArchive()
    await send(archive, OTHER_APP)
    const waiting = timed(read(archive, `wait=20&appKey=${APP.appKey}`))
    await send(archive, OTHER_APP)
    const sent = await send(archive)
    const { result, ms } = await waiting
    expect(result.items.map(nameOf)).toEqual([sent])
    expect(ms).toBeLessThan(10_000)
  })

  it('answers with nothing when the time is over', async () => {
    const archive = await openArchive()
    const { next } = await read(archive)
    const { result, ms } = await timed(read(archive, 'wait=1'))
    expect(result).toEqual({ items: [], next })
    expect(ms).toBeGreaterThan(900)
    expect(ms).toBeLessThan(10_000)
  })

  it('stops asking the store when the client has gone', async () => {
    const archive = await openArchive()
    const client = new AbortController()
    const asked = archive.request(`${PATH}?wait=20`, { headers: bearer(KEYS.read), signal: client.signal })
    const { ms } = await timed(
      new Promise((resolve) => setTimeout(resolve, 100)).then(() => {
        client.abort()
        return asked.catch(() => null)
      }),
    )
    expect(ms).toBeLessThan(10_000)
  })
})

function firstItem({ items }: Record<string, unknown>): unknown {
  return (items as unknown[])[0]
}
