import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import { KEYS } from '../support/archive.ts'
import { deliver, deliverMessage, get, getJson, signedQuery } from '../support/requests.ts'

type Deliveries = { items: { reason: string; detail: string; nonceReused: boolean }[] }

describe('a callback that cannot be stored', () => {
  it('is answered 503 with Retry-After, whatever the reason, and counted', async () => {
    const archive = await openArchive()
    for (const reason of [new ArchiveError('unavailable', 'full'), new Error('odd')]) {
      const { atomically } = archive.store
      Object.assign(archive.store, { atomically: () => Promise.reject(reason) })
      const answer = await deliverMessage(archive)
      Object.assign(archive.store, { atomically })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
      expect(await answer.text()).not.toContain('odd')
    }
    const metrics = await (await get(archive, '/metrics', KEYS.metrics)).text()
    expect(metrics).toContain('rongcloud_callbacks_total{kind="messages",outcome="not_stored"} 2')
  })

  it('as a message is kept whole when the store can still take that', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    let calls = 0
    Object.assign(archive.store, {
      atomically: (statements: Parameters<typeof atomically>[0]) =>
        calls++ === 0 ? Promise.reject(new Error('no such column')) : atomically(statements),
    })
    expect((await deliverMessage(archive)).status).toBe(200)
    const { items } = await getJson<Deliveries>(archive, '/api/v1/deliveries')
    expect(items).toMatchObject([{ reason: 'failed', detail: 'no such column' }])
  })
})

describe('a callback whose signature came before with another body', () => {
  it('is flagged wherever it is kept, and counted', async () => {
    const archive = await openArchive()
    const query = await signedQuery()
    await deliver(archive, 'first=1', { query })
    await deliver(archive, 'second=1', { query })
    const { items } = await getJson<Deliveries>(archive, '/api/v1/deliveries')
    expect(items.map(({ nonceReused }) => nonceReused)).toEqual([true, false])
    const metrics = await (await get(archive, '/metrics', KEYS.metrics)).text()
    expect(metrics).toContain('rongcloud_callback_nonces_reused_total{kind="messages"} 1')
  })
})

describe('a message that conflicts with an archived one', () => {
  const named = (name: string) => JSON.stringify({ content: 'hi', user: { id: 'shop_a', name } })
  const fromShop = { msgUID: 'A', fromUserId: 'shop_a', toUserId: 'u1' }

  it('changes nothing of what members are shown', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { ...fromShop, content: named('Real') })
    await deliverMessage(archive, { ...fromShop, toUserId: 'u2', content: named('Forged') })
    expect(await getJson(archive, '/chat-records/chat-list?memberId=1')).toMatchObject([
      { shop_name: 'Real' },
    ])
    expect(await getJson(archive, '/chat-records/chat-list?memberId=2')).toEqual([])
    const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/conversations')
    expect(items).toHaveLength(1)
    const ids = [1, 2, 3].filter((id) => id !== items[0]?.id)
    for (const id of ids) expect((await get(archive, `/api/v1/conversations/${id}`)).status).toBe(404)
  })
})

describe('a proxy that we trust', () => {
  const settings = { CALLBACK_IPS: '203.0.113.7', TRUSTED_PROXIES: '192.0.2.10' }
  const from = async (archive: Awaited<ReturnType<typeof openArchive>>, forwarded: string) =>
    archive.request(`/callbacks/messages?${await signedQuery()}`, {
      method: 'POST',
      headers: { 'X-Forwarded-For': forwarded },
      body: 'a=1',
    })

  it.each(['203.0.113.7', '198.51.100.9, 203.0.113.7', '203.0.113.7:4711', '203.0.113.7, 192.0.2.10'])(
    'vouches for the sender: %s',
    async (forwarded) => {
      expect((await from(await openArchive(settings), forwarded)).status).toBe(200)
    },
  )

  it.each([
    '203.0.113.7, 198.51.100.1:5678',
    '203.0.113.7, unknown',
    '203.0.113.7, [2001:db8::1]:443',
    'unknown',
  ])('vouches for nobody further left: %s', async (forwarded) => {
    expect((await from(await openArchive(settings), forwarded)).status).toBe(403)
  })
})
