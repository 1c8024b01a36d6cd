import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import { ArchiveError } from '../../src/domain/errors.ts'
import { KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { bearer, deliver, deliverMessage, get, post } from '../support/requests.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const SECRET = 'SQLITE_ODD: no such column secret_column in /srv/archive.db'

// Every address that reads, with a credential that may.
const READS = [
  '/api/v1/messages',
  '/api/v1/messages?userId=u1',
  '/api/v1/messages/1',
  '/api/v1/messages/1/context',
  '/api/v1/conversations',
  '/api/v1/conversations/1',
  '/api/v1/deliveries',
  '/api/v1/sellers',
  '/api/v1/sellers/a',
  '/chat-records/list?memberId=1&sellerId=a',
  '/chat-records/chat-list?memberId=1',
]

/** From now on whatever the store is asked fails with this. */
function breakStore({ store }: ArchiveUnderTest, failure: unknown) {
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- drivers reject with anything
  const fail = () => Promise.reject(failure)
  Object.assign(store, { db: drizzle(fail), replica: drizzle(fail), atomically: fail })
}

/** The methods that each path has, as `Allow` names them. */
function methodsByPath({ endpoints }: ArchiveUnderTest): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of endpoints) {
    const more = method === 'GET' ? ['GET', 'HEAD'] : [method]
    methods.set(path, [...(methods.get(path) ?? []), ...more])
  }
  return methods
}

const filled = (path: string) => path.replaceAll(/:\w+/g, '1')

describe('an error', () => {
  it.each<[string, (archive: ArchiveUnderTest) => Promise<Response>, number, string]>([
    ['401 to nobody', (archive) => archive.request('/api/v1/messages'), 401, 'Unauthorized'],
    ['401 to an unknown key', (archive) => get(archive, '/api/v1/messages', 'x'), 401, 'Unauthorized'],
    ['401 to another scheme', withBasic, 401, 'Unauthorized'],
    [
      '401 to a forged callback',
      (archive) => archive.request('/callbacks/messages', { method: 'POST' }),
      401,
      'Unauthorized',
    ],
    ['403 to the wrong key', (archive) => get(archive, '/api/v1/messages', KEYS.metrics), 403, 'Forbidden'],
    ['404 at no address', (archive) => get(archive, '/nothing/here'), 404, 'Not Found'],
    ['404 for no row', (archive) => get(archive, '/api/v1/messages/1'), 404, 'Not Found'],
    ['405 for another method', (archive) => post(archive, '/api/v1/messages', {}), 405, 'Method Not Allowed'],
    ['413 for a large body', putLarge, 413, 'Content Too Large'],
    ['500 for the unexpected', readBroken, 500, 'Internal Server Error'],
    ['503 when nothing can be stored', deliverBroken, 503, 'Service Unavailable'],
  ])('is answered %s in one shape', async (_what, ask, status, name) => {
    const answer = await ask(await openArchive())
    expect(answer.headers.get('Content-Type')).toBe('application/json')
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { name, message: expect.stringMatching(/./) as string, code: 0, status },
    ])
  })

  it('of parameters is a list that names each', async () => {
    const answer = await get(await openArchive(), '/api/v1/messages?limit=x')
    expect([answer.status, await answer.json()]).toEqual([
      422,
      [{ field: 'limit', message: 'must be an integer' }],
    ])
  })

  it('says how to sign in, and when to come back', async () => {
    const archive = await openArchive()
    expect((await archive.request('/api/v1/messages')).headers.get('WWW-Authenticate')).toBe('Bearer')
    expect((await deliverBroken(archive)).headers.get('Retry-After')).toMatch(/^[1-9]\d*$/)
  })

  it('comes before parameters are looked at when nobody signed in', async () => {
    const archive = await openArchive()
    expect((await archive.request('/api/v1/messages?limit=x')).status).toBe(401)
    expect((await archive.request('/api/v1/messages/x')).status).toBe(401)
  })

  it.each(['/%', '/%zz', '/%00', '/api/v1/messages/%E0%A4%A', '/api/v1/sellers/%', `/${'x'.repeat(5000)}`])(
    'of a broken address %j is the client’s own',
    async (path) => {
      const { status } = await get(await openArchive(), path)
      expect([404, 422]).toContain(status)
    },
  )
})

describe('a method that an address does not have', () => {
  it('is answered 405 with those it has, at every address', async () => {
    const archive = await openArchive()
    const wrong = [...methodsByPath(archive)].flatMap(([path, methods]) =>
      METHODS.filter((method) => !methods.includes(method)).map((method) => ({ path, method, methods })),
    )
    expect(wrong.length).toBeGreaterThan(50)
    const answers = await Promise.all(
      wrong.map(async ({ path, method, methods }) => {
        const { status, headers } = await archive.request(filled(path), { method, headers: bearer(KEYS.all) })
        return {
          path,
          method,
          status,
          allow: new Set(headers.get('Allow')?.split(', ')),
          methods: new Set(methods),
        }
      }),
    )
    expect(answers.filter(({ status }) => status !== 405)).toEqual([])
    expect(answers.map(({ allow }) => allow)).toEqual(answers.map(({ methods }) => methods))
  })

  it('is named in the answer', async () => {
    const answer = await (await openArchive()).request('/callbacks/messages', { method: 'DELETE' })
    expect(await answer.json()).toMatchObject({
      message: 'DELETE is not for this address; use POST or GET or HEAD',
    })
  })
})

