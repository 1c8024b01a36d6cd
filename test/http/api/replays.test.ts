import { openArchive } from '#open-archive'
import { is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { keepAside, type KeptAside } from '../../../src/archive/deliveries.ts'
import * as schema from '../../../src/archive/schema.ts'
import { ArchiveError } from '../../../src/domain/errors.ts'
import { APP, KEYS, SETTINGS, type ArchiveUnderTest } from '../../support/archive.ts'
import {
  bearer,
  deliver,
  deliverMessage,
  get,
  getJson,
  memberToken,
  messageFields,
  post,
} from '../../support/requests.ts'

const ADMIN = 'key-of-the-operator'

type Replay = { id: number; reason: string; outcome: string; detail: string; messageId: number | null }
type ReplayPage = { dryRun: boolean; items: Replay[]; next: number | null }
type Delivery = { id: number; body: string; replayedAtMs: number | null; replayOutcome: string | null }
type Message = Record<string, unknown> & { id: number; content: string }

const open = () => openArchive({ API_KEYS: `${SETTINGS.API_KEYS},operator:${ADMIN}:admin` })

async function replay<T>(archive: ArchiveUnderTest, which: string, body: object = {}): Promise<T> {
  const answer = await post(archive, `/api/v1/deliveries/${which}`, JSON.stringify(body), bearer(ADMIN))
  expect([answer.status, which]).toEqual([200, which])
  return (await answer.json()) as T
}

const replayOne = (archive: ArchiveUnderTest, id: number | undefined, body: object = { dryRun: false }) =>
  replay<Replay>(archive, `${id}/replay`, body)
const replayMany = (archive: ArchiveUnderTest, body: object = { dryRun: false }) =>
  replay<ReplayPage>(archive, 'replay', body)

const itemsOf = async <T>(archive: ArchiveUnderTest, path: string) =>
  (await getJson<{ items: T[] }>(archive, path)).items
const deliveries = async (archive: ArchiveUnderTest, query = '') =>
  (await itemsOf<Delivery>(archive, `/api/v1/deliveries?${query}`)).toReversed()
const messages = (archive: ArchiveUnderTest) => itemsOf<Message>(archive, '/api/v1/messages')

const formOf = (fields: Record<string, string>) => new URLSearchParams(messageFields(fields)).toString()

/** As a version before this one may have kept it: it reads well by now. */
function keep(archive: ArchiveUnderTest, body: string, given: Partial<KeptAside> = {}): Promise<void> {
  return keepAside(archive.store, {
    appKey: APP.appKey,
    kind: 'messages',
    reason: 'unreadable',
    detail: 'a field of it was not known then',
    query: '',
    contentType: null,
    body,
    bodyEncoding: 'utf8',
    bodySha256: `of ${body}`,
    remoteAddress: null,
    nonceReused: false,
    receivedAtMs: archive.clock.nowMs,
    ...given,
  })
}

async function keepFailed(archive: ArchiveUnderTest, fields: Record<string, string>) {
  const { atomically } = archive.store
  let calls = 0
  Object.assign(archive.store, {
    atomically: (statements: Parameters<typeof atomically>[0]) =>
      calls++ === 0 ? Promise.reject(new Error('no such column')) : atomically(statements),
  })
  await deliverMessage(archive, fields)
  Object.assign(archive.store, { atomically })
}

/** One of each reason, and one more that reads well by now. */
async function keepOneOfEach(archive: ArchiveUnderTest) {
  await deliver(archive, 'from nobody')
  await keep(archive, formOf({ msgUID: 'A' }))
  await deliverMessage(archive, { msgUID: 'B' })
  await deliverMessage(archive, { msgUID: 'B', content: 'another' })
  await deliver(archive, latin1(`${formOf({ msgUID: 'C' })}&note=\u00ff`))
  await keepFailed(archive, { msgUID: 'D', objectName: 'app:Own' })
}

const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))

async function everyRow({ store }: ArchiveUnderTest): Promise<unknown[]> {
  const tables = Object.values(schema).filter((table) => is(table, SQLiteTable))
  return Promise.all(tables.map(async (table) => store.db.all(sql`SELECT * FROM ${table as SQLiteTable}`)))
}

