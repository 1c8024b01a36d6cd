import { describe, expect, it, onTestFinished } from 'vitest'
import type { Delivery } from '../../simulator/deliveries.ts'
import { sendAll } from '../../simulator/send-all.ts'
import { createSender, RONGCLOUD_RULES, type SenderOptions } from '../../simulator/sender.ts'
import { messageRequest } from '../../simulator/wire.ts'
import { verifySignature } from '../../src/rongcloud/signature.ts'
import { APP } from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'
import { fakeClock, firstMessages, startFakeServer } from './runs.ts'

const [message] = firstMessages(1)
const request = messageRequest(message!)
const RULES = { ...RONGCLOUD_RULES, timeOutMs: 100 }

function openSender(url: URL, more: Partial<SenderOptions> = {}) {
  const clock = fakeClock()
  const usual = { url, app: APP, connections: 4, clock, signal: new AbortController().signal, rules: RULES }
  const sender = createSender({ ...usual, ...more })
  onTestFinished(() => sender.close())
  return { ...sender, clock }
}

describe('the sender', () => {
  it('keeps RongCloud’s documented numbers', () => {
    expect(RONGCLOUD_RULES).toMatchObject({ timeOutMs: 5000, tries: 3, pauseMs: 60_000 })
  })

  it('tries a second and a third time when there is no answer, and takes the one that comes', async () => {
    const { url, arrived } = await startFakeServer(() => (arrived.length < 3 ? null : { status: 200 }))
    expect(await openSender(url).send(request)).toMatchObject({ answer: 200, tries: 3 })
    expect(arrived.map(({ body }) => body)).toEqual([request.body, request.body, request.body])
  })

  it('never tries a fourth time', async () => {
    const { url, arrived } = await startFakeServer(() => null)
    expect(await openSender(url).send(request)).toMatchObject({ answer: 'time-out', tries: 3 })
    expect(arrived).toHaveLength(3)
  })

  it.each([500, 503])('tries again when the answer is %i', async (status) => {
    const { url, arrived } = await startFakeServer(() => ({ status: arrived.length < 2 ? status : 200 }))
    const { send, clock } = openSender(url)
    expect(await send(request)).toMatchObject({ answer: 200, tries: 2 })
    expect(clock.slept).toEqual([RULES.retryAfterMs])
  })

  it('tries again when the connection is lost', async () => {
    const { url, arrived } = await startFakeServer((_, response) => {
      if (arrived.length > 1) return { status: 200 }
      response.destroy()
      return null
    })
    expect(await openSender(url).send(request)).toMatchObject({ answer: 200, tries: 2 })
  })

  it.each([400, 401, 403, 404, 413])('takes %i for an answer', async (status) => {
    const { url, arrived } = await startFakeServer(() => ({ status }))
    expect(await openSender(url).send(request)).toMatchObject({ answer: status, tries: 1 })
    expect(arrived).toHaveLength(1)
  })

  it('says that nobody is there', async () => {
    expect(await openSender(new URL('http://127.0.0.1:1')).send(request)).toMatchObject({
      answer: 'no connection',
      tries: 3,
    })
  })

  it('signs each try, for the address below a path too', async () => {
    const { url, arrived } = await startFakeServer(() => ({ status: 503 }))
    await openSender(new URL('/archive/', url)).send(request)
    for (const { path, query, headers } of arrived) {
      expect(path).toBe('/archive/callbacks/messages')
      expect(headers).toMatchObject({
        'user-agent': 'RongCloud/1.0',
        'content-type': 'application/x-www-form-urlencoded',
      })
      const apps = [{ appKey: APP.appKey, secrets: [APP.secret] }]
      expect(verifySignature(apps, hashing, { query, header: () => undefined })).toMatchObject({
        appKey: APP.appKey,
      })
    }
    expect(new Set(arrived.map(({ query }) => query)).size).toBe(3)
  })

  it('pauses for a minute after many time-outs in a short time, then goes on', async () => {
    let isStalled = true
    const { url, arrived } = await startFakeServer(() => (isStalled ? null : { status: 200 }))
    const { send, clock, pauses } = openSender(url, { rules: { ...RULES, manyTimeOuts: 6 } })
    await Promise.all([send(request), send(request)])
    expect([arrived.length, pauses()]).toEqual([6, 1])
    isStalled = false
    const begunAt = clock.now()
    expect(await send(request)).toMatchObject({ answer: 200, tries: 1 })
    expect(clock.now() - begunAt).toBe(RULES.pauseMs)
  })

  it('does not pause for as many time-outs over a long time', async () => {
    const { url } = await startFakeServer(() => null)
    const { send, clock, pauses } = openSender(url, { rules: { ...RULES, manyTimeOuts: 4 } })
    for (let i = 0; i < 3; i++) {
      await send(request)
      await clock.sleep(RULES.shortTimeMs, new AbortController().signal)
    }
    expect(pauses()).toBe(0)
  })

  it('begins no further try once interrupted', async () => {
    const interrupt = new AbortController()
    const { url, arrived } = await startFakeServer(() => {
      interrupt.abort()
      return { status: 503 }
    })
    const { send } = openSender(url, { signal: interrupt.signal })
    expect(await send(request)).toMatchObject({ answer: 503, tries: 1 })
    expect(await send(request)).toMatchObject({ answer: 'interrupted', tries: 0 })
    expect(arrived).toHaveLength(1)
  })
})

describe('sending all', () => {
  const deliveries = (count: number): Iterator<Delivery, void> =>
    Array.from({ length: count }, (_, index) => ({ request, index })).values() as Iterator<Delivery, void>
  const sent = { answer: 200, tries: 1, tookMs: 1 } as const

  it('keeps to the rate', async () => {
    const clock = fakeClock()
    const begunAt = clock.now()
    const indexes: (number | null)[] = []
    await sendAll(deliveries(101), {
      send: () => Promise.resolve(sent),
      connections: 4,
      rate: 20,
      clock,
      signal: new AbortController().signal,
      onSent: ({ index }) => void indexes.push(index),
    })
    expect(new Set(indexes).size).toBe(101)
    expect(clock.now() - begunAt).toBeGreaterThanOrEqual(5000)
  })

  it('has no more under way than connections', async () => {
    let [underWay, most] = [0, 0]
    const send = async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 1))
      underWay--
      return sent
    }
    const signal = new AbortController().signal
    await sendAll(deliveries(50), {
      send,
      connections: 8,
      rate: null,
      clock: fakeClock(),
      signal,
      onSent: () => undefined,
    })
    expect(most).toBe(8)
  })
})
