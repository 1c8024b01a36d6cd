/** Callbacks at a rate that does not depend on the answers, over open connections, each with one request at a time. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageAt } from '../bench/traffic.ts'
import { sign } from '../simulator/sign.ts'
import { APP } from './server.ts'

/** Status 0: no answer. */
export type FloodAnswer = { msgUID: string; status: number; tookMs: number }

type Line = { socket: Socket; asked: ((status: number) => void) | null }

const TICK_MS = 5

const OPENED_AT_ONCE = 100

/** `over` ends it before its seconds are. */
type Plan = { seconds: number; connections: number; perSecond?: number; over?: AbortSignal }

export function createFlood(port: number) {
  const lines: Line[] = []
  let next = 0
  return { run, close: () => lines.forEach(({ socket }) => socket.destroy()) }

  /** Without a rate each connection asks as fast as it is answered. What finds no free connection is not sent. */
  async function run({ seconds, connections, perSecond, over }: Plan): Promise<FloodAnswer[]> {
    await open(connections)
    const answers: Promise<FloodAnswer>[] = []
    const startedAt = performance.now()
    const isOver = () => over?.aborted === true || performance.now() >= startedAt + seconds * 1000
    let at = 0
    for (let sent = 0; !isOver(); await sleep(TICK_MS)) {
      const due = perSecond ? (perSecond * (performance.now() - startedAt)) / 1000 : Number.POSITIVE_INFINITY
      // In turns: one that stays silent is closed.
      for (let tried = 0; tried < connections && sent < due; tried++) {
        const line = lines[at++ % connections]!
        if (line.asked !== null || line.socket.destroyed) continue
        sent++
        answers.push(ask(line, next++))
      }
    }
    return Promise.all(answers)
  }

  async function open(connections: number) {
    while (lines.length < connections)
      lines.push(...(await Promise.all(Array.from({ length: OPENED_AT_ONCE }, () => openLine(port)))))
  }
}

function ask(line: Line, number: number): Promise<FloodAnswer> {
  const { fields, body } = messageAt(number)
  const askedAt = performance.now()
  return new Promise((resolve) => {
    line.asked = (status) => {
      line.asked = null
      resolve({ msgUID: fields.msgUID ?? '', status, tookMs: performance.now() - askedAt })
    }
    line.socket.write(requestOf(body))
  })
}

async function openLine(port: number): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const line: Line = { socket, asked: null }
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
    const [head, status, length] =
      /^HTTP\/1.1 (\d+)[^]*?content-length: (\d+)[^]*?\r\n\r\n/i.exec(answer) ?? []
    if (head === undefined || answer.length < head.length + Number(length)) return
    answer = ''
    line.asked?.(Number(status))
  })
  socket.on('error', () => undefined)
  socket.on('close', () => line.asked?.(0))
  await once(socket, 'connect')
  return line
}

function requestOf(body: string): string {
  const { query } = sign(APP, 'query', { timeMs: Date.now() })
  return (
    `POST /callbacks/messages${query} HTTP/1.1\r\nHost: archive\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}
