/** Takes in a log, or each of those that were packed together. What else was packed along is named, and costs nothing. */
import { addCounts, NO_COUNTS, type LogCounts } from '../archive/history-logs.ts'
import { ArchiveError } from '../domain/errors.ts'
import { importLog, NoLogError, type ImportHow, type LogFile } from './import-log.ts'
import type { StoreDeps } from './store-callback.ts'

/** `foreign`: names of what is no log. */
export type ImportedMembers = { counts: LogCounts; foreign: string[] }

/**
 * @param howFor asked when the first of a member can be read
 * @throws NoLogError when the file is no log @throws ArchiveError when it has members and none of them is one
 */
export async function importMembers(
  deps: StoreDeps,
  members: AsyncIterable<LogFile>,
  howFor: () => Promise<ImportHow> | ImportHow,
): Promise<ImportedMembers> {
  const imported: ImportedMembers = { counts: NO_COUNTS, foreign: [] }
  let logs = 0
  for await (const file of members) {
    const how = await howFor()
    try {
      if (file.member?.isForeign) throw new NoLogError(file.name)
      imported.counts = addCounts(imported.counts, await importLog(deps, file, how))
      logs++
    } catch (error) {
      if (!(error instanceof NoLogError)) throw error
      if (!file.member) throw error
      imported.foreign.push(file.name)
    }
    if (how.slice?.isCut || how.signal?.aborted) break
  }
  if (imported.foreign.length > 0 && logs === 0) throw withoutLog(imported.foreign)
  return imported
}

const NAMED_MOST = 3

function withoutLog(foreign: readonly string[]): ArchiveError {
  const some = foreign.slice(0, NAMED_MOST).join(', ')
  const more = foreign.length > NAMED_MOST ? ` and ${foreign.length - NAMED_MOST} more` : ''
  return new ArchiveError('invalid_request', `none of its members looks like a history log: ${some}${more}`)
}
