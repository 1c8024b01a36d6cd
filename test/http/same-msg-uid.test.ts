import { BEIJING } from '../../src/domain/log-zone.ts'
import { openArchive } from '#open-archive'
import { beforeEach, describe, expect, it } from 'vitest'
import { keepAside } from '../../src/archive/deliveries.ts'
import { importLog } from '../../src/ingest/import-log.ts'
import { rederiveChanges } from '../../src/ingest/rederive-changes.ts'
import { APP, KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'
import {
  bearer,
  deliver,
  deliverMessage,
  getJson,
  messageFields,
  post,
  signedQuery,
} from '../support/requests.ts'

type Delivery = { id: number; reason: string; otherTextOf: number | null; replayOutcome: string | null }
type Version = { msgUID: string; text: string; atMs: number; byUserId: string }
type Detail = {
  id: number
  text: string
  state: { versions: Version[] }
  changes: { kind: string }[]
  otherTexts: { deliveryId: number; text: string; content: string }[]
}

const ADMIN = { ...bearer('key-that-may-do-all') }
const WITH_ADMIN = { API_KEYS: `a:${KEYS.all}:read,admin:key-that-may-do-all:admin` }
const SENT_MS = 1_734_595_200_123

const open = (settings = {}) => openArchive({ ...WITH_ADMIN, ...settings })
const contentOf = (content: string) => JSON.stringify({ content })
const send = (archive: ArchiveUnderTest, text: string, fields = {}) =>
  deliverMessage(archive, { msgUID: 'A', content: contentOf(text), ...fields })

async function one(archive: ArchiveUnderTest, msgUID = 'A'): Promise<Detail> {
  const { items } = await getJson<{ items: { id: number }[] }>(archive, `/api/v1/messages?msgUID=${msgUID}`)
  return getJson<Detail>(archive, `/api/v1/messages/${items[0]?.id}`)
}

async function kept(archive: ArchiveUnderTest): Promise<Delivery[]> {
  return (await getJson<{ items: Delivery[] }>(archive, '/api/v1/deliveries')).items
}

async function settle(archive: ArchiveUnderTest, id: number | undefined, body: object = { as: 'edit' }) {
  const answer = await post(archive, `/api/v1/deliveries/${id}/settle`, JSON.stringify(body), ADMIN)
  return { status: answer.status, body: (await answer.json()) as unknown }
}

const versionsOf = async (archive: ArchiveUnderTest) =>
  (await one(archive)).state.versions.map(({ text }) => text)

async function waiting(archive: ArchiveUnderTest): Promise<unknown> {
  const { keptAside } = await getJson<{ keptAside: unknown }>(archive, '/api/v1/stats/ingest')
  return keptAside
}

describe('another text under the msgUID of an archived message', () => {
  it('is kept aside and shown at its message, which stays as it is', async () => {
    const archive = await open()
    await send(archive, 'first')
    expect((await send(archive, 'second', { msgTimestamp: String(SENT_MS + 5), source: 'PC' })).status).toBe(
      200,
    )
    const { id, text, state, otherTexts } = await one(archive)
    const [delivery] = await kept(archive)
    expect([text, state.versions]).toEqual(['first', []])
    expect(delivery).toMatchObject({ reason: 'conflict', otherTextOf: id })
    expect(otherTexts).toMatchObject([
      { deliveryId: delivery?.id, text: 'second', content: contentOf('second'), sentAtMs: SENT_MS + 5 },
    ])
  })

  it.each([
    ['another sender', { fromUserId: 'shop_a', toUserId: 'u1' }],
    ['another conversation', { toUserId: 'shop_b' }],
    ['another channel', { channelType: 'GROUP' }],
    ['another type', { objectName: 'RC:InfoNtf' }],
    ['the same content at another time', { content: '{"content": "first"}', msgTimestamp: '1734595200999' }],
  ])('is none with %s: no edit, and the refusal says why', async (_what, fields) => {
    const archive = await open()
    await send(archive, 'first')
    await send(archive, 'second', fields)
    const [delivery] = await kept(archive)
    expect([delivery?.reason, delivery?.otherTextOf, (await one(archive)).otherTexts]).toEqual([
      'conflict',
      null,
      [],
    ])
    const { status, body } = await settle(archive, delivery?.id)
    expect([status, body]).toEqual([
      422,
      [{ field: 'as', message: expect.stringMatching(/message \d+/) as string }],
    ])
    expect(await versionsOf(archive)).toEqual([])
  })

  it('becomes a version when an operator says so, once, and waits no longer', async () => {
    const archive = await open()
    await send(archive, 'first')
    await send(archive, 'second')
    const [delivery] = await kept(archive)
    const { id: messageId } = await one(archive)
    const settled = { id: delivery?.id, as: 'edit', messageId }
    expect(await waiting(archive)).toMatchObject({ conflict: 1 })
    expect(await settle(archive, delivery?.id)).toMatchObject({
      status: 200,
      body: { ...settled, outcome: 'change' },
    })
    const after = await one(archive)
    expect(after.state.versions).toMatchObject([
      { msgUID: 'A', text: 'second', byUserId: 'u1', atMs: archive.clock.nowMs },
    ])
    expect([after.text, after.otherTexts]).toEqual(['first', []])
    expect(await waiting(archive)).toMatchObject({ conflict: 0 })
    expect(await settle(archive, delivery?.id)).toMatchObject({
      status: 200,
      body: { ...settled, outcome: 'known' },
    })
    expect(await one(archive)).toEqual(after)
    // The same text by whatever road is no news from now on.
    await send(archive, 'second', { source: 'PC', msgTimestamp: String(SENT_MS + 9) })
    expect(await kept(archive)).toHaveLength(1)
    expect(await rederiveChanges(archive.store)).toBe(0)
    expect(await one(archive)).toEqual(after)
  })

  it('cannot be settled where there is nothing to settle', async () => {
    const archive = await open()
    await deliver(archive, 'nonsense')
    const [unreadable] = await kept(archive)
    expect(await settle(archive, unreadable?.id)).toMatchObject({
      status: 422,
      body: [{ message: expect.stringContaining('cannot be read') as string }],
    })
    expect((await settle(archive, 999)).status).toBe(404)
    for (const body of [{}, { as: 'nothing' }, { as: 'edit', more: 1 }])
      expect((await settle(archive, unreadable?.id, body)).status).toBe(422)
  })

  it('cannot be settled before its message is there', async () => {
    const archive = await open()
    await send(archive, 'first')
    await send(archive, 'second')
    const [delivery] = await kept(archive)
    await archive.store.atomically([{ sql: 'DELETE FROM messages', params: [] }])
    expect(await settle(archive, delivery?.id)).toMatchObject({
      status: 422,
      body: [{ message: expect.stringContaining('no message with its msgUID') as string }],
    })
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [] })
  })

  it('that was kept before this was known is shown once it was replayed', async () => {
    const archive = await open()
    await send(archive, 'first')
    await send(archive, 'second')
    await archive.store.atomically([{ sql: 'UPDATE deliveries SET other_text_of = NULL', params: [] }])
    expect((await one(archive)).otherTexts).toEqual([])
    const [delivery] = await kept(archive)
    await post(archive, `/api/v1/deliveries/${delivery?.id}/replay`, '{"dryRun":false}', ADMIN)
    expect((await one(archive)).otherTexts).toMatchObject([{ text: 'second' }])
  })
})

