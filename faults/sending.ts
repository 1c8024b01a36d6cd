/** Sends simulated messages without end and remembers which were answered 200, and how long each answer took. */
import { systemClock } from '../simulator/clock.ts'
import type { SimulatedMessage } from '../simulator/message.ts'
import { createSender, RONGCLOUD_RULES, type Answer } from '../simulator/sender.ts'
import { simulateMessages } from '../simulator/traffic.ts'
import { messageRequest } from '../simulator/wire.ts'
import { APP } from './server.ts'

export type Answered = { answer: Answer; tookMs: number; atMs: number }

export type Sending = {
  /** Answered 200 so far. */
  acknowledged: SimulatedMessage[]
  answers: Answered[]
  /** Begins nothing more and waits for what is under way. */
  stop: () => Promise<void>
}

const START_MS = Date.parse('2025-01-01T00:00:00Z')
// As the archive has them when nothing is set.
const TEMPLATES = { member: '{id}', seller: '{id}' }

export type Messages = Iterator<SimulatedMessage, never>

/** One sequence for all sendings of a trial: what was sent before is never sent again. */
export function messagesOf(seed: number): Messages {
  return simulateMessages({ seed, startMs: START_MS, templates: TEMPLATES })
}

/** Each message is tried once. `pauseMs` between two of one connection keeps it from being an overload. */
export function startSending(
  url: URL,
  messages: Messages,
  { connections = 16, pauseMs = 0 }: { connections?: number; pauseMs?: number } = {},
): Sending {
  const stopping = new AbortController()
  const { signal } = stopping
  const acknowledged: SimulatedMessage[] = []
  const answers: Answered[] = []
  const rules = { ...RONGCLOUD_RULES, tries: 1, manyTimeOuts: Number.POSITIVE_INFINITY }
  const sender = createSender({ url, app: APP, connections, clock: systemClock, signal, rules })
  const sendInTurn = async () => {
    while (!signal.aborted) {
      const message = messages.next().value
      const { answer, tookMs } = await sender.send(messageRequest(message))
      answers.push({ answer, tookMs, atMs: performance.now() })
      if (answer === 200) acknowledged.push(message)
      // A server that is gone is not asked as fast as one can.
      if (answer === 'no connection') await systemClock.sleep(20, signal)
      if (pauseMs > 0) await systemClock.sleep(pauseMs, signal)
    }
  }
  const ended = Promise.all(Array.from({ length: connections }, sendInTurn))
  return {
    acknowledged,
    answers,
    stop: async () => {
      stopping.abort()
      await ended
      await sender.close()
    },
  }
}
