import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliver, deliverMessage, get, getJson, memberToken, signedQuery } from '../../support/requests.ts'

type Page = { items: ({ id: number; body: string } & Record<string, unknown>)[]; next: string | null }

const list = (archive: ArchiveUnderTest, query = '') => getJson<Page>(archive, `/api/v1/deliveries?${query}`)

async function bodiesOf(archive: ArchiveUnderTest, query = ''): Promise<string[]> {
  return (await list(archive, query)).items.map(({ body }) => body)
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Names of the parameters that a refusal is about. */
async function fieldsRefused(archive: ArchiveUnderTest, path: string): Promise<string> {
  const answer = await get(archive, path)
  expect([path, answer.status]).toEqual([path, 422])
  return ((await answer.json()) as { field: string }[]).map(({ field }) => field).join()
}

describe('GET /api/v1/deliveries', () => {
  it('shows a callback that could not be read, whole but for its signature', async () => {
    const archive = await openArchive()
    const query = `${await signedQuery()}&odd=%7E+1`
    await deliver(archive, 'from nobody 谁', { query, contentType: 'text/plain' })
    expect(await list(archive)).toEqual({
      items: [
        {
          id: expect.any(Number) as number,
          appKey: APP.appKey,
          kind: 'messages',
          reason: 'unreadable',
          detail: 'missing fromUserId, toUserId, objectName, channelType, content',
          query: query.replace(/[\da-f]{40}/, ''),
          contentType: 'text/plain',
          body: 'from nobody 谁',
          bodyEncoding: 'utf8',
          bodySha256: await sha256Hex('from nobody 谁'),
          remoteAddress: archive.peer.address,
          nonceReused: false,
          receivedAtMs: archive.clock.nowMs,
          replayedAtMs: null,
          replayOutcome: null,
          otherTextOf: null,
        },
      ],
      next: null,
    })
  })

  it('shows no signature that an older version has kept, nor keeps one now', async () => {
    const archive = await openArchive()
    const query = await signedQuery()
    await deliver(archive, 'what is no message', { query })
    const [rows = []] = await archive.store.atomically([{ sql: 'SELECT query FROM deliveries', params: [] }])
    expect(rows).toEqual([{ query: query.replace(/[\da-f]{40}/, '') }])
    await archive.store.atomically([{ sql: 'UPDATE deliveries SET query = ?', params: [query] }])
    expect((await list(archive)).items).toMatchObject([{ query: query.replace(/[\da-f]{40}/, '') }])
  })

  it('shows the address of the sender behind a trusted proxy', async () => {
    const archive = await openArchive({ TRUSTED_PROXIES: '192.0.2.10' })
    await archive.request(`/callbacks/messages?${await signedQuery()}`, {
      method: 'POST',
      headers: { 'X-Forwarded-For': '198.51.100.1, 203.0.113.7' },
      body: 'unreadable',
    })
    expect((await list(archive)).items).toMatchObject([{ remoteAddress: '203.0.113.7' }])
  })

  it('names the archived message that a conflict is about', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/messages')
    await deliverMessage(archive, { content: 'another' })
    expect((await list(archive)).items).toMatchObject([
      { reason: 'conflict', detail: `message ${items[0]?.id} has this msgUID and other fields` },
    ])
  })

  it('keeps the same body of two apps twice', async () => {
    const archive = await openArchive()
    await deliver(archive, 'same')
    await deliver(archive, 'same', { query: await signedQuery(OTHER_APP) })
    expect((await list(archive)).items.map(({ appKey }) => appKey)).toEqual([OTHER_APP.appKey, APP.appKey])
  })

  it.each([
    ['', ['conflict', 'theirs', 'two', 'one']],
    [`appKey=${OTHER_APP.appKey}`, ['theirs']],
    ['reason=unreadable', ['theirs', 'two', 'one']],
    ['reason=conflict', ['conflict']],
    ['reason=lossy', []],
    ['kind=messages&limit=2', ['conflict', 'theirs']],
    ['kind=online-status', []],
    [`reason=unreadable&appKey=${APP.appKey}&kind=messages`, ['two', 'one']],
  ])('narrows to "%s", newest first', async (query, expected) => {
    const archive = await openArchive()
    await deliver(archive, 'one')
    await deliver(archive, 'two')
    await deliver(archive, 'theirs', { query: await signedQuery(OTHER_APP) })
    await deliverMessage(archive)
    await deliverMessage(archive, { content: 'conflict' })
    const bodies = await bodiesOf(archive, query)
    expect(bodies.map((body) => new URLSearchParams(body).get('content') ?? body)).toEqual(expected)
  })

  it('pages without skipping or repeating while more arrive', async () => {
    const archive = await openArchive()
    await Array.fromAsync(['1', '2', '3', '4', '5'], (body) => deliver(archive, body))
    const first = await list(archive, 'limit=2')
    await deliver(archive, '6')
    const second = await list(archive, `limit=2&cursor=${first.next}`)
    const third = await list(archive, `limit=2&cursor=${second.next}`)
    expect([first, second, third].map(({ items }) => items.map(({ body }) => body))).toEqual([
      ['5', '4'],
      ['3', '2'],
      ['1'],
    ])
    expect(third.next).toBeNull()
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    const expected = new Map<string, unknown>([
      ['unknown=1', 'unknown'],
      ['reason=boredom', 'reason'],
      ['limit=501', 'limit'],
      ['cursor=x', 'cursor'],
      [`cursor=${btoa('["1"]')}`, 'cursor'],
    ])
    const ask = async (query: string) =>
      [query, await fieldsRefused(archive, `/api/v1/deliveries?${query}`)] as const
    const answers = await Promise.all([...expected.keys()].map(ask))
    expect(new Map(answers)).toEqual(expected)
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    const statusAs = async (credential: string) =>
      (await get(archive, '/api/v1/deliveries', credential)).status
    expect(await statusAs(KEYS.read)).toBe(200)
    expect(await statusAs(KEYS.metrics)).toBe(403)
    expect(await statusAs(await memberToken({ memberId: 1 }))).toBe(403)
    expect((await archive.request('/api/v1/deliveries')).status).toBe(401)
  })
})
