/** Slow and hostile clients: each is cut off in time, and others notice nothing. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { latenciesOf } from '../bench/latencies.ts'
import { usageOf } from '../bench/processes.ts'
import { examine, findingsOf } from './examine.ts'
import { DEAF, HEADERS_WITHIN_MS, HOSTILE, KEPT_WITHIN_MS, SLOW, type Client } from './hostile.ts'
import { idle, play, type Idle, type Played } from './playing.ts'
import { startSending, trafficOf, type Sending } from './sending.ts'
import { metricsOf, startServer } from './server.ts'
import { atLeast, atMost, isSo, timed, verdictOf, type Finding, type Trial } from './trial.ts'

const IDLE = { full: 5000, short: 5000, test: 200 }
const OF_EACH = { full: 100, short: 20, test: 5 }
const KINDS = { full: [...HOSTILE, ...SLOW, ...DEAF], short: [...HOSTILE, ...SLOW], test: HOSTILE }
const OPENED_AT_ONCE = 100
const OTHERS_P99_MS = 250
const MEMORY_MAX_MB = 500

export const clients: Trial = {
  name: 'clients',
  title: 'Slow and hostile clients',
  promise: [
    'Headers have 10 s and 16 KB, a whole request 30 s and 1 MiB, a connection between two requests 65 s, a client that reads nothing',
    'two to four minutes, ten requests of one connection wait for their answers, and there are 10,000 connections at most. Other clients',
    'notice nothing.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const path = join(folder, 'archive.db')
    const server = await startServer(path)
    const sending = startSending(server.url, trafficOf(seed), { connections: 4, pauseMs: 10 })
    const port = Number(server.url.port)
    await sleep(2000)
    const silent = await openMany(IDLE[size] / 2, () => idle(port, ''))
    const kept = await openMany(IDLE[size] / 2, () => idle(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'))
    const begunAt = performance.now()
    const played = await Promise.all(
      KINDS[size].map(async (client) =>
        judge(client, await times(client.count?.[size] ?? OF_EACH[size], () => play(client, port))),
      ),
    )
    await sleep(1000)
    const beside = p99Of(sending, begunAt)
    const alive = await fetch(new URL('/readyz', server.url))
    const metrics = await metricsOf(server)
    const memory = (usageOf(server.child.pid!)?.peakMemoryBytes ?? Number.NaN) / 1e6
    const closed = [
      ...(size === 'test' ? [] : [allClosed('silent from the beginning', silent, HEADERS_WITHIN_MS)]),
      ...(size === 'full' ? [allClosed('silent after a request', kept, KEPT_WITHIN_MS)] : []),
    ]
    for (const connection of [...silent, ...kept]) connection.close()
    await sending.stop()
    server.child.kill('SIGTERM')
    return [
      isSo('idle connections opened', silent.length + kept.length, IDLE[size]),
      ...closed,
      ...played.flat(),
      atMost('p99 of other clients meanwhile', beside, OTHERS_P99_MS, ' ms'),
      timed(
        isSo(
          'callbacks of other clients not answered 200',
          sending.answers.filter(({ answer }) => answer !== 200).length,
          0,
        ),
      ),
      atMost('peak memory', memory, MEMORY_MAX_MB, ' MB'),
      atLeast('requests counted in `/metrics`', metrics.sum(/^rongcloud_http_requests_total/), 1),
      timed(isSo('of them answered 5xx', metrics.sum(/^rongcloud_http_requests_total.*status="5/), 0)),
      isSo('unexpected errors in the log', server.printed().split('unexpected error').length - 1, 0),
      isSo('`/readyz` afterwards', alive.status, 200),
      isSo('exit code of SIGTERM', await server.ended, 0),
      ...findingsOf(examine(path, sending.acknowledged)),
    ]
  },
}

function allClosed(which: string, connections: readonly Idle[], withinMs: number): Finding {
  const latest = Math.max(...connections.map(({ closedAfterMs }) => closedAfterMs()))
  return atMost(`idle, ${which}: all closed after`, latest, withinMs, ' ms')
}

function judge({ name, withinMs, answers, mostMB }: Client, played: readonly Played[]): Finding[] {
  if (played.length === 0) return []
  const odd = played.find(({ answer }) => !answers.test(answer))
  const [status = 'none'] = /(?<=^HTTP\/1.1 )\d+/.exec((odd ?? played[0])?.answer ?? '') ?? []
  const latest = Math.max(...played.map(({ tookMs }) => tookMs))
  return [
    {
      what: `${name}: answer`,
      found: status,
      wanted: 'refused or taken, as it deserves',
      verdict: verdictOf(odd === undefined),
    },
    ...(mostMB === undefined
      ? []
      : [atMost(`${name}: given`, Math.max(...played.map(({ bytes }) => bytes)) / 1e6, mostMB, ' MB')]),
    atMost(`${name}: connection over after`, latest, withinMs, ' ms'),
  ]
}

/** In turns: what finds the system's queue full looks open to the client, and the server never hears of it. */
async function openMany(count: number, open: () => Promise<Idle>): Promise<Idle[]> {
  const opened: Idle[] = []
  while (opened.length < count) opened.push(...(await times(OPENED_AT_ONCE, open)))
  return opened
}

function times<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, make))
}

function p99Of({ answers }: Sending, sinceMs: number): number {
  return latenciesOf(answers.filter(({ atMs }) => atMs >= sinceMs).map(({ tookMs }) => tookMs)).p99Ms
}