describe('another text that came to an unknown address', () => {
  const listOf = (...texts: string[]) =>
    JSON.stringify(texts.map((text) => messageFields({ msgUID: 'A', content: contentOf(text) })))

  async function replayed(body: string) {
    const archive = await open()
    await send(archive, 'first')
    await deliver(archive, body, { path: '/im/messages' })
    const [delivery] = await kept(archive)
    await post(archive, `/api/v1/deliveries/${delivery?.id}/replay`, '{"dryRun":false}', ADMIN)
    return { archive, id: delivery?.id }
  }

  it('is shown at its message once it was replayed, and may be settled', async () => {
    const { archive, id } = await replayed(listOf('second'))
    expect((await one(archive)).otherTexts).toMatchObject([{ deliveryId: id, text: 'second' }])
    expect(await settle(archive, id)).toMatchObject({ status: 200, body: { outcome: 'change' } })
    expect(await versionsOf(archive)).toEqual(['second'])
  })

  it('cannot be settled among several messages, and the refusal says why', async () => {
    const { archive, id } = await replayed(listOf('second', 'third'))
    expect(await settle(archive, id)).toMatchObject({
      status: 422,
      body: [{ message: expect.stringContaining('one of 2 messages') as string }],
    })
    expect(await versionsOf(archive)).toEqual([])
  })
})

