/** What came of the hostile contents, of the questions, and of the ordinary callbacks beside them. */
import { latenciesOf } from '../bench/latencies.ts'
import { KNOWN_OBJECT_NAMES } from '../src/rongcloud/message-types/index.ts'
import type { Asked } from './content-asking.ts'
import type { Sent } from './content-sending.ts'
import type { FloodAnswer } from './flood.ts'
import { atLeast, atMost, isSo, timed, verdictOf, type Finding } from './trial.ts'

const P99_MS = 250
export const SLOWEST_MS = 1000
// An export of the whole archive takes its time.
const ANSWERED_WITHIN_MS = 30_000

export function findingsOfSent({ sent, of, taken, others }: Sent): Finding[] {
  const types = new Set(taken.map(({ objectName }) => objectName))
  const known = KNOWN_OBJECT_NAMES.filter((name) => types.has(name))
  return [
    timed(atLeast('hostile callbacks sent', sent, of)),
    isSo('known types among the messages taken', known.length, KNOWN_OBJECT_NAMES.length),
    isSo('hostile callbacks refused', countOf(others, /^4/), 0),
    timed(isSo('hostile callbacks given up after three tries', countOf(others, /^[^4]/), 0)),
  ]
}

function countOf(others: Sent['others'], which: RegExp): number {
  return Object.entries(others).reduce((sum, [answer, count]) => sum + (which.test(answer) ? count : 0), 0)
}

export function findingsOfAsked({ of, endpoints }: Asked): Finding[] {
  const all = Object.entries(endpoints)
  const sum = (count: (each: Asked['endpoints'][string]) => number) =>
    all.reduce((total, [, each]) => total + count(each), 0)
  const [times, tooBusy] = [sum((each) => each.times), sum((each) => each.tooBusy)]
  const odd = all.flatMap(([, each]) => each.odd)
  const slowest = all.toSorted(([, one], [, other]) => other.slowestMs - one.slowestMs)
  const worst = slowest
    .slice(0, 3)
    .map(([name, { slowestMs }]) => `\`${name}\` ${(slowestMs / 1000).toFixed(1)} s`)
  return [
    timed(isSo('endpoints and pages asked', all.length, of)),
    timed(atLeast('questions asked', times, of)),
    isSo('answered otherwise than 2xx, 429 or 503', odd.slice(0, 5).join(', ') || 'none', 'none'),
    timed(isSo('questions answered 503, or not within half a minute', tooBusy, 0)),
    timed({
      what: 'slowest answers to questions',
      found: worst.join(', '),
      wanted: `at most ${ANSWERED_WITHIN_MS / 1000} s`,
      verdict: verdictOf(slowest[0]![1].slowestMs <= ANSWERED_WITHIN_MS),
    }),
  ]
}

export function findingsOfOrdinary(answers: readonly FloodAnswer[]): Finding[] {
  const times = answers.map(({ tookMs }) => tookMs)
  const refused = answers.filter(({ status }) => status === 503).length
  return [
    atLeast('ordinary callbacks sent beside', answers.length, 1),
    atMost('p99 of these', latenciesOf(times).p99Ms, P99_MS, ' ms'),
    atMost('slowest of these', Math.max(...times), SLOWEST_MS, ' ms'),
    timed(isSo('of these answered 503', refused, 0)),
    timed(
      isSo(
        'of these answered otherwise, or not at all',
        answers.length - answers.filter(isTaken).length - refused,
        0,
      ),
    ),
  ]
}

export function isTaken({ status }: FloodAnswer): boolean {
  return status === 200
}
