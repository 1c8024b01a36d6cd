/** The archive that the pictures show: a real server on a folder of its own, and a clock that says what it is told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sign } from '../../simulator/sign.ts'
import { simulateMessages } from '../../simulator/traffic.ts'
import { formRequest, messageRequest, type CallbackRequest } from '../../simulator/wire.ts'
import { parseNodeConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import type { Said } from './chats.ts'

export const PASSWORD = 'for-the-pictures'
const APP = { appKey: 'p5tvi9dst25x4', secret: 'of-the-pictures' }
/** When the pictures are taken: a Friday afternoon in the shops' time zone. */
export const NOW_MS = Date.parse('2026-11-20T16:20:00+08:00')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export type PicturedArchive = Awaited<ReturnType<typeof openPicturedArchive>>

export async function openPicturedArchive() {
  const folder = mkdtempSync(join(tmpdir(), 'archive-pictures-'))
  // The same pictures on every day that they are taken.
  let nowMs = NOW_MS
  Date.now = () => nowMs
  const settings = {
    DATABASE_PATH: join(folder, 'archive.db'),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'error',
    RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}`,
    CONSOLE_PASSWORD: PASSWORD,
    MEMBER_USER_ID: 'u{id}',
    SELLER_USER_ID: 'shop_{id}',
    TIME_ZONE: 'Asia/Shanghai',
  }
  const server = await startServer(parseNodeConfig(settings))
  return { url: server.url, deliver, close }

  async function deliver({ path, contentType, body, carrier }: CallbackRequest, atMs: number) {
    nowMs = atMs
    const { query, headers } = sign(APP, carrier, { timeMs: atMs })
    const init = { method: 'POST', headers: { 'Content-Type': contentType, ...headers }, body }
    const answer = await fetch(server.url + path + query, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`)
    nowMs = NOW_MS
  }

  async function close() {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

/** A week of other people's messages: more by day than by night, and most in the evening. */
export async function fillWeek({ deliver }: PicturedArchive, count: number) {
  const templates = { member: 'u{id}', seller: 'shop_{id}' }
  const times = timesOfWeek(count)
  const traffic = simulateMessages({ seed: 7, startMs: NOW_MS - 7 * 24 * HOUR_MS, templates })
  for (const sentAtMs of times)
    await deliver(messageRequest({ ...traffic.next().value, sentAtMs }), sentAtMs + 400)
}

const BUSY_AT = [3, 2, 1, 1, 1, 2, 4, 8, 14, 20, 24, 22, 18, 19, 22, 23, 21, 19, 22, 30, 36, 33, 20, 9]

function timesOfWeek(count: number): number[] {
  const startMs = NOW_MS - 7 * 24 * HOUR_MS
  const hours = Array.from({ length: 7 * 24 - 3 }, (_, at) => startMs + at * HOUR_MS)
  const busy = (ms: number) => BUSY_AT[new Date(ms + 8 * HOUR_MS).getUTCHours()] ?? 1
  const total = hours.reduce((sum, ms) => sum + busy(ms), 0)
  return hours.flatMap((ms) => {
    const own = Math.round((count * busy(ms)) / total)
    return Array.from({ length: own }, (_, at) => ms + Math.floor((at * HOUR_MS) / own))
  })
}

export async function say({ deliver }: PicturedArchive, said: readonly Said[]) {
  for (const [at, each] of said.entries()) {
    const sentAtMs = NOW_MS - each.minutesAgo * MINUTE_MS
    const isGroup = each.channelType === 'GROUP'
    const request = formRequest('/callbacks/messages', {
      fromUserId: each.from,
      toUserId: each.to,
      objectName: each.objectName,
      content: JSON.stringify(each.content),
      channelType: each.channelType ?? 'PERSON',
      msgTimestamp: String(sentAtMs),
      msgUID: each.msgUID ?? `C3PA-TALK-${String(at).padStart(4, '0')}-PRTY`,
      sensitiveType: '0',
      source: each.from.startsWith('shop') ? 'PC' : 'iOS',
      ...(isGroup && { groupUserIds: '[]' }),
      ...(each.originalMsgUID !== undefined && { originalMsgUID: each.originalMsgUID }),
    })
    await deliver(request, sentAtMs + 300)
  }
}

/** What cannot be read, as it happens now and then. */
export async function keepAside({ deliver }: PicturedArchive) {
  const body = { objectName: 'RC:TxtMsg', content: '{"content":"' }
  await deliver(formRequest('/callbacks/messages', body), NOW_MS - 3 * HOUR_MS)
}
