/**
 * Ten times the callbacks that it can take. So that one machine can send them, the server cannot write most of the time:
 * another process holds the lock.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { latenciesOf } from '../bench/latencies.ts'
import { usageOf } from '../bench/processes.ts'
import { openFlood } from './flood.ts'
import { examineIds } from './examine.ts'
import { authorization, readiness, startServer } from './server.ts'
import { atLeast, atMost, isSo, type Trial } from './trial.ts'

const SECONDS = { full: 60, short: 10, test: 2 }
const TIMES = 10
const MEMORY_MAX_MB = 500
const CONNECTIONS = 1000
// Enough for a commit to be full.
const PATIENT = 512

export const overload: Trial = {
  name: 'overload',
  title: 'Overload',
  promise: [
    'At most 4,000 writes wait, none for more than 350 ms: what is beyond is answered 503 at once and counted. To make ten times its',
    'rate a rate that one machine can send, another process holds the lock of the database four fifths of the time.',
  ].join('\n'),
  run: async ({ size, folder }) => {
    const path = join(folder, 'archive.db')
    const server = await startServer(path)
    const holder = fork(fileURLToPath(new URL('lock-holder.ts', import.meta.url)), [path])
    try {
      const flood = await openFlood(Number(server.url.port), CONNECTIONS)
      // What it can take: as many as are answered while each connection waits for its answer.
      await flood.run({ seconds: 1, connections: PATIENT })
      const usual = await flood.run({ seconds: 3, connections: PATIENT })
      const canTake = usual.filter(({ status }) => status === 200).length / 3
      const answers = await flood.run({ seconds: SECONDS[size], perSecond: canTake * TIMES })
      holder.kill()
      const after = await flood.run({ seconds: 2, perSecond: canTake / 2 })
      const metrics = await (await fetch(new URL('/metrics', server.url), { headers: authorization })).text()
      const counted = /outcome="overloaded"\} (\d+)/.exec(metrics)?.[1] ?? '0'
      const ready = await readiness(server)
      const memory = (usageOf(server.child.pid!)?.peakMemoryBytes ?? Number.NaN) / 1e6
      flood.close()
      holder.kill()
      server.child.kill('SIGTERM')
      const code = await server.ended
      const of = (status: number) => answers.filter((answer) => answer.status === status)
      const accepted = [...usual, ...answers, ...after].filter(({ status }) => status === 200)
      return [
        atLeast('callbacks a second that it can take', Math.round(canTake), 1),
        atLeast('callbacks a second meant for it', Math.round(canTake * TIMES), 1),
        atLeast(
          'of them sent, as a connection was free',
          Math.round(answers.length / SECONDS[size]),
          Math.round(canTake),
        ),
        atLeast('answered 200', of(200).length, 1),
        atMost('p99 of these', p99(of(200)), 1000, ' ms'),
        atLeast('answered 503', of(503).length, 1),
        atMost('p99 of these ', p99(of(503)), 1000, ' ms'),
        isSo('answered otherwise, or not at all', answers.length - of(200).length - of(503).length, 0),
        atLeast('counted as `overloaded` in `/metrics`', Number(counted), 1),
        atMost('peak memory', memory, MEMORY_MAX_MB, ' MB'),
        isSo(
          'refused at half its rate right afterwards',
          after.filter(({ status }) => status !== 200).length,
          0,
        ),
        isSo('`/readyz` afterwards', ready.status, 200),
        isSo('exit code of SIGTERM', code, 0),
        isSo(
          'acknowledged and lost',
          examineIds(
            path,
            accepted.map(({ msgUID }) => msgUID),
          ),
          0,
        ),
      ]
    } finally {
      holder.kill()
      server.child.kill('SIGKILL')
    }
  },
}

function p99(answers: readonly { tookMs: number }[]): number {
  return latenciesOf(answers.map(({ tookMs }) => tookMs)).p99Ms
}
