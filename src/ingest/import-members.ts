/** Takes in a log, or each of those that were packed together. What else was packed along is named, and costs nothing. */
import { addCounts, NO_COUNTS, type LogCounts } from '../archive/history-logs.ts'
import { ArchiveError } from '../domain/errors.ts'
import { importLog, NoLogError, type ImportHow, type LogFile } from './import-log.ts'
import type { StoreDeps } from './store-callback.ts'

// A zip may hold millions.
const FOREIGN_MOST = 100

/** `foreign`: names of what is no log, the first hundred. */
export type ImportedMembers = { counts: LogCounts; foreign: string[] }

/**
 * @param howFor asked when the first of a file can be read
 * @throws NoLogError when the file is no log @throws ArchiveError when it has members and none of them is one
 */
export async function importMembers(
  deps: StoreDeps,
  files: AsyncIterable<LogFile>,
  howFor: () => Promise<ImportHow> | ImportHow,
): Promise<ImportedMembers> {
  let total = NO_COUNTS
  let logs = 0
  const foreign: string[] = []
  let passedOver = 0
  for await (const file of files) {
    const how = await howFor()
    const counts = await importMember(deps, file, how)
    if (counts) logs++
    else if (++passedOver <= FOREIGN_MOST) foreign.push(file.name)
    total = addCounts(total, counts ?? NO_COUNTS)
    if (how.slice?.isCut || how.signal?.aborted) break
  }
  if (foreign.length > 0 && logs === 0) throw withoutLog(foreign, passedOver)
  return { counts: total, foreign }
}

/** Null for a member that is no log. */
async function importMember(deps: StoreDeps, file: LogFile, how: ImportHow): Promise<LogCounts | null> {
  if (file.member?.isForeign) return null
  try {
    return await importLog(deps, file, how)
  } catch (error) {
    if (file.member && error instanceof NoLogError) return null
    throw error
  }
}

const NAMED_MOST = 3

function withoutLog(foreign: readonly string[], passedOver: number): ArchiveError {
  const some = foreign.slice(0, NAMED_MOST).join(', ')
  const more = passedOver > NAMED_MOST ? ` and ${passedOver - NAMED_MOST} more` : ''
  return new ArchiveError('invalid_request', `none of its members looks like a history log: ${some}${more}`)
}
