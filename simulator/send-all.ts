/** Sends a sequence over several connections at once, at a rate or as fast as it is answered. */
import type { Clock } from './clock.ts'
import type { Delivery } from './deliveries.ts'
import type { Sender, Sent } from './sender.ts'

export type SendAllOptions = {
  send: Sender['send']
  connections: number
  /** Callbacks a second; null for no limit. */
  rate: number | null
  clock: Clock
  /** Nothing is begun after it. */
  signal: AbortSignal
  onSent: (delivery: Delivery, sent: Sent) => void
}

// Timers are no finer; the next turn makes up for one that was early.
const TIMER_MS = 2

export async function sendAll(
  deliveries: Iterator<Delivery, void>,
  { send, connections, rate, clock, signal, onSent }: SendAllOptions,
): Promise<void> {
  const intervalMs = rate === null ? 0 : 1000 / rate
  let nextAt = clock.now()
  await Promise.all(Array.from({ length: connections }, sendInTurn))

  async function sendInTurn(): Promise<void> {
    while (!signal.aborted) {
      const { done, value } = deliveries.next()
      if (done) return
      await turn()
      if (signal.aborted) return
      onSent(value, await send(value.request))
    }
  }

  /** After a pause it goes on at the rate; what was missed is not hurried after. */
  async function turn(): Promise<void> {
    if (intervalMs === 0) return
    const at = Math.max(nextAt, clock.now())
    nextAt = at + intervalMs
    const earlyMs = at - clock.now()
    if (earlyMs >= TIMER_MS) await clock.sleep(earlyMs, signal)
  }
}
