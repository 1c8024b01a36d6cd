import { createMessageBatch, getQueueResult, createExecutionContext } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import type { HeldCallback } from '../../src/ingest/held-callback.ts'
import { storeQueued } from '../../src/worker/callback-queue.ts'
import { openD1Store } from '../../src/worker/d1-store.ts'
import { createService } from '../../src/worker/service.ts'
import { APP, KEYS, SETTINGS, EMPTY } from '../support/archive.ts'
import { bearer, messageFields, signedQuery } from '../support/requests.ts'
import { DB, ASSETS } from './bindings.ts'

beforeEach(() => openD1Store(DB).atomically(EMPTY))

/** A service whose queue is a list, to see what is put into it. */
function serviceWithQueue(send: (held: HeldCallback) => Promise<void>) {
  const queue = { send } as unknown as Queue<HeldCallback>
  return createService({ ...SETTINGS, LOG_LEVEL: 'error', DB, ASSETS, CALLBACK_QUEUE: queue })
}

async function deliverTo(
  service: ReturnType<typeof createService>,
  fields: Record<string, string>,
  query?: string,
) {
  const path = `/callbacks/messages?${query ?? (await signedQuery())}`
  const body = new URLSearchParams(messageFields(fields)).toString()
  return service.app.request(path, { method: 'POST', body }, {}, createExecutionContext())
}

async function archived(service: ReturnType<typeof createService>) {
  const answer = await service.app.request('/api/v1/messages', { headers: bearer(KEYS.all) })
  return (await answer.json<{ items: Record<string, unknown>[] }>()).items
}

function held(msgUID: string, receivedAtMs = 1): HeldCallback {
  return {
    kind: 'messages',
    appKey: APP.appKey,
    nonceReused: false,
    query: '',
    contentType: null,
    body: new TextEncoder().encode(new URLSearchParams(messageFields({ msgUID })).toString()),
    remoteAddress: null,
    receivedAtMs,
  }
}

const batchOf = (queue: string, bodies: HeldCallback[], attempts = 1) =>
  createMessageBatch<HeldCallback>(
    queue,
    bodies.map((body, i) => ({ id: String(i), timestamp: new Date(), attempts, body })),
  )

function consumer(store = openD1Store(DB, { shared: true })) {
  const service = serviceWithQueue(() => Promise.resolve())
  const counted: string[] = []
  const logged: string[] = []
  const log = (event: string, facts?: object) => {
    logged.push(event)
    if (facts) logged.push(JSON.stringify(facts))
  }
  const deps = {
    ...service.storeDeps(),
    store,
    log: { debug: log, info: log, warn: log, error: log },
    count: (name: string) => void counted.push(name),
    tally: service.tally,
  }
  return { deps, service, counted, logged }
}

describe('a callback with a burst buffer', () => {
  it('is answered 200 once the queue has it, and not stored before', async () => {
    const queued: HeldCallback[] = []
    const service = serviceWithQueue((callback) => Promise.resolve(void queued.push(callback)))
    expect((await deliverTo(service, { msgUID: 'A' })).status).toBe(200)
    expect(queued).toMatchObject([{ kind: 'messages', appKey: APP.appKey, nonceReused: false }])
    expect(await archived(service)).toEqual([])
  })

  it('is queued without its signature, also where it came to an unknown address or by other names', async () => {
    const queued: HeldCallback[] = []
    const service = serviceWithQueue((callback) => Promise.resolve(void queued.push(callback)))
    const query = await signedQuery()
    const signature = new URLSearchParams(query).get('signature') ?? ''
    const upper = query.replace(signature, signature.toUpperCase())
    const oldest = query.replace('signature=', 'rc-signature=')
    for (const each of [query, upper, oldest])
      expect((await deliverTo(service, { msgUID: 'A' }, each)).status).toBe(200)
    await service.app.request(`/callback/message?${query}`, { method: 'POST', body: 'a=1' })
    expect(queued.map(({ kind }) => kind)).toEqual(['messages', 'messages', 'messages', 'unknown-address'])
    const whole = JSON.stringify(
      queued.map((each) => ({ ...each, body: new TextDecoder().decode(each.body) })),
    )
    expect(whole.toLowerCase()).not.toContain(signature)
    // What else was signed tells of its time, and is kept with what cannot be read.
    expect(queued.map((each) => each.query)).toContain(query.replace(signature, ''))
  })

  it('is refused before the queue when its signature is wrong', async () => {
    const queued: HeldCallback[] = []
    const service = serviceWithQueue((callback) => Promise.resolve(void queued.push(callback)))
    expect((await deliverTo(service, {}, 'signature=wrong')).status).toBe(401)
    expect(queued).toEqual([])
  })

  it('goes straight to D1 when it is too large for the queue', async () => {
    const service = serviceWithQueue(() => Promise.reject(new Error('must not be asked')))
    const content = JSON.stringify({ content: 'x'.repeat(125_000) })
    expect((await deliverTo(service, { msgUID: 'L', content })).status).toBe(200)
    expect(await archived(service)).toMatchObject([{ msgUID: 'L', content }])
  })

  it('is archived, not kept aside, when D1 fails it for reasons of its own', async () => {
    const { deps, service } = consumer(
      Object.assign(openD1Store(DB), {
        atomically: () => Promise.reject(new ArchiveError('unavailable', 'D1 cannot be used now')),
      }),
    )
    const batch = batchOf('rongcloud-callbacks', [held('R')])
    await storeQueued(deps, batch)
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual([])
    await storeQueued({ ...deps, store: openD1Store(DB) }, batchOf('rongcloud-callbacks', [held('R')]))
    expect(await archived(service)).toMatchObject([{ msgUID: 'R' }])
  })

  it('goes straight to D1 when the queue does not take it', async () => {
    const service = serviceWithQueue(() => Promise.reject(new Error('queue is down')))
    expect((await deliverTo(service, { msgUID: 'D' })).status).toBe(200)
    expect(await archived(service)).toMatchObject([{ msgUID: 'D' }])
  })
})

