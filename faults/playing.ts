/** Plays one client against the server, from its connection to its end. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './hostile.ts'

/** `answer`: what it got first; `bytes`: how much it got in all. */
export type Played = { answer: string; bytes: number; tookMs: number }

const ANSWER_MAX = 1000
const TOO_LATE_MS = 5000

/** Until the connection is over, or that is long due. */
export async function play({ parts, ending, deafMs = 0, withinMs }: Client, port: number): Promise<Played> {
  const socket = await open(port)
  const startedAt = performance.now()
  let answer = ''
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (answer.length < ANSWER_MAX) answer += chunk.toString('latin1')
  })
  if (deafMs > 0) socket.pause()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  void sendSlowly(socket, parts())
  if (ending === 'half-close') socket.end()
  if (ending === 'reset') setTimeout(() => socket.resetAndDestroy(), 100)
  await sleep(deafMs)
  socket.resume()
  await Promise.race([closed, sleep(withinMs - deafMs + TOO_LATE_MS)])
  socket.destroy()
  return { answer, bytes, tookMs: performance.now() - startedAt }
}

async function sendSlowly(socket: Socket, parts: Iterable<string | Uint8Array>) {
  for (const part of parts) {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(part)
    await sleep(1000)
  }
}

export type Idle = { close: () => void; closedAfterMs: () => number }

/** A connection that has sent this and nothing else since. */
export async function idle(port: number, first: string): Promise<Idle> {
  const socket = await open(port)
  if (first !== '') socket.write(first)
  const startedAt = performance.now()
  let closedAfterMs = Number.POSITIVE_INFINITY
  socket.once('close', () => (closedAfterMs = performance.now() - startedAt))
  socket.resume()
  return { close: () => socket.destroy(), closedAfterMs: () => closedAfterMs }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}
