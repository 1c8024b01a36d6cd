import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { createBrake, type Bucket } from '../../src/http/brake.ts'
import { APP } from '../support/archive.ts'
import { deliver, getJson, messageFields, signedQuery } from '../support/requests.ts'
import { operatorOf } from './console/signed-in.ts'

const DAY_MS = 86_400_000
const JUMPS = [3 * DAY_MS, -10 * DAY_MS, 20 * DAY_MS, -400 * DAY_MS]

describe('a clock that jumps by days, forth and back', () => {
  it('loses and doubles no message, and leaves them in the order of arrival', async () => {
    const archive = await openArchive()
    const query = await signedQuery(APP)
    const sent = ['start', ...JUMPS.map(String)]
    for (const [nth, msgUID] of sent.entries()) {
      archive.clock.nowMs += JUMPS[nth - 1] ?? 0
      const body = new URLSearchParams(messageFields({ msgUID })).toString()
      expect((await deliver(archive, body)).status).toBe(200)
      // Its retry, after another jump.
      archive.clock.nowMs -= DAY_MS
      expect((await deliver(archive, body, { query: nth === 0 ? query : await signedQuery() })).status).toBe(
        200,
      )
    }
    type Feed = { items: { message: { msgUID: string } }[] }
    const { items } = await getJson<Feed>(archive, '/api/v1/changes')
    expect(items.map(({ message }) => message.msgUID)).toEqual(sent)
  })

  it('still tells a retry from another body with the same signature', async () => {
    const archive = await openArchive({ CALLBACK_NONCE_REUSE: 'refuse' })
    const query = await signedQuery()
    expect((await deliver(archive, 'a=1', { query })).status).toBe(200)
    for (const jump of JUMPS) {
      archive.clock.nowMs += jump
      expect((await deliver(archive, 'a=1', { query })).status).toBe(200)
      expect((await deliver(archive, 'a=2', { query })).status).toBe(401)
    }
  })

  it('makes no old proof of readiness good again', async () => {
    const archive = await openArchive()
    expect((await archive.request('/readyz')).status).toBe(200)
    const { atomically } = archive.store
    Object.assign(archive.store, { atomically: () => Promise.reject(new Error('broken')) })
    archive.clock.nowMs -= 10 * DAY_MS
    expect((await archive.request('/readyz')).status).toBe(503)
    Object.assign(archive.store, { atomically })
  })

  it('keeps no counts of callbacks from being written', async () => {
    const archive = await openArchive()
    const refused = () => deliver(archive, 'a=1', { query: 'signature=wrong' })
    const written = async () => {
      await archive.settled()
      const sql = 'SELECT sum(callbacks) AS n FROM callback_counts'
      const [rows = []] = await archive.store.atomically([{ sql, params: [] }])
      return rows[0]?.n
    }
    await refused()
    expect(await written()).toBe(1)
    archive.clock.nowMs -= 10 * DAY_MS
    await refused()
    expect(await written()).toBe(2)
  })

  it('makes no session last longer than twelve hours', async () => {
    const archive = await openArchive()
    archive.clock.nowMs += 10 * DAY_MS
    const operator = await operatorOf(archive)
    expect((await operator.get('/console')).status).toBe(200)
    archive.clock.nowMs -= 10 * DAY_MS
    expect((await operator.get('/console')).status).toBe(303)
  })

  it('makes nobody wait for days', () => {
    let nowMs = 10 * DAY_MS
    const brake = createBrake(() => nowMs, { longestWaitMs: 3000 })
    const buckets: Bucket[] = [['192.0.2.1', { atOnce: 5, everyMs: 3000 }]]
    const take = () => brake.take(buckets)
    for (let i = 0; i < 7; i++) take()
    nowMs = 0
    expect(take()).toEqual({ isGiven: false, waitMs: 6000 })
    nowMs += 6000
    expect(take()).toEqual({ isGiven: true, waitMs: 0 })
  })
})