describe('the consumer of the queue', () => {
  it('stores each once, in any order, with the time at which it was received', async () => {
    const { deps, service } = consumer()
    const batch = batchOf('rongcloud-callbacks', [held('B', 20), held('A', 10), held('B', 20)])
    await storeQueued(deps, batch)
    const result = await getQueueResult(batch, createExecutionContext())
    expect(result.explicitAcks.toSorted((a, b) => Number(a) - Number(b))).toEqual(['0', '1', '2'])
    const items = await archived(service)
    expect(items.map(({ msgUID, receivedAtMs }) => [msgUID, receivedAtMs])).toEqual([
      ['B', 20],
      ['A', 10],
    ])
  })

  it('stores events as well as messages, with the time at which they were received', async () => {
    const { deps, service } = consumer()
    const body = new TextEncoder().encode('{"userid":"u1","status":"0","time":1734595240900}')
    const event: HeldCallback = { ...held('A', 30), kind: 'online-status', body }
    await storeQueued(deps, batchOf('rongcloud-callbacks', [event, held('B'), event]))
    const answer = await service.app.request('/api/v1/events', { headers: bearer(KEYS.all) })
    expect((await answer.json<{ items: unknown[] }>()).items).toMatchObject([
      { kind: 'online-status', userId: 'u1', receivedAtMs: 30 },
    ])
    expect(await archived(service)).toMatchObject([{ msgUID: 'B' }])
  })

  it('keeps a body that it cannot read, and is done with it', async () => {
    const { deps } = consumer()
    const batch = batchOf('rongcloud-callbacks', [{ ...held('X'), body: new TextEncoder().encode('a=1') }])
    await storeQueued(deps, batch)
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual(['0'])
    const kept = await DB.prepare('SELECT reason, body FROM deliveries').all()
    expect(kept.results).toEqual([{ reason: 'unreadable', body: 'a=1' }])
  })

  it('takes what an older version queued with its signature, and keeps none of it', async () => {
    const { deps, service } = consumer()
    const query = await signedQuery()
    const unreadable = { ...held('X'), query, body: new TextEncoder().encode('a=1') }
    await storeQueued(deps, batchOf('rongcloud-callbacks', [{ ...held('A'), query }, unreadable]))
    expect(await archived(service)).toMatchObject([{ msgUID: 'A' }])
    const [kept] = (await DB.prepare('SELECT query FROM deliveries').all<{ query: string }>()).results
    expect(kept?.query).toBe(query.replace(/signature=[^&]*/, 'signature='))
  })

  it('lets what cannot be stored come again, later each time', async () => {
    const failing = Object.assign(openD1Store(DB), {
      atomically: () =>
        Promise.reject(new Error('Failed query: … params: private', { cause: new Error('D1 is down') })),
    })
    const logged: string[] = []
    const delays: (number | undefined)[] = []
    for (const attempts of [1, 4, 50]) {
      const [message] = batchOf('rongcloud-callbacks', [held('A')]).messages
      const retry = ({ delaySeconds }: QueueRetryOptions = {}) => void delays.push(delaySeconds)
      const messages = [{ ...message, body: held('A'), attempts, retry }]
      const consuming = consumer(failing)
      await storeQueued(consuming.deps, { queue: 'rongcloud-callbacks', messages } as never)
      logged.push(...consuming.logged)
    }
    expect(delays).toEqual([10, 80, 3600])
    expect(logged.join()).toContain('D1 is down')
    expect(logged.join()).not.toMatch(/Failed query|private/)
  })

  it('raises an alarm for the dead-letter queue, and stores what it can', async () => {
    const { deps, service, counted, logged } = consumer()
    await storeQueued(deps, batchOf('rongcloud-callbacks-dead', [held('A'), held('B')]))
    expect(counted.filter((name) => name === 'rongcloud_dead_letters_total')).toHaveLength(2)
    expect(logged).toContain('callbacks in the dead-letter queue')
    expect(await archived(service)).toHaveLength(2)
  })
})