describe('HEAD', () => {
  it.each([
    '/healthz',
    '/openapi.json',
    '/api/v1/messages',
    '/nothing',
    '/api/v1/messages/1',
    '/callbacks/messages',
  ])('of %s is answered as GET is, without a body', async (path) => {
    const archive = await openArchive()
    const init = { headers: bearer(KEYS.all) }
    const head = await archive.request(path, { ...init, method: 'HEAD' })
    const whole = await archive.request(path, init)
    expect(await head.text()).toBe('')
    expect((await whole.text()).length).toBeGreaterThan(0)
    expect(head.status).toBe(whole.status)
    for (const { headers } of [head, whole]) headers.delete('X-Request-Id')
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers))
  })
})

describe('a failure that nobody expected', () => {
  it.each([
    ['an error', new Error(SECRET)],
    ['an error with a cause', new Error(SECRET, { cause: new Error(SECRET) })],
    ['an error of the runtime', new TypeError(SECRET)],
    ['a text', SECRET],
    ['an object', { code: SECRET, message: SECRET }],
    ['nothing', undefined],
  ])('tells a client nothing of %s', async (_what, failure) => {
    const archive = await openArchive()
    breakStore(archive, failure)
    const answers = await Promise.all(READS.map((path) => get(archive, path)))
    expect(answers.map(({ status }) => status)).toEqual(READS.map(() => 500))
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(bodies)).toEqual(
      new Set([
        '{"name":"Internal Server Error","message":"something went wrong here; the log says what","code":0,"status":500}',
      ]),
    )
  })

  it('tells nothing to those who write, nor to RongCloud', async () => {
    const archive = await openArchive()
    breakStore(archive, new Error(SECRET))
    const written = { memberId: '1', sellerId: 'a', messageType: 'RC:TxtMsg', cnt: 'hi' }
    const answers = await Promise.all([
      deliverMessage(archive),
      archive.request('/readyz'),
      post(archive, '/api/v1/sellers/a', '{}', bearer(KEYS.all), 'PUT'),
      post(archive, '/chat-records/create', written),
      post(archive, '/chat-records/delete', { memberId: '1', id: '1' }),
    ])
    expect(answers.filter(({ status }) => status < 500)).toEqual([])
    const told = (await Promise.all(answers.map((answer) => answer.text()))).join('\n')
    expect(told).not.toMatch(/SQLITE|secret|srv|\.ts|\bat \w/)
  })

  it('is in the log, where it happened', async () => {
    const archive = await openArchive()
    breakStore(archive, new Error('first cause'))
    await deliverMessage(archive)
    const logged = archive.logged.join('\n')
    expect(logged).toContain('first cause')
    expect(logged).toContain('/callbacks/messages')
    expect(logged).toMatch(/\\n +at /)
  })
})

describe('the log of a refusal', () => {
  it('holds neither credentials nor content', async () => {
    const archive = await openArchive()
    await deliverMessage(
      archive,
      { content: 'private words' },
      { appKey: 'uwd1c0sxdlx2', secret: 'wrong-secret' },
    )
    await get(archive, '/api/v1/messages', 'a-stolen-key')
    expect(archive.logged.join('\n')).toContain('signature_wrong')
    expect(archive.logged.join('\n')).not.toMatch(/private words|wrong-secret|a-stolen-key|Y1W2MeFwwwRxa0/)
  })
})

describe('the log of many refusals', () => {
  it('has a line a minute for each network and reason, and the metrics have them all', async () => {
    const archive = await openArchive()
    const refused = async (query: string, address: string) => {
      archive.peer.address = address
      await deliver(archive, 'a=1', { query })
    }
    const flood = async () => {
      for (let i = 1; i <= 10; i++) {
        await refused('signature=forged&nonce=1&timestamp=1', '203.0.113.7')
        await refused('', '203.0.113.7')
        await refused('', `2001:db8::${i}`)
      }
    }
    const lines = () => archive.logged.filter((line) => line.includes('callback refused')).length
    await flood()
    expect(lines()).toBe(3)
    archive.clock.nowMs += 59_999
    await flood()
    expect(lines()).toBe(3)
    archive.clock.nowMs += 1
    await flood()
    expect(lines()).toBe(6)
    const metrics = await (await get(archive, '/metrics', KEYS.metrics)).text()
    expect(metrics).toContain('outcome="refused",reason="signature_wrong"} 30')
    expect(metrics).toContain('outcome="refused",reason="signature_missing"} 60')
  })
})

describe('every answer', () => {
  it.each([
    ['/healthz', 200],
    ['/openapi.json', 200],
    ['/api/v1/messages', 200],
    ['/api/v1/messages?limit=x', 422],
    ['/api/v1/messages/1', 404],
    ['/nothing', 404],
    ['/callbacks/messages', 200],
    ['/metrics', 403],
  ])('%s (%i) can be neither framed nor taken for a page', async (path, status) => {
    const { status: answered, headers } = await get(await openArchive(), path)
    expect(answered).toBe(status)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Frame-Options')).toBe('SAMEORIGIN')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('X-Powered-By')).toBeNull()
  })
})

function withBasic(archive: ArchiveUnderTest) {
  return archive.request('/api/v1/messages', { headers: { Authorization: `Basic ${btoa(`x:${KEYS.all}`)}` } })
}

function putLarge(archive: ArchiveUnderTest) {
  return post(archive, '/api/v1/sellers/a', { logo: 'x'.repeat(1024 * 1024) }, bearer(KEYS.all), 'PUT')
}

function readBroken(archive: ArchiveUnderTest) {
  breakStore(archive, new Error(SECRET))
  return get(archive, '/api/v1/messages')
}

function deliverBroken(archive: ArchiveUnderTest) {
  breakStore(archive, new ArchiveError('unavailable', 'the archive cannot be written now'))
  return deliverMessage(archive)
}
