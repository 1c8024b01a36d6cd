/** What tests of the simulator share: a run to look at, a clock that need not be waited for, a server that obeys. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../simulator/clock.ts'
import type { SimulatedMessage } from '../../simulator/message.ts'
import { simulateMessages, type TrafficOptions } from '../../simulator/traffic.ts'

export const TRAFFIC: TrafficOptions = {
  seed: 1,
  startMs: Date.parse('2025-06-01T09:00:00+08:00'),
  templates: { member: 'u{id}', seller: 'shop_{id}' },
}

export function firstMessages(count: number, options: Partial<TrafficOptions> = {}): SimulatedMessage[] {
  return simulateMessages({ ...TRAFFIC, ...options })
    .take(count)
    .toArray()
}

/** Time passes only while somebody sleeps. */
export function fakeClock(): Clock & { slept: number[] } {
  let nowMs = TRAFFIC.startMs
  const slept: number[] = []
  return {
    slept,
    now: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms)
      nowMs += ms
      await setImmediate()
    },
  }
}

export type Arrived = {
  method: string
  path: string
  query: string
  headers: IncomingMessage['headers']
  body: string
}

/** A server on a port of its own that does what the test says; no answer at all when it says nothing. */
export async function startFakeServer(
  answer: (arrived: Arrived, response: ServerResponse) => { status: number; json?: unknown } | null,
): Promise<{ url: URL; arrived: Arrived[] }> {
  const arrived: Arrived[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [path = '', query = ''] = (request.url ?? '').split('?')
      const { method = '', headers } = request
      const one = { method, path, query, headers, body: Buffer.concat(chunks).toString() }
      arrived.push(one)
      const said = answer(one, response)
      if (said) response.writeHead(said.status).end(JSON.stringify(said.json ?? 'ok'))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), arrived }
}
