import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { SETTINGS, KEYS } from '../support/archive.ts'
import { bearer, deliverMessage } from '../support/requests.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'

const MIB = 2 ** 20

/** A server with `count` messages of 1 MB each, so that no answer fits into what a socket takes by itself. */
async function serverWith(count: number): Promise<ServerProcess> {
  const path = join(temporaryFolder(), 'archive.db')
  const server = await startServerProcess({ ...SETTINGS, DATABASE_PATH: path })
  const request = (address: string, init?: RequestInit) => fetch(server.url + address, init)
  await deliverMessage({ request }, { msgUID: 'FIRST' })
  const store = openSqliteStore(path)
  const copy = `INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
      sent_at_ms, received_at_ms, origin)
    SELECT app_key, msg_uid || ?, conversation_id, listing, from_user_id, target_id, 'RC:ImgMsg', ?,
      sent_at_ms + ?, received_at_ms, origin
    FROM messages WHERE msg_uid = 'FIRST'`
  const content = JSON.stringify({ content: 'x'.repeat(1_000_000) })
  await store.atomically(Array.from({ length: count }, (_, i) => ({ sql: copy, params: [i, content, i] })))
  await store.close()
  return server
}

/** Asks and reads nothing. */
async function askAndWait({ url }: ServerProcess, path: string): Promise<Socket> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${KEYS.all}\r\n\r\n`)
  return socket
}

const memoryOf = ({ child }: ServerProcess) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('who asks often and reads nothing holds four answers, and their other requests wait until those are gone', async () => {
  const server = await serverWith(10)
  const before = memoryOf(server)
  const sockets = await Promise.all(
    Array.from({ length: 60 }, () =>
      askAndWait(server, '/chat-records/list?memberId=1&sellerId=a&pageSize=10'),
    ),
  )
  await pause(2000)
  // Sixty answers would be 600 MiB at least.
  expect(memoryOf(server) - before).toBeLessThan(200 * MIB)
  const ask = (key: string) => fetch(`${server.url}/api/v1/conversations`, { headers: bearer(key) })
  let isAnswered = false
  const waiting = ask(KEYS.all).then((answer) => {
    isAnswered = true
    return answer
  })
  expect((await ask(KEYS.read)).status).toBe(200)
  expect(isAnswered).toBe(false)
  for (const socket of sockets) socket.destroy()
  expect((await waiting).status).toBe(200)
})

it('an export that nobody reads is not written on', async () => {
  const server = await serverWith(80)
  const before = memoryOf(server)
  const sockets = await Promise.all([
    askAndWait(server, '/api/v1/export'),
    askAndWait(server, '/api/v1/export'),
  ])
  await pause(2000)
  expect(memoryOf(server) - before).toBeLessThan(70 * MIB)
  const ask = () => fetch(`${server.url}/api/v1/export?appKey=nobody`, { headers: bearer(KEYS.all) })
  const refused = await ask()
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '2'])
  for (const socket of sockets) socket.destroy()
  await expect.poll(async () => (await ask()).status, { timeout: 20_000 }).toBe(200)
})
