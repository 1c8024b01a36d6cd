/**
 * The load generator, a process of its own: raw sockets that write finished requests and count answers, which
 * costs a fraction of what any HTTP client does. One request at a time on each connection. Prints a `Load`.
 */
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { latenciesOf, type Latencies } from './latencies.ts'
import { messageAt } from './traffic.ts'

/** `requests` were answered 200, `failed` otherwise. */
export type Load = Latencies & { requests: number; failed: number; seconds: number }

// The documentation's own example. The nonce is the same for all; servers are told to bear that.
const SIGNED = 'signTimestamp=1408710653000&nonce=14314&signature=30be0bbca9c9b2e27578701e9fda2358a814c88f'

const option = { type: 'string', default: '0' } as const
const { values } = parseArgs({
  options: {
    port: option,
    connections: option,
    seconds: option,
    first: option,
    'per-second': option,
    'at-most': option,
  },
})
const port = Number(values.port)
const connections = Number(values.connections)
const seconds = Number(values.seconds)
const first = Number(values.first)
/** 0 = as fast as the server answers. */
const perSecond = Number(values['per-second'])

// Made beforehand: the measured time holds no work but the server's and the sockets'.
const requests = Array.from({ length: Number(values['at-most']) }, (_, i) =>
  requestOf(messageAt(first + i).body),
)
const took: number[] = []
let next = 0
let failed = 0

const startedAt = performance.now()
const endsAt = startedAt + seconds * 1000
await Promise.all(Array.from({ length: connections }, keepAsking))
const load: Load = {
  ...latenciesOf(took),
  requests: took.length - failed,
  failed,
  seconds: (performance.now() - startedAt) / 1000,
}
process.stdout.write(JSON.stringify(load))

function keepAsking(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let askedAt = 0
    let answer = ''
    const ask = () => {
      const request = requests[next]
      if (!request || performance.now() > endsAt) {
        socket.destroy()
        return resolve()
      }
      const early = perSecond === 0 ? 0 : startedAt + (next / perSecond) * 1000 - performance.now()
      if (early > 1) return void setTimeout(ask, early)
      next++
      answer = ''
      askedAt = performance.now()
      socket.write(request)
    }
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      if (!isWhole(answer)) return
      took.push(performance.now() - askedAt)
      if (!answer.startsWith('HTTP/1.1 200')) failed++
      ask()
    })
  })
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const [, length] = /content-length: (\d+)/i.exec(answer) ?? []
  return length === undefined ? answer.endsWith('0\r\n\r\n') : answer.length >= headEnd + 4 + Number(length)
}

function requestOf(body: string): Buffer {
  return Buffer.from(
    `POST /callbacks/messages?${SIGNED} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: RongCloud/1.0\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
