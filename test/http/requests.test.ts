/** What is told of each request: its name, and how many there are. */
import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import { KEYS } from '../support/archive.ts'
import { deliverMessage, get } from '../support/requests.ts'
import { inTurn } from './chat-records/records.ts'
import { signIn } from './console/signed-in.ts'
import { ask } from './every-endpoint.ts'

const idOf = (answer: Response) => answer.headers.get('X-Request-Id') ?? ''
const PROXIED = { TRUSTED_PROXIES: '192.0.2.0/24' }

describe('the id of a request', () => {
  it('is another for each', async () => {
    const archive = await openArchive()
    const answers = await inTurn(archive.endpoints, (endpoint) => ask(archive, endpoint))
    expect(new Set(answers.map(idOf)).size).toBe(archive.endpoints.length)
  })

  it('is in every line that is logged of it', async () => {
    const archive = await openArchive()
    const fail = () => Promise.reject(new ArchiveError('unavailable', 'the disk is full'))
    Object.assign(archive.store, { db: drizzle(fail), replica: drizzle(fail), atomically: fail })
    const requests = [
      ...archive.endpoints.map(
        (endpoint) => async () => ask(archive, endpoint, { headers: bearerOf(KEYS.all) }),
      ),
      () => signIn(archive, 'wrong'),
      () => deliverMessage(archive),
      () => archive.request('/nothing'),
    ]
    const strangers = await inTurn(requests, async (send) => {
      archive.logged.length = 0
      const id = idOf(await send())
      await archive.settled()
      return archive.logged.filter((line) => (JSON.parse(line) as { requestId?: string }).requestId !== id)
    })
    // Counts are written, and units read, for many at once.
    const ofMany = /counts of callbacks|units of signed times/
    expect(strangers.flat().filter((line) => !ofMany.test(line))).toEqual([])
  })

  it.each([
    ['a trusted proxy gave it', '192.0.2.10', 'proxy-4711.a_b', true],
    ['anybody gave it', '198.51.100.1', 'proxy-4711.a_b', false],
    ['it is long', '192.0.2.10', 'x'.repeat(65), false],
    ['it is empty', '192.0.2.10', '', false],
    ['it is not plain', '192.0.2.10', 'a b', false],
    ['it would end a line', '192.0.2.10', 'a","level":"info', false],
  ])('is the one that came when %s', async (_when, peer, given, isKept) => {
    const archive = await openArchive(PROXIED)
    archive.peer.address = peer
    const headers = { 'X-Request-Id': given }
    const paths = ['/healthz', '/nothing', '/api/v1/messages', '/callbacks/messages']
    const ids = await inTurn(paths, async (path) =>
      idOf(await archive.request(path, { headers, method: path.startsWith('/callbacks') ? 'POST' : 'GET' })),
    )
    expect(ids.map((id) => id === given)).toEqual(paths.map(() => isKept))
    expect(ids.every((id) => /^[\w.-]+$/.test(id))).toBe(true)
  })
})

const bearerOf = (key: string) => ({ Authorization: `Bearer ${key}` })

describe('requests', () => {
  it('are counted and timed by route, not by what was asked', async () => {
    const archive = await openArchive()
    await get(archive, '/api/v1/messages/1')
    await get(archive, '/api/v1/messages/2')
    await deliverMessage(archive)
    await get(archive, '/nothing/at/all')
    await archive.request('/healthz', { method: 'DELETE' })
    const text = await (await get(archive, '/metrics', KEYS.metrics)).text()
    for (const line of [
      'rongcloud_http_requests_total{route="/api/v1/messages/:id",method="GET",status="4xx"} 2',
      'rongcloud_http_requests_total{route="/callbacks/messages",method="POST",status="2xx"} 1',
      'rongcloud_http_requests_total{route="none",method="any",status="4xx"} 2',
      'rongcloud_http_request_seconds_count{route="/api/v1/messages/:id",method="GET"} 2',
    ])
      expect(text).toContain(`${line}\n`)
    expect(text).not.toContain('nothing')
  })
})