describe('POST /api/v1/deliveries/replay', () => {
  it('gives each callback to the archive again, the oldest first', async () => {
    const archive = await open()
    await keepOneOfEach(archive)
    const b = (await messages(archive)).find(({ msgUID }) => msgUID === 'B')
    const { items, next, dryRun } = await replayMany(archive)
    expect([dryRun, next]).toEqual([false, null])
    expect(
      items.map(({ reason, outcome, detail, messageId }) => [reason, outcome, detail, messageId !== null]),
    ).toEqual([
      ['unreadable', 'unreadable', 'missing fromUserId, toUserId, objectName, channelType, content', false],
      ['unreadable', 'recorded', expect.stringMatching(/^became message \d+$/), true],
      ['conflict', 'conflict', `message ${b?.id} has this msgUID and other fields`, true],
      ['lossy', 'known', expect.stringMatching(/^is message \d+ again$/), true],
      ['failed', 'recorded', expect.stringMatching(/^became message \d+$/), true],
    ])
    expect(items[2]?.messageId).toBe(b?.id)
    expect(new Set((await messages(archive)).map(({ msgUID }) => msgUID))).toEqual(new Set('ABCD'))
  })

  it('is a dry run unless told otherwise, which foresees the same and changes nothing', async () => {
    const archive = await open()
    await keepOneOfEach(archive)
    const before = await everyRow(archive)
    const foreseen = [await replayMany(archive, {}), await replayMany(archive, { dryRun: true })]
    const empty = await archive.request('/api/v1/deliveries/replay', {
      method: 'POST',
      headers: bearer(ADMIN),
    })
    expect([foreseen[1], await empty.json()]).toEqual([foreseen[0], foreseen[0]])
    expect(await everyRow(archive)).toEqual(before)
    const done = await replayMany(archive)
    const outcomes = ({ items }: ReplayPage) => items.map(({ id, outcome }) => [id, outcome])
    expect(foreseen.map(outcomes)).toEqual([outcomes(done), outcomes(done)])
    expect(foreseen[0]?.items[1]).toMatchObject({ messageId: null, detail: 'would become a new message' })
  })

  it('keeps nothing aside a second time and deletes nothing', async () => {
    const archive = await open()
    await keepOneOfEach(archive)
    const bodies = async () => (await deliveries(archive)).map(({ id, body }) => [id, body])
    const before = await bodies()
    await replayMany(archive)
    await replayMany(archive)
    expect(await bodies()).toEqual(before)
  })

  it('may be repeated: what was recorded is known', async () => {
    const archive = await open()
    await keepOneOfEach(archive)
    await replayMany(archive)
    const all = await messages(archive)
    const { items } = await replayMany(archive)
    expect(items.map(({ outcome }) => outcome)).toEqual(['unreadable', 'known', 'conflict', 'known', 'known'])
    expect(await messages(archive)).toEqual(all)
  })

  it('makes a message of the first of two with one msgUID, and a conflict of the second', async () => {
    const archive = await open()
    await keep(archive, formOf({ content: 'first' }))
    await keep(archive, formOf({ content: 'second' }))
    const { items } = await replayMany(archive)
    expect(items.map(({ outcome }) => outcome)).toEqual(['recorded', 'conflict'])
    expect(items[1]?.messageId).toBe(items[0]?.messageId)
    expect(await messages(archive)).toMatchObject([{ content: 'first' }])
  })

  it('goes through many in parts', async () => {
    const archive = await open()
    const uids = ['A', 'B', 'C', 'D', 'E']
    await Array.fromAsync(uids, (msgUID) => keep(archive, formOf({ msgUID })))
    const pages: ReplayPage[] = []
    let next: number | null = 0
    while (next !== null) {
      const page: ReplayPage = await replayMany(archive, { dryRun: false, limit: 2, after: next })
      pages.push(page)
      next = page.next
    }
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1])
    const found = await messages(archive)
    expect(new Set(found.map(({ msgUID }) => msgUID))).toEqual(new Set(uids))
    expect(pages.flatMap(({ items }) => items.map(({ messageId }) => messageId))).toEqual(
      found.map(({ id }) => id).toSorted((one, other) => one - other),
    )
  })

  it.each([
    [{ reason: 'conflict' }, ['conflict']],
    [{ appKey: 'other-app' }, []],
    [{ kind: 'messages', reason: 'unreadable' }, ['unreadable', 'unreadable']],
    [{ kind: 'nothing' }, []],
    [{ replayed: true }, ['lossy']],
    [{ replayed: false }, ['unreadable', 'unreadable', 'conflict', 'failed']],
  ])('narrows to %j', async (filter, expected) => {
    const archive = await open()
    await keepOneOfEach(archive)
    await replayMany(archive, { reason: 'lossy', dryRun: false })
    const { items } = await replayMany(archive, filter)
    expect(items.map(({ reason }) => reason)).toEqual(expected)
  })

  it.each([
    ['{"limit":501}', 'limit'],
    ['{"reason":"boredom"}', 'reason'],
    ['{"dryRun":"maybe"}', 'dryRun'],
    ['{"dryrun":false}', 'dryrun'],
    ['{"after":"x"}', 'after'],
  ])('refuses %s by name', async (body, field) => {
    const answer = await post(await open(), '/api/v1/deliveries/replay', body, bearer(ADMIN))
    expect([answer.status, await answer.json()]).toMatchObject([422, [{ field }]])
  })
})

