/** One archive as it grows: how fast it takes messages at each size, what they cost on disk, and what it answers. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Filled } from './fill.ts'
import { measure, type Measured } from './ingest.ts'
import { ARCHIVE, runLoad, runScript, startServer } from './processes.ts'
import { readEverything, timeQueries, type QueryResult } from './queries.ts'
import { messageAt } from './traffic.ts'

export type GrowthPoint = {
  messages: number
  /** Of the server: from its start to its first word. */
  startMs: number
  ingest: Omit<Measured, 'contender'>
  bytesPerMessage: number | null
  /** Bytes on disk for each byte of the form. */
  bytesPerFormByte: number | null
}

export type ArchiveResults = {
  /** Rows a second by the archive's own write, into an empty archive. */
  insertPerSecond: number
  growth: GrowthPoint[]
  queries: { alone: QueryResult[]; besideIngest: QueryResult[] }
  /** Ingest at 64 connections while one reader pulls everything page by page. */
  besideReader: Omit<Measured, 'contender'> & { messagesRead: number }
}

const INSERT_ROWS = 200_000
// What a busy app sends; at full speed beside it the figure would be that of two full cores.
const BESIDE_PER_SECOND = 2000
const GROWTH = [0, 1_000_000, 5_000_000, 10_000_000]

export async function measureArchive(
  folder: string,
  { messages, seconds, say }: { messages: number; seconds: number; say: (text: string) => void },
): Promise<ArchiveResults> {
  const path = join(folder, 'archive.db')
  const growth: GrowthPoint[] = []
  let insertPerSecond = 0
  let filledUpTo = 0
  for (const size of new Set([...GROWTH.filter((point) => point < messages), messages])) {
    say(`archive of ${size.toLocaleString('en')} messages`)
    if (size > 0 && insertPerSecond === 0) {
      const { rows, seconds: took } = await runScript<Filled>('./fill.ts', [
        join(folder, 'insert.db'),
        '0',
        String(INSERT_ROWS),
      ])
      insertPerSecond = rows / took
    }
    // What the load brought already is met again and known.
    await runScript<Filled>('./fill.ts', [path, String(filledUpTo), String(size)])
    filledUpTo = size
    const onDisk = size === 0 ? null : statSync(path).size / size
    const server = await startServer(ARCHIVE, path)
    const { startMs } = server
    await measure(server, { connections: 64, seconds: 1, first: size })
    const ingest = await measure(server, { connections: 64, seconds, first: size + 200_000 })
    await server.stop()
    growth.push({
      messages: size,
      startMs,
      ingest,
      bytesPerMessage: onDisk,
      bytesPerFormByte: onDisk && onDisk / formBytes(),
    })
  }
  return { insertPerSecond, growth, ...(await measureQueries(path, { messages, seconds, say })) }
}

async function measureQueries(
  path: string,
  { messages, seconds, say }: { messages: number; seconds: number; say: (text: string) => void },
): Promise<Pick<ArchiveResults, 'queries' | 'besideReader'>> {
  const server = await startServer(ARCHIVE, path)
  say('queries')
  const alone = await timeQueries(server, messages)
  say(`queries beside ${BESIDE_PER_SECOND} callbacks a second`)
  const load = runLoad({
    port: server.port,
    connections: 8,
    seconds: 30,
    first: messages + 400_000,
    perSecond: BESIDE_PER_SECOND,
  })
  const besideIngest = await timeQueries(server, messages)
  await load
  say('ingest beside a reader of everything')
  const reading = new AbortController()
  const reader = readEverything(server, reading.signal)
  const ingest = await measure(server, { connections: 64, seconds, first: messages + 600_000 })
  reading.abort()
  const besideReader = { ...ingest, messagesRead: await reader }
  await server.stop()
  return { queries: { alone, besideIngest }, besideReader }
}

function formBytes(): number {
  const bodies = Array.from({ length: 1000 }, (_, i) => Buffer.byteLength(messageAt(i * 997).body))
  return bodies.reduce((sum, bytes) => sum + bytes, 0) / bodies.length
}
