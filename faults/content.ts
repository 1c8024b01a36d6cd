/** Contents that cost much to read, while everything is asked for: what anybody writes or asks delays no callback. */
import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CREDENTIALS, usageOf } from '../bench/processes.ts'
import { ASKERS } from './askers.ts'
import type { Asked } from './content-asking.ts'
import {
  findingsOfAsked,
  findingsOfOrdinary,
  findingsOfSent,
  isTaken,
  SLOWEST_MS,
} from './content-findings.ts'
import type { Sent } from './content-sending.ts'
import { examine, examineIds } from './examine.ts'
import { createFlood } from './flood.ts'
import {
  authorization,
  metricsOf,
  readiness,
  startHelper,
  startServer,
  type ServerUnderTrial,
} from './server.ts'
import { atMost, isSo, timed, type Size, type Trial } from './trial.ts'

// Sent for so long, and then asked for the rest.
const SENDING_SECONDS = { full: 280, short: 60, test: 1 }
const LEAST_SECONDS = { full: 290, short: 65, test: 3 }
// What is not sent or asked by then is left.
const MOST_SECONDS = { full: 330, short: 75, test: 80 }
const ORDINARY_PER_SECOND = 50
// Enough for all that come while nothing is answered.
const CONNECTIONS = { full: 500, short: 500, test: 100 }
const SLOW_READERS = { full: 20, short: 10, test: 2 }
const MEMORY_MAX_MB = 400
const INDEXED_WITHIN_MS = 30_000
// The gauge holds what was longest for a minute.
const LOOK_EVERY_MS = 5000

export const content: Trial = {
  name: 'content',
  title: 'Hostile contents',
  promise: [
    'Nothing that anybody writes or asks delays a callback. Messages of every known type come at their largest: the same word again and',
    'again, thousands of marks on one letter, characters that grow, digits that may join, base64, one word without end, markup; lists of',
    '10,000 elements, JSON as deep and as wide as fits, 10,000 edits of one message and a text streamed in 10,000 packets; events of',
    'thousands of users, and bodies of a mebibyte that cannot be read. Meanwhile every endpoint and every page of the console is asked for',
    'as much as it gives, four questions at a time by two keys and an operator, while others read little of what they asked for. Beside',
    'it ordinary callbacks come at a steady rate, whose times are taken by a process that does nothing else.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const path = join(folder, 'archive.db')
    const settings = { API_KEYS: `${CREDENTIALS.API_KEYS},${ASKERS}` }
    const server = await startServer(path, undefined, settings)
    const flood = createFlood(Number(server.url.port))
    const sending = startHelper('content-sending.ts', server.url.href, size, seed, SENDING_SECONDS[size])
    await toldBy(sending)
    const asking = startHelper('content-asking.ts', server.url.href, size, seed, SLOW_READERS[size])
    // One that has not been used for ten seconds from its beginning is closed.
    const before = await flood.run({
      seconds: 1,
      connections: CONNECTIONS[size],
      perSecond: CONNECTIONS[size],
    })
    const over = new AbortController()
    const ordinary = flood.run({
      seconds: 2 * MOST_SECONDS[size],
      connections: CONNECTIONS[size],
      perSecond: ORDINARY_PER_SECOND,
      over: over.signal,
    })
    const delay = watchDelay(server, over.signal)
    const [sent, asked] = await resultsOf(sending, asking, size)
    over.abort()
    const answers = await ordinary
    flood.close()
    const behind = await behindAfterwards(server)
    const longestDelayMs = await delay()
    const ready = await readiness(server)
    const memory = (usageOf(server.child.pid!)?.peakMemoryBytes ?? Number.NaN) / 1e6
    server.child.kill('SIGTERM')
    const code = await server.ended
    return [
      ...findingsOfSent(sent),
      ...findingsOfAsked(asked),
      ...findingsOfOrdinary(answers),
      timed(atMost('longest delay of the event loop, by `/metrics`', longestDelayMs, SLOWEST_MS, ' ms')),
      atMost('peak memory', memory, MEMORY_MAX_MB, ' MB'),
      isSo('messages that the search index is behind, half a minute later at the latest', behind, 0),
      isSo('`/readyz` afterwards', ready.status, 200),
      isSo('exit code of SIGTERM', code, 0),
      isSo(
        'acknowledged and lost',
        examineIds(path, [...sent.taken, ...[...before, ...answers].filter(isTaken)]),
        0,
      ),
      isSo('wrong in the file', examine(path, []).problems.join('; ') || 'nothing', 'nothing'),
    ]
  },
}

/** What a helper says next. Rejects when it ends without a word. */
function toldBy<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnfile} ${child.spawnargs.at(1)} ended with ${String(code)}`)
  })
  return Promise.race([once(child, 'message').then(([message]) => message as T), ended])
}

async function resultsOf(sending: ChildProcess, asking: ChildProcess, size: Size): Promise<[Sent, Asked]> {
  const sent = toldBy<Sent>(sending)
  const asked = toldBy<Asked>(asking)
  await Promise.race([
    Promise.all([sent, sleep(LEAST_SECONDS[size] * 1000)]),
    sleep(MOST_SECONDS[size] * 1000),
  ])
  for (const child of [sending, asking]) if (child.connected) child.send('stop')
  return Promise.all([sent, asked])
}

/** @returns what gives the longest that there was, in ms, when it is over */
function watchDelay(server: ServerUnderTrial, over: AbortSignal): () => Promise<number> {
  let longest = Number.NaN
  const look = async () => {
    const seconds = (await metricsOf(server)).sum(/^rongcloud_event_loop_delay_seconds /)
    longest = Math.max(seconds * 1000, Number.isNaN(longest) ? 0 : longest)
  }
  const watching = (async () => {
    while (!over.aborted) {
      await look()
      await sleep(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
    }
    await look()
  })()
  return async () => {
    await watching
    return longest
  }
}

async function behindAfterwards({ url }: ServerUnderTrial): Promise<number> {
  const until = performance.now() + INDEXED_WITHIN_MS
  for (;;) {
    const answer = await fetch(new URL('/api/v1/search/progress', url), { headers: authorization })
    const { newestId, indexedUpTo } = (await answer.json()) as { newestId: number; indexedUpTo: number }
    if (newestId === indexedUpTo || performance.now() > until) return newestId - indexedUpTo
    await sleep(200)
  }
}
