/** Slow and hostile clients: each is cut off in time, and others notice nothing. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { latenciesOf } from '../bench/latencies.ts'
import { sign } from '../simulator/sign.ts'
import { examine, findingsOf } from './examine.ts'
import { startSending, trafficOf, type Sending } from './sending.ts'
import { APP, startServer } from './server.ts'
import { atMost, isSo, verdictOf, type Finding, type Trial } from './trial.ts'

const IDLE = { full: 5000, short: 5000, test: 200 }
const OF_EACH = { full: 100, short: 20, test: 5 }
// The limits of src/node/server.ts, and what looking for them every second adds.
const HEADERS_WITHIN_MS = 12_500
const BODY_WITHIN_MS = 32_500
const OTHERS_P99_MS = 250

const post = (headers: string) =>
  `POST /callbacks/messages${sign(APP, 'query', { timeMs: Date.now() }).query} HTTP/1.1\r\nHost: a\r\n${headers}`

/** What a client sends, a part every second or all at once, and what it may get. */
type Client = {
  name: string
  parts: () => Iterable<string>
  halfClosed?: true
  withinMs: number
  answers: RegExp
}

function* drops(start: string, drop: string): Generator<string> {
  yield start
  for (;;) yield drop
}

const SLOW: readonly Client[] = [
  {
    name: 'headers, one a second',
    parts: () => drops('GET /healthz HTTP/1.1\r\nHost: a\r\n', 'X-Slow: 1\r\n'),
    withinMs: HEADERS_WITHIN_MS,
    answers: /^(HTTP\/1.1 408|$)/,
  },
  {
    name: 'body, one byte a second',
    parts: () => drops(post('Content-Length: 1000000\r\n\r\n'), 'x'),
    withinMs: BODY_WITHIN_MS,
    answers: /^(HTTP\/1.1 408|$)/,
  },
]

const HOSTILE: readonly Client[] = [
  {
    name: 'half-closed after its request',
    parts: () => [post('Content-Length: 3\r\nConnection: close\r\n\r\na=b')],
    halfClosed: true,
    withinMs: 2000,
    // Stored or not, a sender that hears nothing tries again.
    answers: /^(HTTP\/1.1 200|$)/,
  },
  {
    name: 'half-closed in the midst of a body',
    parts: () => [post('Content-Length: 300\r\n\r\na=b')],
    halfClosed: true,
    withinMs: 2000,
    answers: /^(HTTP\/1.1 400|$)/,
  },
  {
    name: 'headers of 64 KB',
    parts: () => [`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Huge: ${'x'.repeat(65_536)}\r\n\r\n`],
    withinMs: 2000,
    answers: /^HTTP\/1.1 431/,
  },
  {
    name: 'a body declared as 1 GB',
    parts: () => [post('Content-Length: 1000000000\r\nConnection: close\r\n\r\na=b')],
    withinMs: 2000,
    answers: /^HTTP\/1.1 413/,
  },
  {
    name: 'no HTTP at all',
    parts: () => ['\u0016\u0003\u0001 hello\r\n\r\n'],
    withinMs: 2000,
    answers: /^HTTP\/1.1 400/,
  },
]

export const clients: Trial = {
  name: 'clients',
  title: 'Slow and hostile clients',
  promise: [
    'Headers have 10 s and 16 KB, a whole request 30 s and 1 MiB, a silent connection two minutes, and there are 10,000 connections',
    'at most. Other clients notice nothing.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const path = join(folder, 'archive.db')
    const server = await startServer(path)
    const sending = startSending(server.url, trafficOf(seed), { connections: 4, pauseMs: 10 })
    const port = Number(server.url.port)
    await sleep(2000)
    const alone = p99Of(sending)
    const idle = await Promise.all(Array.from({ length: IDLE[size] }, () => open(port)))
    // Those that take as long as they may are too slow for a test.
    const kinds = size === 'test' ? HOSTILE : [...HOSTILE, ...SLOW]
    const begunAt = performance.now()
    const findings = (
      await Promise.all(
        kinds.map(async (client) =>
          judge(client, await Promise.all(times(OF_EACH[size], () => play(client, port)))),
        ),
      )
    ).flat()
    await sleep(1000)
    const beside = p99Of(sending, begunAt)
    const alive = await fetch(new URL('/readyz', server.url))
    for (const socket of idle) socket.destroy()
    await sending.stop()
    server.child.kill('SIGTERM')
    return [
      isSo('idle connections opened', idle.length, IDLE[size]),
      ...findings,
      atMost(`p99 of other clients meanwhile (${alone.toFixed(0)} ms before)`, beside, OTHERS_P99_MS, ' ms'),
      isSo(
        'callbacks of other clients not answered 200',
        sending.answers.filter(({ answer }) => answer !== 200).length,
        0,
      ),
      isSo('`/readyz` afterwards', alive.status, 200),
      isSo('exit code of SIGTERM', await server.ended, 0),
      ...findingsOf(examine(path, sending.acknowledged)),
    ]
  },
}

type Played = { answer: string; tookMs: number }

function judge({ name, withinMs, answers }: Client, played: readonly Played[]): Finding[] {
  const odd = played.find(({ answer }) => !answers.test(answer))
  const [status = 'none'] = /(?<=^HTTP\/1.1 )\d+/.exec((odd ?? played[0])?.answer ?? '') ?? []
  return [
    {
      what: `${name}: answer`,
      found: status,
      wanted: 'refused or taken, as it deserves',
      verdict: verdictOf(odd === undefined),
    },
    atMost(
      `${name}: connection over after`,
      Math.max(...played.map(({ tookMs }) => tookMs)),
      withinMs,
      ' ms',
    ),
  ]
}

/** Sends until the server closes the connection. */
async function play({ parts, halfClosed, withinMs }: Client, port: number): Promise<Played> {
  const socket = await open(port)
  const startedAt = performance.now()
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  void sendSlowly(socket, parts())
  if (halfClosed) socket.end()
  await Promise.race([closed, sleep(withinMs + 5000)])
  socket.destroy()
  return { answer, tookMs: performance.now() - startedAt }
}

async function sendSlowly(socket: Socket, parts: Iterable<string>) {
  for (const part of parts) {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(part)
    await sleep(1000)
  }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}

function p99Of({ answers }: Sending, sinceMs = 0): number {
  return latenciesOf(answers.filter(({ atMs }) => atMs >= sinceMs).map(({ tookMs }) => tookMs)).p99Ms
}
