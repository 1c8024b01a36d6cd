/** A history log made of the benchmark's traffic, and what importing one takes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { BEIJING } from '../src/domain/log-zone.ts'
import { writeHour } from '../src/rongcloud/history-log/hours.ts'
import { messageAt } from './traffic.ts'

const MAIN = fileURLToPath(new URL('../src/node/cli/main.ts', import.meta.url))
const SAMPLE_MS = 20

/** @param moreText put into each message, to make them larger */
export async function writeLog(path: string, count: number, moreText = '') {
  const file = createWriteStream(path)
  for (let i = 0; i < count; i++) if (!file.write(`${lineAt(i, moreText)}\n`)) await once(file, 'drain')
  file.end()
  await once(file, 'close')
}

function lineAt(i: number, moreText: string): string {
  const { fields } = messageAt(i)
  const line = JSON.stringify({
    appId: 'uwd1c0sxdlx2',
    fromUserId: fields.fromUserId,
    targetId: fields.toUserId,
    targetType: 1,
    classname: fields.objectName,
    content: i % 1000 === 7 ? { content: 'something else' } : contentOf(fields.content, moreText),
    dateTime: dateTimeOf(Number(fields.msgTimestamp)),
    source: fields.source,
    isDiscard: 'false',
    isSensitiveWord: 'false',
    isForbidden: 'false',
    isNotForward: 'false',
    msgUID: fields.msgUID,
  })
  return i % 10_000 === 13 ? line.slice(0, 100) : line
}

function contentOf(json: string | undefined, moreText: string): unknown {
  const content = JSON.parse(json ?? '') as Record<string, unknown>
  return moreText === '' ? content : { ...content, extra: moreText }
}

function dateTimeOf(ms: number): string {
  const hour = writeHour(ms, BEIJING)
  const [minutes] = new Date(ms).toISOString().slice(13).split('Z')
  return `${hour.slice(0, 4)}-${hour.slice(4, 6)}-${hour.slice(6, 8)} ${hour.slice(8)}${minutes}`
}

export async function importLog(archive: string, log: string, count: number) {
  const startedAt = performance.now()
  const child = spawn(MAIN, ['logs', 'import', '--json', '--database', archive, log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakKilobytes = 0
  const timer = setInterval(() => (peakKilobytes = Math.max(peakKilobytes, peakOf(child.pid))), SAMPLE_MS)
  const report: unknown = JSON.parse(await textOf(child.stdout))
  clearInterval(timer)
  const seconds = (performance.now() - startedAt) / 1000
  return {
    report,
    seconds: Math.round(seconds * 10) / 10,
    perSecond: Math.round(count / seconds),
    peakMegabytes: Math.round(peakKilobytes / 1024),
  }
}

/** In kilobytes; 0 where the system does not tell (it needs Linux's /proc). */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
