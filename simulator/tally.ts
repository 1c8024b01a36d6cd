/** What became of each callback, counted while they are sent. One byte a message, however long the run. */
import { createHistogram } from 'node:perf_hooks'
import type { Delivery } from './deliveries.ts'
import type { Sent } from './sender.ts'

const SENT = 1
const ACKNOWLEDGED = 2

export type Tally = ReturnType<typeof createTally>

export function createTally(messages: number) {
  const states = new Uint8Array(messages)
  const answers = new Map<string, number>()
  const eventAnswers = new Map<string, number>()
  const microseconds = createHistogram()
  let deliveries = 0
  let retried = 0

  return {
    note,
    isAcknowledged: (index: number) => states[index] === ACKNOWLEDGED,
    sent: () => states.reduce((count, state) => count + Number(state >= SENT), 0),
    acknowledged: () => states.reduce((count, state) => count + Number(state === ACKNOWLEDGED), 0),
    deliveries: () => deliveries,
    retried: () => retried,
    /** Last answers to messages, and to other callbacks, by what they were. */
    answers: () => Object.fromEntries(answers),
    eventAnswers: () => Object.fromEntries(eventAnswers),
    answerMs: (percent: number) => microseconds.percentile(percent) / 1000,
  }

  /** True when it is the first to be told of a message. */
  function note({ index }: Delivery, { answer, tries, tookMs }: Sent): boolean {
    if (tries === 0) return false
    deliveries++
    retried += tries - 1
    microseconds.record(Math.max(1, Math.round(tookMs * 1000)))
    const counts = index === null ? eventAnswers : answers
    counts.set(String(answer), (counts.get(String(answer)) ?? 0) + 1)
    if (index === null) return false
    const isFirst = states[index] === 0
    // A copy that was refused takes nothing back of what was said to the other.
    if (states[index] !== ACKNOWLEDGED) states[index] = answer === 200 ? ACKNOWLEDGED : SENT
    return isFirst
  }
}
