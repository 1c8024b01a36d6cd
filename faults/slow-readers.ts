/** Clients that ask for as much as they may, and read a little of it every second. */
import { connect, type Socket } from 'node:net'
import { SLOW_KEY } from './askers.ts'
import { MEMBER, SELLER } from './hostile-requests.ts'

const LONG_ANSWERS = [
  '/api/v1/messages?limit=500',
  '/api/v1/export',
  '/api/v1/changes?limit=500',
  `/chat-records/list?memberId=${MEMBER}&sellerId=${SELLER}&pageSize=500`,
  '/api/v1/deliveries?limit=500',
]
const READ_EVERY_MS = 1000

/** @returns what ends them */
export function startSlowReaders(port: number, count: number): () => void {
  const sockets = Array.from({ length: count }, (_, i) =>
    readSlowly(port, LONG_ANSWERS[i % LONG_ANSWERS.length]!),
  )
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

function readSlowly(port: number, address: string): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.on('data', () => {
    socket.pause()
    setTimeout(() => socket.resume(), READ_EVERY_MS)
  })
  socket.write(`GET ${address} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${SLOW_KEY}\r\n\r\n`)
  return socket
}