describe('SAME_MSG_UID=edit', () => {
  let archive: ArchiveUnderTest
  beforeEach(async () => {
    archive = await open({ SAME_MSG_UID: 'edit' })
    await send(archive, 'first')
  })

  it('makes versions of them at once, in the order of their times, each once', async () => {
    await send(archive, 'third', { msgTimestamp: String(SENT_MS + 2000) })
    await send(archive, 'second', { msgTimestamp: String(SENT_MS + 1000) })
    expect((await send(archive, 'third', { msgTimestamp: String(SENT_MS + 2000) })).status).toBe(200)
    // RongCloud may leave the time as it is: then it is the time of arrival, which is later here.
    await send(archive, 'fourth')
    expect(await versionsOf(archive)).toEqual(['second', 'third', 'fourth'])
    expect(await kept(archive)).toEqual([])
    const callbacks = await getJson<{ items: object[] }>(archive, '/api/v1/messages')
    expect(callbacks.items).toHaveLength(1)
  })

  it('never of one whose signature had come before', async () => {
    const query = await signedQuery()
    const bodyOf = (fields: object) => new URLSearchParams({ ...messageFields(), ...fields }).toString()
    await deliver(archive, bodyOf({ msgUID: 'B' }), { query })
    expect(
      (await deliver(archive, bodyOf({ msgUID: 'A', content: contentOf('forged') }), { query })).status,
    ).toBe(200)
    const { state, otherTexts } = await one(archive)
    expect(state.versions).toEqual([])
    expect(otherTexts).toMatchObject([{ text: 'forged', nonceReused: true }])
  })

  it('makes versions of those kept before when they are replayed', async () => {
    await keepAside(archive.store, {
      appKey: APP.appKey,
      kind: 'messages',
      reason: 'conflict',
      detail: 'as told then',
      query: '',
      contentType: null,
      bodyEncoding: 'utf8',
      bodySha256: 'of it',
      remoteAddress: null,
      nonceReused: false,
      receivedAtMs: SENT_MS + 3000,
      body: new URLSearchParams(messageFields({ msgUID: 'A', content: contentOf('second') })).toString(),
    })
    const [delivery] = await kept(archive)
    const replay = (dryRun: boolean) =>
      post(archive, `/api/v1/deliveries/${delivery?.id}/replay`, JSON.stringify({ dryRun }), ADMIN)
    expect(await (await replay(true)).json()).toMatchObject({ outcome: 'change' })
    expect(await versionsOf(archive)).toEqual([])
    expect(await (await replay(false)).json()).toMatchObject({ outcome: 'change' })
    expect((await one(archive)).state.versions).toMatchObject([{ text: 'second', atMs: SENT_MS + 3000 }])
  })

  it('leaves alone what is of another sender, type or conversation', async () => {
    await send(archive, 'second', { objectName: 'RC:InfoNtf' })
    await send(archive, 'second', { fromUserId: 'shop_a', toUserId: 'u1' })
    expect(await versionsOf(archive)).toEqual([])
    expect(await kept(archive)).toHaveLength(2)
  })

  it('is told in the line of a log too: what the archive has as a version is known there', async () => {
    await send(archive, 'second')
    const { store, clock } = archive
    const record = (text: string) => ({
      appId: 'uwd1c0sxdlx2',
      fromUserId: 'u1',
      targetId: 'shop_a',
      targetType: 1,
      classname: 'RC:TxtMsg',
      content: { content: text },
      dateTime: '2024-12-19 16:00:00.123',
      msgUID: 'A',
    })
    const lines = ['second', 'third'].map((text) => JSON.stringify(record(text))).join('\n')
    const pieces = (async function* () {
      yield new TextEncoder().encode(lines)
    })()
    const deps = { store, hashing, logZone: BEIJING, templates: { member: 'u{id}', seller: 'shop_{id}' } }
    expect(
      await importLog(deps, { name: 'log', pieces }, { appKey: null, now: () => clock.nowMs }),
    ).toMatchObject({ known: 1, different: 1 })
    expect(await versionsOf(archive)).toEqual(['second'])
    const { otherTexts } = await one(archive)
    expect(otherTexts).toMatchObject([{ text: 'third' }])
    expect(await settle(archive, otherTexts[0]?.deliveryId)).toMatchObject({ status: 200 })
    expect(await versionsOf(archive)).toHaveLength(2)
  })
})

it('export and import carry a version under the same msgUID', async () => {
  const archive = await open({ SAME_MSG_UID: 'edit' })
  await send(archive, 'first')
  await send(archive, 'second')
  const file = await archive.request('/api/v1/export', { headers: bearer(KEYS.all) })
  const lines = (await file.text()).split('\n')
  const changes = lines.filter((line) => line.startsWith('{"type":"change"'))
  expect(changes.map((line) => (JSON.parse(line) as { kind: string; data: string }).data)).toEqual([
    JSON.stringify({ content: contentOf('second'), msgUID: 'A', objectName: 'RC:TxtMsg' }),
  ])
})
