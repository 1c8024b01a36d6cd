/** One archive as it grows: how fast it takes messages at each size, what they cost on disk, and what it answers. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Filled } from './fill.ts'
import { measure, median, TURNS, type Turn } from './ingest.ts'
import { ARCHIVE, UNFOLLOWED, runLoad, runScript, startServer, type Server } from './processes.ts'
import { awaitIndex, keepSearching, readExport, timeQueries, type QueryResult } from './queries.ts'
import { messageAt } from './traffic.ts'

export type GrowthPoint = {
  messages: number
  /** Of the server: from its start to its first word. */
  startMs: number
  ingest: Turn
  bytesPerMessage: number | null
  /** Bytes on disk for each byte of the form. */
  bytesPerFormByte: number | null
}

export type ArchiveResults = FilledResults & {
  /** Rows a second by the archive's own write, into an empty archive. */
  insertPerSecond: number
}

/** Of one archive, at its largest. */
export type FilledResults = {
  growth: GrowthPoint[]
  queries: { alone: QueryResult[]; besideIngest: QueryResult[] }
  /** Ingest of the largest archive at 64 connections, as it is and without what follows the messages. */
  following: { on: Turn; off: Turn }
  /** Ingest at 64 connections while one client pulls an export of everything. */
  besideExport: Turn & { linesRead: number }
  /** Ingest at 64 connections while one person searches without a pause. */
  besideSearch: Turn & { searches: number }
}

const INSERT_ROWS = 200_000
// What a busy app sends; at full speed beside it the figure would be that of two full cores.
const BESIDE_PER_SECOND = 2000
const GROWTH = [0, 1_000_000, 5_000_000, 10_000_000]

export async function measureArchive(
  folder: string,
  { messages, seconds, say }: Plan,
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
    growth.push(await measurePoint(path, { messages: size, seconds }))
  }
  return { insertPerSecond, growth, ...(await measureAtLargest(path, { messages, seconds, say })) }
}

/** An archive that `fill.ts` made before. */
export async function measureFilled(path: string, plan: Plan): Promise<FilledResults> {
  const growth = [await measurePoint(path, plan)]
  return { growth, ...(await measureAtLargest(path, plan)) }
}

type Plan = { messages: number; seconds: number; say: (text: string) => void }

async function measurePoint(
  path: string,
  { messages, seconds }: Pick<Plan, 'messages' | 'seconds'>,
): Promise<GrowthPoint> {
  const onDisk = messages === 0 ? null : statSync(path).size / messages
  const server = await startServer(ARCHIVE, path)
  await measure(server, { connections: 64, seconds: 1, first: messages })
  const ingest = await measure(server, { connections: 64, seconds, first: messages + 200_000 })
  await server.stop()
  return {
    messages,
    startMs: server.startMs,
    ingest,
    bytesPerMessage: onDisk,
    bytesPerFormByte: onDisk && onDisk / formBytes(),
  }
}

async function measureAtLargest(path: string, plan: Plan): Promise<Omit<FilledResults, 'growth'>> {
  const following = await measureFollowing(path, plan)
  return { following, ...(await measureQueries(path, plan)) }
}

/** Both start on the same archive in turn, so neither has the better one. */
async function measureFollowing(
  path: string,
  { messages, seconds, say }: Plan,
): Promise<FilledResults['following']> {
  say('ingest with and without what follows the messages')
  let first = messages + 1_000_000
  const turn = async (command: string) => {
    const server = await startServer(command, path)
    await measure(server, { connections: 64, seconds: 1, first })
    const measured = await measure(server, { connections: 64, seconds, first: first + 200_000 })
    await server.stop()
    first += 500_000
    return measured
  }
  const turns: { on: Turn; off: Turn }[] = []
  for (let i = 0; i < TURNS; i++) turns.push({ on: await turn(ARCHIVE), off: await turn(UNFOLLOWED) })
  return { on: median(turns.map(({ on }) => on)), off: median(turns.map(({ off }) => off)) }
}

async function measureQueries(
  path: string,
  { messages, seconds, say }: Plan,
): Promise<Pick<FilledResults, 'queries' | 'besideExport' | 'besideSearch'>> {
  const server = await startServer(ARCHIVE, path)
  say('queries')
  await awaitIndex(server)
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
  say('ingest beside an export of everything')
  const reading = new AbortController()
  const reader = readExport(server, reading.signal)
  const ingest = await measure(server, { connections: 64, seconds, first: messages + 600_000 })
  reading.abort()
  const besideExport = { ...ingest, linesRead: await reader }
  say('ingest beside searches')
  await awaitIndex(server)
  const besideSearch = await measureBesideSearch(server, { seconds, first: messages + 800_000 })
  await server.stop()
  return { queries: { alone, besideIngest }, besideExport, besideSearch }
}

async function measureBesideSearch(
  server: Server,
  plan: { seconds: number; first: number },
): Promise<ArchiveResults['besideSearch']> {
  const searching = new AbortController()
  const searches = keepSearching(server, searching.signal)
  const ingest = await measure(server, { connections: 64, ...plan })
  searching.abort()
  return { ...ingest, searches: await searches }
}

function formBytes(): number {
  const bodies = Array.from({ length: 1000 }, (_, i) => Buffer.byteLength(messageAt(i * 997).body))
  return bodies.reduce((sum, bytes) => sum + bytes, 0) / bodies.length
}
