import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { createRateLimit } from '../../src/http/rate-limit.ts'
import { KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { deliverMessage, get, memberToken } from '../support/requests.ts'
import { inTurn } from './chat-records/records.ts'

const times = (count: number) => Array.from({ length: count }, (_, i) => i)
const LIST = '/chat-records/list?memberId=1&sellerId=a'

async function statusesOf(archive: ArchiveUnderTest, count: number, credential: string, path = LIST) {
  return inTurn(times(count), async () => (await get(archive, path, credential)).status)
}

describe('RATE_LIMIT_PER_MINUTE', () => {
  const THREE = { RATE_LIMIT_PER_MINUTE: '3' }

  it('is off unless it is set', async () => {
    const archive = await openArchive()
    expect(new Set(await statusesOf(archive, 200, KEYS.all))).toEqual(new Set([200]))
  })

  it('lets so many of one credential in until the minute is over, and says when that is', async () => {
    const archive = await openArchive(THREE)
    archive.clock.nowMs += 45_000
    expect(await statusesOf(archive, 5, KEYS.all)).toEqual([200, 200, 200, 429, 429])
    const answer = await get(archive, '/api/v1/messages')
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '15'])
    expect(await answer.json()).toMatchObject({ name: 'Too Many Requests', status: 429 })
    archive.clock.nowMs += 15_000
    expect(await statusesOf(archive, 4, KEYS.all)).toEqual([200, 200, 200, 429])
  })

  it('counts each key and each member on their own', async () => {
    const archive = await openArchive(THREE)
    const one = await memberToken({ memberId: 1 })
    const again = await memberToken({ memberId: 1, iat: 1 })
    const other = await memberToken({ memberId: 2 })
    expect(await statusesOf(archive, 4, one)).toEqual([200, 200, 200, 429])
    expect(await statusesOf(archive, 1, again)).toEqual([429])
    expect(await statusesOf(archive, 1, other)).toEqual([403])
    expect(await statusesOf(archive, 1, KEYS.read)).toEqual([200])
  })

  it('never holds up a signed callback, nor what anybody may ask', async () => {
    const archive = await openArchive(THREE)
    const answers = await inTurn(times(20), (i) => deliverMessage(archive, { msgUID: `m${i}` }))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const health = await inTurn(times(5), async () => (await archive.request('/healthz')).status)
    expect(health).toEqual([200, 200, 200, 200, 200])
  })

  it('remembers so many credentials and no more', () => {
    const limit = createRateLimit(() => 0, 1, 2)
    expect(['a', 'b', 'a'].map(limit)).toEqual([0, 0, 60_000])
    expect(['c', 'd', 'a'].map(limit)).toEqual([0, 0, 0])
  })
})

describe('unknown credentials', () => {
  async function guess(archive: ArchiveUnderTest, count: number) {
    return inTurn(times(count), async (i) => (await get(archive, LIST, `guess-${i}`)).status)
  }

  it('are turned away after a hundred of an address, but for one a second', async () => {
    const archive = await openArchive()
    expect(new Set(await guess(archive, 100))).toEqual(new Set([401]))
    const waiting = await get(archive, LIST, 'guess')
    expect([waiting.status, waiting.headers.get('Retry-After')]).toEqual([429, '1'])
    archive.clock.nowMs += 1000
    expect(await guess(archive, 2)).toEqual([401, 429])
  })

  it('hold up no credential that is known, whatever others try from its address', async () => {
    const archive = await openArchive()
    const member = await memberToken({ memberId: 1 })
    expect((await guess(archive, 101)).at(-1)).toBe(429)
    for (const credential of [KEYS.all, KEYS.read, member])
      expect((await get(archive, LIST, credential)).status).toBe(200)
    // Nor is it told anything else than why it opens nothing.
    expect((await get(archive, LIST, KEYS.write)).status).toBe(403)
    expect((await get(archive, LIST, await memberToken({ memberId: 1, exp: 1 }))).status).toBe(401)
    expect((await get(archive, LIST, 'guess')).status).toBe(429)
  })

  it('count by network too, of IPv6 by its /64 and its /48', async () => {
    const archive = await openArchive()
    archive.peer.address = '2001:db8:1:1::1'
    await guess(archive, 100)
    archive.peer.address = '2001:db8:1:1:ffff::1'
    expect(await guess(archive, 1)).toEqual([429])
    for (let network = 2; network <= 10; network++) {
      archive.peer.address = `2001:db8:1:${network}::1`
      await guess(archive, 100)
    }
    archive.peer.address = '2001:db8:1:ffff::1'
    expect(await guess(archive, 1)).toEqual([429])
    archive.peer.address = '2001:db8:2::1'
    expect(await guess(archive, 1)).toEqual([401])
  })

  it('are too long to be looked at from 4 KB on', async () => {
    const archive = await openArchive()
    const long = await memberToken({ memberId: 1, padding: 'x'.repeat(4096) })
    expect((await get(archive, LIST, long)).status).toBe(401)
    const short = await memberToken({ memberId: 1, padding: 'x'.repeat(2048) })
    expect((await get(archive, LIST, short)).status).toBe(200)
  })

  it('hold up no signed callback from the same address', async () => {
    const archive = await openArchive()
    await guess(archive, 101)
    expect((await deliverMessage(archive)).status).toBe(200)
  })

  it('are not the expired ones, nor the want of any', async () => {
    const archive = await openArchive()
    const expired = await memberToken({ memberId: 1, exp: 1 })
    expect(new Set(await statusesOf(archive, 120, expired))).toEqual(new Set([401]))
    const none = await inTurn(times(120), async () => (await archive.request(LIST)).status)
    expect(new Set(none)).toEqual(new Set([401]))
    expect((await get(archive, LIST, KEYS.all)).status).toBe(200)
  })

  it('are forged ones too that say they have expired', async () => {
    const archive = await openArchive()
    const forged = await memberToken({ memberId: 1, exp: 1 }, 'another-secret-of-at-least-32-bytes')
    expect((await statusesOf(archive, 101, forged)).at(-1)).toBe(429)
  })
})
