/** The first of two readings of a table: what it is, and whether it can be trusted. */
import { keptIdOf, type OldRecord } from '../../../ingest/import-records.ts'
import { readingOf, readRows, type Reading } from '../../records/read.ts'
import { Failure, type Io } from '../io.ts'

export const STOPPED = 'stopped; run it again to take in the rest'

/**
 * Reads the file once before anything is taken in, so that a malformed one is refused whole.
 * @returns how it is to be read, the highest id that is kept (0 when there is no record) and the number of its rows
 * @throws Failure naming the line that is at fault
 */
export async function lookThrough(
  io: Io,
  file: string,
  given: Parameters<typeof readingOf>[1],
  toRecord: (row: unknown) => OldRecord,
): Promise<{ reading: Reading; highestId: number; rows: number }> {
  const progress = io.progress('looking through the file', null)
  const found = { highestId: 0, rows: 0 }
  try {
    const reading = await readingOf(file, given)
    for await (const { row, problem } of readRows(file, reading)) {
      if (io.signal.aborted) throw new Failure(STOPPED)
      progress.step()
      found.rows++
      if (problem === null) found.highestId = Math.max(found.highestId, idOf(row, toRecord))
    }
    return { reading, ...found }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${file}: ${(error as Error).message}; nothing of it was taken in`, { cause: error })
  } finally {
    progress.stop()
  }
}

/** 0 for a row that will be turned down, or whose id cannot be kept. */
function idOf(row: unknown, toRecord: (row: unknown) => OldRecord): number {
  try {
    return keptIdOf(toRecord(row)) ?? 0
  } catch {
    return 0
  }
}
