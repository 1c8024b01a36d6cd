/** Sends simulated callbacks without end and remembers which were answered 200, and how long each answer took. */
import { systemClock } from '../simulator/clock.ts'
import { deliveriesOf } from '../simulator/deliveries.ts'
import type { SimulatedMessage } from '../simulator/message.ts'
import { createSender, RONGCLOUD_RULES, type Answer } from '../simulator/sender.ts'
import { simulateMessages } from '../simulator/traffic.ts'
import type { CallbackRequest } from '../simulator/wire.ts'
import { APP } from './server.ts'

/** `message`: null when it tells of something else. */
export type Callback = { request: CallbackRequest; message: SimulatedMessage | null }

export type Answered = { answer: Answer; tookMs: number; atMs: number }

export type Sending = {
  /** Answered 200 so far. */
  acknowledged: Callback[]
  answers: Answered[]
  /** Begins nothing more and waits for what is under way. */
  stop: () => Promise<void>
}

const START_MS = Date.parse('2025-01-01T00:00:00Z')
// As the archive has them when nothing is set.
const TEMPLATES = { member: '{id}', seller: '{id}' }

export type Traffic = {
  /** What is to be sent again first. */
  next: () => Callback
  unanswered: Callback[]
}

/** One sequence for all sendings of a trial: messages and events of all kinds, some of them sent twice. */
export function trafficOf(seed: number): Traffic {
  const messages: SimulatedMessage[] = []
  const how = { seed, messages: Number.POSITIVE_INFINITY, events: true, appKey: APP.appKey }
  const callbacks = deliveriesOf(remembering(messages, seed), how)
    .filter(({ request }) => isStoredFirst(request))
    .map(({ request, index }) => ({ request, message: index === null ? null : messages[index]! }))
  const unanswered: Callback[] = []
  return { unanswered, next: () => unanswered.shift() ?? callbacks.next().value! }
}

function* remembering(messages: SimulatedMessage[], seed: number) {
  for (const message of simulateMessages({ seed, startMs: START_MS, templates: TEMPLATES })) {
    messages.push(message)
    yield message
  }
}

// The pre-message callback is answered before it is stored.
function isStoredFirst({ path }: CallbackRequest): boolean {
  return path !== '/callbacks/pre-messages'
}

/**
 * What is not answered, or with a 5xx, is sent again, to whatever is sent to next. `pauseMs` between two of one connection
 * keeps it from being an overload.
 */
export function startSending(
  url: URL,
  traffic: Traffic,
  { connections = 16, pauseMs = 0 }: { connections?: number; pauseMs?: number } = {},
): Sending {
  const stopping = new AbortController()
  const { signal } = stopping
  const acknowledged: Callback[] = []
  const answers: Answered[] = []
  const rules = { ...RONGCLOUD_RULES, tries: 1, manyTimeOuts: Number.POSITIVE_INFINITY }
  const sender = createSender({ url, app: APP, connections, clock: systemClock, signal, rules })
  const sendInTurn = async () => {
    while (!signal.aborted) {
      const callback = traffic.next()
      const { answer, tookMs } = await sender.send(callback.request)
      answers.push({ answer, tookMs, atMs: performance.now() })
      if (answer === 200) acknowledged.push(callback)
      else if (typeof answer !== 'number' || answer >= 500) traffic.unanswered.push(callback)
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
