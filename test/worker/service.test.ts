import { openArchive } from './open-archive.ts'
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import worker from '../../src/worker/index.ts'
import { KEYS, SETTINGS } from '../support/archive.ts'
import { bearer, deliverMessage, getJson, signedQuery } from '../support/requests.ts'
import { DB, ASSETS } from './bindings.ts'

const ask = (path: string, settings: Record<string, unknown> = SETTINGS) =>
  worker.fetch(
    new Request(`http://archive.test${path}`),
    { ...settings, DB, ASSETS },
    createExecutionContext(),
  )

describe('the Worker', () => {
  it('is alive and able to store', async () => {
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/readyz')).status).toBe(200)
  })

  it('serves the page of the API description from its own address', async () => {
    expect(await (await ask('/docs')).text()).toContain('/docs/swagger-ui-bundle.js')
    const script = await ask('/docs/swagger-ui-bundle.js')
    expect(script.headers.get('Content-Type')).toContain('javascript')
    expect((await script.text()).length).toBeGreaterThan(100_000)
  })

  it('names the host that Cloudflare routed by, which no client chooses', async () => {
    const answer = await worker.fetch(
      new Request('https://archive.test/chat-records/list?memberId=1&sellerId=a', {
        headers: { ...bearer(KEYS.all), 'X-Forwarded-Host': 'evil.example' },
      }),
      { ...SETTINGS, DB, ASSETS },
      createExecutionContext(),
    )
    expect(answer.headers.get('Link')).toMatch(/^<https:\/\/archive\.test\/chat-records\/list/)
  })

  it.each(['HOST', 'PORT', 'DATABASE_PATH'])('refuses the Node setting %s', async (name) => {
    const answer = await ask('/healthz', { ...SETTINGS, [name]: '1' })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ message: 'the settings are wrong; the log says which' })
  })

  it('tells a stranger nothing of wrong settings', async () => {
    const answer = await ask('/healthz', { API_KEYS: `broken:${KEYS.all}` })
    expect(await answer.text()).not.toMatch(/API_KEYS|broken/)
  })

  it('makes up no credentials: without settings every callback is refused', async () => {
    const answer = await worker.fetch(
      new Request('http://archive.test/callbacks/messages?appKey=a&timestamp=1&nonce=1&signature=x', {
        method: 'POST',
        body: 'a=1',
      }),
      { DB, ASSETS },
      createExecutionContext(),
    )
    expect(answer.status).toBe(401)
  })

  it('stores the copy of a pre-message after the answer, even when the database fails', async () => {
    const failing = {
      prepare: () => ({ bind: () => ({}) }),
      batch: () => Promise.reject(new Error('D1 is down')),
    }
    for (const [database, stored] of [
      [failing, 0],
      [DB, 1],
    ] as const) {
      const context = createExecutionContext()
      const env = { ...SETTINGS, LOG_LEVEL: 'error', DB: database as D1Database, ASSETS }
      const answer = await worker.fetch(
        new Request(`http://archive.test/callbacks/pre-messages?${await signedQuery()}`, {
          method: 'POST',
          body: `fromUserId=u1&targetId=g1&messageId=worker-${stored}`,
        }),
        env,
        context,
      )
      expect(await answer.json()).toEqual({ pass: 1 })
      await waitOnExecutionContext(context)
      const { results } = await DB.prepare(
        "SELECT id FROM callback_events WHERE msg_uid LIKE 'worker-%'",
      ).all()
      expect(results).toHaveLength(stored)
    }
    await DB.exec('DELETE FROM callback_events')
  })

  it('does its scheduled work', async () => {
    await expect(
      worker.scheduled(createScheduledController(), { ...SETTINGS, DB, ASSETS }),
    ).resolves.toBeUndefined()
  })

  it('follows the messages with the full-text index once a minute', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await worker.scheduled(createScheduledController({ cron: '* * * * *' }), { ...SETTINGS, DB, ASSETS })
    expect(await getJson(archive, '/api/v1/search/progress')).toEqual({ indexedUpTo: 1, newestId: 1 })
  })

  it('with wrong settings lets queued callbacks come again later, not at once', async () => {
    const retried: (number | undefined)[] = []
    const batch = {
      queue: 'rongcloud-callbacks',
      messages: [],
      retryAll: ({ delaySeconds }: QueueRetryOptions = {}) => void retried.push(delaySeconds),
    }
    await worker.queue(batch as never, { ...SETTINGS, PORT: '1', DB, ASSETS })
    expect(retried).toEqual([600])
  })
})
