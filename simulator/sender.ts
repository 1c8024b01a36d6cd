/**
 * Delivers one callback by the sender's rules of protocol §2.5: five seconds, two more tries, then never again.
 * What it does not say: here an answer from 500 up and a lost connection are tried again too, a second later,
 * and each try is signed anew.
 */
import { Pool } from 'undici'
import type { Clock } from './clock.ts'
import { createPause, type PauseRules } from './pause.ts'
import { sign, type SigningApp } from './sign.ts'
import type { CallbackRequest } from './wire.ts'

export type SendRules = PauseRules & { timeOutMs: number; tries: number; retryAfterMs: number }

export const RONGCLOUD_RULES: SendRules = {
  timeOutMs: 5000,
  tries: 3,
  retryAfterMs: 1000,
  // RongCloud does not tell how many are many, nor how long is short.
  manyTimeOuts: 10,
  shortTimeMs: 10_000,
  pauseMs: 60_000,
}

/** The last answer: a status, or why there was none. */
export type Answer = number | 'time-out' | 'no connection' | 'interrupted'
export type Sent = { answer: Answer; tries: number; tookMs: number }

export type Sender = ReturnType<typeof createSender>

export type SenderOptions = {
  url: URL
  app: SigningApp
  connections: number
  clock: Clock
  /** No further try is begun after it. */
  signal: AbortSignal
  rules?: SendRules
}

export function createSender({
  url,
  app,
  connections,
  clock,
  signal,
  rules = RONGCLOUD_RULES,
}: SenderOptions) {
  const pool = new Pool(url.origin, { connections, pipelining: 1 })
  const base = url.pathname.replace(/\/+$/, '')
  const pause = createPause(rules, clock)
  return { send, pauses: pause.count, close: () => pool.destroy() }

  async function send(request: CallbackRequest): Promise<Sent> {
    let sent: Sent = { answer: 'interrupted', tries: 0, tookMs: 0 }
    while (sent.tries < rules.tries) {
      if (sent.tries > 0) await clock.sleep(rules.retryAfterMs, signal)
      await pause.over(signal)
      if (signal.aborted) return sent
      const begunAt = performance.now()
      const answer = await tryOnce(request)
      sent = { answer, tries: sent.tries + 1, tookMs: performance.now() - begunAt }
      if (answer === 'time-out') pause.noteTimeOut()
      if (typeof answer === 'number' && answer < 500) return sent
    }
    return sent
  }

  async function tryOnce({ path, contentType, body, carrier }: CallbackRequest): Promise<Answer> {
    const { query, headers } = sign(app, carrier, { timeMs: clock.now() })
    const timeOut = AbortSignal.timeout(rules.timeOutMs)
    try {
      const answer = await pool.request({
        method: 'POST',
        path: base + path + query,
        headers: { 'Content-Type': contentType, 'User-Agent': 'RongCloud/1.0', ...headers },
        body,
        signal: timeOut,
      })
      // Only the status counts.
      await answer.body.dump().catch(() => undefined)
      return answer.statusCode
    } catch {
      return timeOut.aborted ? 'time-out' : 'no connection'
    }
  }
}