describe('POST /api/v1/deliveries/:id/replay', () => {
  it('keeps the time of receipt and what was noted about the signature', async () => {
    const archive = await open()
    const receivedAtMs = archive.clock.nowMs
    await keep(archive, formOf({}), { nonceReused: true })
    archive.clock.nowMs += 86_400_000
    const [kept] = await deliveries(archive)
    const { messageId } = await replayOne(archive, kept?.id)
    expect(await messages(archive)).toMatchObject([
      { id: messageId, receivedAtMs, nonceReused: true, origin: 'callback' },
    ])
  })

  it('reads bytes that are no text as they came', async () => {
    const archive = await open()
    await deliver(archive, latin1(`${formOf({})}&note=caf\u00e9`))
    const [{ id: _, ...before } = {}] = await messages(archive)
    await archive.store.atomically([{ sql: 'DELETE FROM messages', params: [] }])
    const [kept] = await deliveries(archive)
    expect(kept).toMatchObject({ bodyEncoding: 'base64', reason: 'lossy' })
    expect(await replayOne(archive, kept?.id)).toMatchObject({ outcome: 'recorded' })
    expect(await messages(archive)).toMatchObject([before])
  })

  it('notes in the delivery what became of it, and when', async () => {
    const archive = await open()
    await keep(archive, formOf({}))
    await deliver(archive, 'from nobody')
    const [first, second] = await deliveries(archive)
    await replayOne(archive, second?.id, {})
    expect(await deliveries(archive, 'replayed=true')).toEqual([])
    archive.clock.nowMs += 5
    await replayOne(archive, first?.id)
    const noted = { ...first, replayedAtMs: archive.clock.nowMs, replayOutcome: 'recorded' }
    expect(await deliveries(archive)).toEqual([noted, second])
    expect(await deliveries(archive, 'replayed=true')).toEqual([noted])
    expect(await deliveries(archive, 'replayed=false')).toEqual([second])
  })

  it('makes events of a body that came to another address', async () => {
    const archive = await open()
    const status = { userid: 'u1', status: '0', os: 'iOS', time: 1734595200000, sessionId: 's1' }
    await keep(archive, JSON.stringify([status]), { kind: 'online-status' })
    const [kept] = await deliveries(archive)
    const taken = { outcome: 'recorded', detail: '1 event', messageId: null }
    expect(await replayOne(archive, kept?.id, { dryRun: true })).toMatchObject(taken)
    expect(await itemsOf(archive, '/api/v1/events')).toEqual([])
    expect(await replayOne(archive, kept?.id)).toMatchObject(taken)
    expect(await itemsOf(archive, '/api/v1/events')).toMatchObject([{ kind: 'online-status', userId: 'u1' }])
    expect(await replayOne(archive, kept?.id, { dryRun: true })).toMatchObject({ outcome: 'known' })
    expect(await deliveries(archive)).toMatchObject([{ id: kept?.id, replayOutcome: 'recorded' }])
  })

  it('knows no delivery that was not kept', async () => {
    const answer = await post(await open(), '/api/v1/deliveries/7/replay', '{}', bearer(ADMIN))
    expect([answer.status, await answer.json()]).toMatchObject([404, { message: 'there is no delivery 7' }])
  })

  it('takes dryRun in the body alone', async () => {
    const archive = await open()
    await keep(archive, formOf({}))
    const [kept] = await deliveries(archive)
    const path = `/api/v1/deliveries/${kept?.id}/replay`
    expect((await post(archive, `${path}?dryRun=false`, '{}', bearer(ADMIN))).status).toBe(422)
    expect(await messages(archive)).toEqual([])
    expect((await post(archive, path, { dryRun: 'false' }, bearer(ADMIN))).status).toBe(200)
    expect(await messages(archive)).toHaveLength(1)
  })
})

describe('replaying', () => {
  it('is for API keys with the scope admin', async () => {
    const archive = await open()
    await keep(archive, formOf({}))
    const [kept] = await deliveries(archive)
    const before = await everyRow(archive)
    for (const path of ['/api/v1/deliveries/replay', `/api/v1/deliveries/${kept?.id}/replay`]) {
      for (const credential of [KEYS.all, KEYS.read, KEYS.write, await memberToken({ memberId: 1 })])
        expect((await post(archive, path, '{"dryRun":false}', bearer(credential))).status).toBe(403)
      expect((await post(archive, path, '{"dryRun":false}', {})).status).toBe(401)
      expect((await get(archive, path, ADMIN)).status).not.toBe(200)
    }
    expect(await everyRow(archive)).toEqual(before)
  })

  it('is answered 503 when the archive cannot be written', async () => {
    const archive = await open()
    await keep(archive, formOf({}))
    const [kept] = await deliveries(archive)
    const { atomically } = archive.store
    Object.assign(archive.store, {
      atomically: () => Promise.reject(new ArchiveError('unavailable', 'full')),
    })
    const path = `/api/v1/deliveries/${kept?.id}/replay`
    const { status } = await post(archive, path, '{"dryRun":false}', bearer(ADMIN))
    Object.assign(archive.store, { atomically })
    expect(status).toBe(503)
    expect(await deliveries(archive)).toEqual([kept])
  })
})
