/**
 * Takes an hourly log into the archive: what is missing is filled in, what is known learns its flags, and what differs or
 * cannot be read is kept aside. Repeating it is harmless.
 */
import { addCounts, NO_COUNTS, type LogCounts } from '../archive/history-logs.ts'
import { ArchiveError } from '../domain/errors.ts'
import { linesOf, type Line } from '../rongcloud/history-log/lines.ts'
import { isLikeLogRecord } from '../rongcloud/history-log/record.ts'
import { importBatch, type FromWhere } from './import-log-batch.ts'
import type { StoreDeps } from './store-callback.ts'

// A callback that waits meanwhile waits for the commit of one batch, some tens of milliseconds.
const BATCH_LINES = 400
const BATCH_CHARACTERS = 512 * 1024
// One is read while another is written.
const BATCHES_AT_ONCE = 2
// A log shows a record before so many have come.
const DOUBTFUL_LINES = 400
const DOUBTFUL_CHARACTERS = 2 * 1024 * 1024

export type LogFile = {
  name: string
  /** Read them once. */
  pieces: AsyncIterable<Uint8Array>
  /** What it is within a zip. `isForeign`: by its name something else that was packed along. */
  member?: { isForeign: boolean }
}

/** The file is no log, and nothing of it was kept. */
export class NoLogError extends ArchiveError {
  override name = 'NoLogError'

  constructor(file: string) {
    super('invalid_request', `${file} does not look like a history log: no record begins it`)
  }
}

export type ImportHow = FromWhere & {
  now: () => number
  /** After each batch: what of it is durably in the archive. */
  onBatch?: (counts: LogCounts) => void
  /** Asked before each batch; what has been read by then is finished. */
  signal?: AbortSignal
  slice?: Slice
}

/** Which lines are to be taken; counts as they are. */
export type Slice = {
  /** Lines that were taken before. */
  passOver: number
  most: number
  taken: number
  /** There are more than were to be taken. */
  isCut: boolean
}

/** @throws ArchiveError when the archive cannot be written @throws NoLogError when the file is no log */
export async function importLog(deps: StoreDeps, file: LogFile, how: ImportHow): Promise<LogCounts> {
  let total = NO_COUNTS
  const underWay = new Set<Promise<unknown>>()
  const failures: unknown[] = []
  const importOne = async (lines: readonly Line[]) => {
    const counts = await importBatch(deps, lines, file.name, how)
    total = addCounts(total, counts)
    how.onBatch?.(counts)
  }
  try {
    const lines = linesOfLog(file)
    for await (const batchLines of batchesOf(how.slice ? sliceOf(lines, how.slice) : lines)) {
      if (how.signal?.aborted || failures.length > 0) break
      const batch = importOne(batchLines)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(batch))
      underWay.add(batch)
      if (underWay.size >= BATCHES_AT_ONCE) await Promise.race(underWay)
    }
  } finally {
    await Promise.all(underWay)
  }
  if (failures.length > 0) throw failures[0]
  return total
}

/** @throws NoLogError before the first line, unless one of those that begin the file is like a record */
async function* linesOfLog({ name, pieces }: LogFile): AsyncGenerator<Line> {
  const held: Line[] = []
  let characters = 0
  let isLog = false
  for await (const line of linesOf(pieces)) {
    if (isLog) {
      yield line
      continue
    }
    held.push(line)
    characters += line.text.length
    isLog = isLikeLogRecord(line.text)
    if (isLog) yield* held.splice(0)
    else if (held.length === DOUBTFUL_LINES || characters >= DOUBTFUL_CHARACTERS) throw new NoLogError(name)
  }
  if (held.length > 0) throw new NoLogError(name)
}

async function* sliceOf(lines: AsyncIterable<Line>, slice: Slice): AsyncGenerator<Line> {
  for await (const line of lines) {
    if (slice.passOver > 0) {
      slice.passOver--
      continue
    }
    slice.isCut = slice.taken >= slice.most
    if (slice.isCut) return
    slice.taken++
    yield line
  }
}

async function* batchesOf(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let batch: Line[] = []
  let characters = 0
  for await (const line of lines) {
    batch.push(line)
    characters += line.text.length
    if (batch.length < BATCH_LINES && characters < BATCH_CHARACTERS) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}
