/**
 * Imports an hourly log beside an archive that has nearly all of it: `history-log.ts [RECORDS] [FOLDER]`. Of the records 1 %
 * are missing from the archive, 0.1 % say something else, 0.01 % are broken. Prints the report, the speed and the peak
 * memory of a first import, of a second one, and of one into an empty archive.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { recordMessage } from '../src/archive/record-message.ts'
import { writeHour } from '../src/rongcloud/history-log/hours.ts'
import { openSqliteStore } from '../src/node/sqlite-store.ts'
import { toArchived } from './archived.ts'
import { messageAt } from './traffic.ts'

const MAIN = fileURLToPath(new URL('../src/node/cli/main.ts', import.meta.url))
const BATCH = 5000
const SAMPLE_MS = 20

const [, , records = '1000000', parent = tmpdir()] = process.argv
const folder = mkdtempSync(join(parent, 'rongcloud-archive-log-'))
try {
  await measure(Number(records))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(count: number) {
  const [archive, empty, log] = ['archive.db', 'empty.db', 'log.txt'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await fillArchive(archive, count)
  await writeLog(log, count)
  const results = {
    megabytes: Math.round(statSync(log).size / 1024 ** 2),
    first: await importLog(archive, log, count),
    again: await importLog(archive, log, count),
    empty: await importLog(empty, log, count),
  }
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
}

async function fillArchive(path: string, count: number) {
  const store = openSqliteStore(path)
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i)
    const known = numbers.filter((i) => i % 100 !== 0)
    await Promise.all(known.map((i) => recordMessage(store, toArchived(messageAt(i)))))
  }
  await store.close()
}

async function writeLog(path: string, count: number) {
  const file = createWriteStream(path)
  for (let i = 0; i < count; i++) if (!file.write(`${lineAt(i)}\n`)) await once(file, 'drain')
  file.end()
  await once(file, 'close')
}

function lineAt(i: number): string {
  const { fields } = messageAt(i)
  const line = JSON.stringify({
    appId: 'uwd1c0sxdlx2',
    fromUserId: fields.fromUserId,
    targetId: fields.toUserId,
    targetType: 1,
    classname: fields.objectName,
    content: i % 1000 === 7 ? { content: 'something else' } : JSON.parse(fields.content ?? ''),
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

function dateTimeOf(ms: number): string {
  const hour = writeHour(ms, 8)
  const [minutes] = new Date(ms).toISOString().slice(13).split('Z')
  return `${hour.slice(0, 4)}-${hour.slice(4, 6)}-${hour.slice(6, 8)} ${hour.slice(8)}${minutes}`
}

async function importLog(archive: string, log: string, count: number) {
  const startedAt = performance.now()
  const child = spawn(MAIN, ['logs', 'import', '--json', '--database', archive, log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakKilobytes = 0
  const timer = setInterval(() => (peakKilobytes = Math.max(peakKilobytes, peakOf(child.pid))), SAMPLE_MS)
  const report: unknown = JSON.parse(await text(child.stdout))
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
