/** nginx.conf in a running nginx before a running archive: who gets in, who is limited, and what comes through. */
import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import { addAbortSignal } from 'node:stream'
import { ask, askPlainly, callback, open, type Asked } from './ask.ts'
import { API_KEY, CONSOLE_PASSWORD, FROM, NAME } from './clients.ts'
import { startProxiedArchive, type Proxied } from './proxied-archive.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const BEARER = { Authorization: `Bearer ${API_KEY}` }

// Three times the burst of nginx.conf, over few connections: it is not their number that is limited, and they cost the time.
const FLOOD = 600

// The stream is over after two minutes; a proxy that keeps what it is sent tells it then.
const TOLD_WITHIN_MS = 20_000

export async function* checkNginx(): AsyncGenerator<string> {
  await using proxied = await startProxiedArchive()
  yield 'nginx.conf is read'
  await checkCallbacks(proxied)
  yield 'RongCloud alone sends callbacks, in any spelling'
  await checkNames(proxied)
  yield 'other names are hung up on, and none is passed on'
  await checkHeaders(proxied)
  yield 'TLS is asked for and bodies are bounded'
  await checkLimits(proxied)
  yield 'a flood is answered 429, beside callbacks and back ends that are not'
  await checkStreams(proxied)
  yield 'the live view and exports come through as they are written'
}

async function checkCallbacks({ tls, logOf }: Proxied): Promise<void> {
  const forged = { 'X-Forwarded-For': '203.0.113.9' }
  const sent = callback('6A1F-Q2PK-8CF0-01AB')
  const stored = await ask(tls, { ...sent, headers: { ...sent.headers, ...forged } })
  assert.equal(stored.status, 200, stored.text)
  const read = await ask(tls, { path: '/api/v1/messages?limit=5', headers: BEARER })
  assert.match(read.text, /6A1F-Q2PK-8CF0-01AB/)
  for (const path of [
    '/callbacks/messages',
    '//Callbacks//messages/',
    '/callbacks',
    '/message',
    '/api/%2e%2e/callbacks/x',
  ])
    assert.equal((await ask(tls, callback('x', { from: FROM.stranger, path }))).status, 403, path)
  const disguised = callback('x', { from: FROM.stranger, path: '/api/x\\..\\..\\callbacks/messages' })
  assert.equal((await ask(tls, disguised)).status, 400)
  const misaddressed = await ask(tls, callback('6A1F-Q2PK-8CF0-02AB', { path: '/message' }))
  assert.equal(misaddressed.status, 200, misaddressed.text)
  const refused = logOf('archive-refused.log').trim().split('\n')
  assert.equal(refused.length, 4)
  assert.doesNotMatch(logOf('archive.log'), /signature/i)
}

async function checkNames({ tls, plain }: Proxied): Promise<void> {
  await assert.rejects(ask(tls, { servername: 'other.example.com' }), /unrecognized name/)
  await assert.rejects(ask(tls, { headers: { Host: 'other.example.com' } }), /socket hang up/)
  await assert.rejects(askPlainly(plain, 'GET', 'other.example.com'), /socket hang up/)
  const headers = { ...BEARER, 'X-Forwarded-Host': 'other.example.com' }
  const list = await ask(tls, { path: '/chat-records/list?memberId=1001&sellerId=42', headers })
  assert.equal(list.status, 200, list.text)
  assert.match(list.text, new RegExp(`"(https://${NAME})?/chat-records/list`))
  assert.doesNotMatch(list.text, /other\.example/)
}

async function checkHeaders({ tls, plain }: Proxied): Promise<void> {
  const led = await askPlainly(plain, 'GET')
  assert.deepEqual([led.status, led.headers.location], [301, `https://${NAME}/console?a=b`])
  assert.equal((await askPlainly(plain, 'POST')).status, 403)
  for (const [path, status] of Object.entries({
    '/healthz': 200,
    '/callbacks/messages': 403,
    '/metrics': 403,
    '/none': 404,
  })) {
    const answer = await ask(tls, { path })
    assert.deepEqual([path, answer.status], [path, status])
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000', path)
  }
  const large = {
    path: '/chat-records/create',
    method: 'POST',
    headers: { ...BEARER, ...FORM },
    body: 'x'.repeat(1_500_000),
  }
  const refused = await ask(tls, large)
  assert.equal(refused.status, 413)
  assert.match(refused.text, /"result":"error"/, 'the refusal is not the one of the archive')
}

const behindBalancer = (address: string) => ({ from: FROM.balancer, headers: { 'X-Client': address } })

async function checkLimits({ tls }: Proxied): Promise<void> {
  const statuses = async (asked: (i: number) => Asked) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const asks = Array.from({ length: FLOOD }, (_, i) => ask(tls, { agent, ...asked(i) }))
    const answers = await Promise.all(asks).finally(() => agent.destroy())
    return new Set(answers.map(({ status }) => status))
  }
  assert.deepEqual(await statuses(() => ({ from: FROM.flood })), new Set([200, 429]))
  assert.deepEqual(await statuses(() => ({ from: FROM.ownBackEnd })), new Set([200]))
  assert.deepEqual(await statuses((i) => callback(`flood-${i}`)), new Set([200]))
  // All addresses of a /64 are one client, and its neighbour is another.
  assert.deepEqual(await statuses((i) => behindBalancer(`2001:db8:0:1::${i + 1}`)), new Set([200, 429]))
  assert.equal((await ask(tls, behindBalancer('2001:db8:0:2::1'))).status, 200)
}

async function checkStreams({ tls }: Proxied): Promise<void> {
  const headers = { ...FORM, Origin: `https://${NAME}` }
  const body = new URLSearchParams({ password: CONSOLE_PASSWORD }).toString()
  const signedIn = await ask(tls, { path: '/console/sign-in', method: 'POST', headers, body })
  assert.equal(signedIn.status, 303, signedIn.text)
  const Cookie = (signedIn.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ')
  const live = await open(tls, { path: '/console/live/stream', headers: { Cookie } })
  assert.equal(live.headers['content-type'], 'text/event-stream')
  let told = ''
  assert.equal((await ask(tls, callback('6A1F-Q2PK-8CF0-03AB'))).status, 200)
  addAbortSignal(AbortSignal.timeout(TOLD_WITHIN_MS), live)
  for await (const piece of live.setEncoding('utf8')) {
    told += String(piece)
    if (told.includes('hello')) break
  }
  assert.match(told, /hello/)
  const exported = await ask(tls, { path: '/api/v1/export', headers: BEARER })
  assert.match(exported.text, /"type":"end"/)
}
