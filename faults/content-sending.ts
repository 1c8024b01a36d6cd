/**
 * Sends hostile contents, a process of its own: `content-sending.ts URL SIZE SEED SECONDS` spreads them over so many seconds. It
 * tells `begun` once the first are archived, and `Sent` when all are sent or it is told to stop.
 */
import { setPriority } from 'node:os'
import { systemClock } from '../simulator/clock.ts'
import { createSender, RONGCLOUD_RULES } from '../simulator/sender.ts'
import { hostileCallbacks } from './hostile-callbacks.ts'
import type { HostileCallback } from './hostile-requests.ts'
import { APP } from './server.ts'
import type { Size } from './trial.ts'

/** `taken`: the messages among those that were answered 200; `others`: how many callbacks had which answer in the end. */
export type Sent = {
  sent: number
  of: number
  bytes: number
  taken: { msgUID: string; objectName: string }[]
  others: Record<string, number>
}

// RongCloud does not wait for one answer before it sends the next callback.
const CONNECTIONS = 32
// In earnest the sender is on another machine; here it takes what the server leaves of the processor.
const LOWER_PRIORITY = 19

setPriority(LOWER_PRIORITY)
const [, , url = '', size, ...numbers] = process.argv
const [seed, seconds] = numbers.map(Number) as [number, number]
const stopping = new AbortController()
const { signal } = stopping
process.once('message', () => stopping.abort())
process.once('disconnect', () => process.exit())

const rules = { ...RONGCLOUD_RULES, manyTimeOuts: Number.POSITIVE_INFINITY }
const sender = createSender({
  url: new URL(url),
  app: APP,
  connections: CONNECTIONS,
  clock: systemClock,
  signal,
  rules,
})
const { first, others } = hostileCallbacks(size as Size, seed)
const result: Sent = { sent: 0, of: first.length + others.length, bytes: 0, taken: [], others: {} }

// Questions go by the ids of these, so that each has to be taken before the next is sent.
for (const callback of first) while (!(await send(callback)));
process.send?.('begun')

const startedAt = performance.now()
let next = 0
await Promise.all(Array.from({ length: CONNECTIONS }, sendInTurn))
await sender.close()
process.send?.(result, () => process.exit())

async function sendInTurn() {
  while (next < others.length && !signal.aborted) {
    const number = next++
    const dueAt = startedAt + (number / others.length) * seconds * 1000
    await systemClock.sleep(Math.max(0, dueAt - performance.now()), signal)
    if (!signal.aborted) await send(others[number]!())
  }
}

/** @returns whether it was answered 200 */
async function send({ request, msgUID, objectName }: HostileCallback): Promise<boolean> {
  const { answer } = await sender.send(request)
  result.sent++
  result.bytes += Buffer.byteLength(request.body)
  if (answer !== 200) result.others[answer] = (result.others[answer] ?? 0) + 1
  else if (msgUID !== null) result.taken.push({ msgUID, objectName })
  return answer === 200
}
