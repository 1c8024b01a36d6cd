/**
 * Ten times the callbacks that it can take. So that one machine can send them, the server cannot write most of the time:
 * another process holds the lock.
 */
import { join } from 'node:path'
import { latenciesOf } from '../bench/latencies.ts'
import { usageOf } from '../bench/processes.ts'
import { createFlood, type FloodAnswer } from './flood.ts'
import { examineIds } from './examine.ts'
import { metricsOf, readiness, startHelper, startServer } from './server.ts'
import { atLeast, atMost, isSo, timed, type Trial } from './trial.ts'

const SECONDS = { full: 60, short: 10, test: 2 }
// Some turns of the other process.
const USUAL_SECONDS = { full: 9, short: 9, test: 3 }
const TIMES = 10
const MEMORY_MAX_MB = 500
const CONNECTIONS = 4000
// Enough for a commit to be full.
const PATIENT = 512

export const overload: Trial = {
  name: 'overload',
  title: 'Overload',
  promise: [
    'At most 4,000 writes wait, none for more than 350 ms, and a commit tries for 300 ms to get the lock: what is beyond is answered',
    '503 and counted. To make ten times its rate a rate that one machine can send, another process holds the lock of the database',
    'for three seconds, lets two commits through, and takes it again.',
  ].join('\n'),
  run: async ({ size, folder }) => {
    const path = join(folder, 'archive.db')
    // It says of each that it could not be written, and must not wait for us to read it.
    const server = await startServer(path, (command) => `${command} 2> ${path}.log`)
    const flood = createFlood(Number(server.url.port))
    // Most conversations are known then, as in an archive of some age.
    await flood.run({ seconds: 2, connections: PATIENT })
    const holder = startHelper('lock-holder.ts', path)
    try {
      // What it can take: as many as are answered while each connection waits for its answer.
      await flood.run({ seconds: 1, connections: PATIENT })
      const usual = await flood.run({ seconds: USUAL_SECONDS[size], connections: PATIENT })
      const canTake = withStatus(usual, 200).length / USUAL_SECONDS[size]
      const answers = await flood.run({
        seconds: SECONDS[size],
        connections: CONNECTIONS,
        perSecond: canTake * TIMES,
      })
      holder.kill()
      const after = await flood.run({ seconds: 2, connections: CONNECTIONS, perSecond: canTake * 2 })
      const metrics = await metricsOf(server)
      const ready = await readiness(server)
      const memory = (usageOf(server.child.pid!)?.peakMemoryBytes ?? Number.NaN) / 1e6
      flood.close()
      server.child.kill('SIGTERM')
      const code = await server.ended
      const [taken, refused] = [withStatus(answers, 200), withStatus(answers, 503)]
      const accepted = withStatus([...usual, ...answers, ...after], 200)
      return [
        atLeast('callbacks a second that it can take', Math.round(canTake), 1),
        timed(
          atLeast(
            'callbacks a second sent',
            Math.round(answers.length / SECONDS[size]),
            Math.round(canTake * TIMES * 0.9),
          ),
        ),
        atLeast('answered 200', taken.length, 1),
        atMost('p99 of these', p99(taken), 1000, ' ms'),
        atLeast('answered 503', refused.length, 1),
        atMost('p99 of those answered 503', p99(refused), 900, ' ms'),
        isSo('answered otherwise, or not at all', answers.length - taken.length - refused.length, 0),
        atLeast(
          'counted in `/metrics` as `overloaded` or `not_stored`',
          metrics.sum(/outcome="(overloaded|not_stored)"/),
          refused.length,
        ),
        atMost('peak memory', memory, MEMORY_MAX_MB, ' MB'),
        timed(
          isSo('refused at twice its rate right afterwards', after.length - withStatus(after, 200).length, 0),
        ),
        isSo('`/readyz` afterwards', ready.status, 200),
        isSo('exit code of SIGTERM', code, 0),
        isSo('acknowledged and lost', examineIds(path, accepted), 0),
      ]
    } finally {
      holder.kill()
      server.child.kill('SIGKILL')
    }
  },
}

function withStatus(answers: readonly FloodAnswer[], wanted: number): FloodAnswer[] {
  return answers.filter(({ status }) => status === wanted)
}

function p99(answers: readonly FloodAnswer[]): number {
  return latenciesOf(answers.map(({ tookMs }) => tookMs)).p99Ms
}
