/** `archive logs import`: files one after the other, each noted when it is done. */
import { stat } from 'node:fs/promises'
import {
  addCounts,
  isImported,
  NO_COUNTS,
  recordImportedFile,
  type LogCounts,
} from '../../../archive/history-logs.ts'
import { printable } from '../../../domain/printable.ts'
import { innermost } from '../../../ingest/innermost.ts'
import { NoLogError, type ImportHow } from '../../../ingest/import-log.ts'
import { importMembers } from '../../../ingest/import-members.ts'
import type { StoreDeps } from '../../../ingest/store-callback.ts'
import { nodeHashing } from '../../hashing.ts'
import { listFiles, openLogs, sha256Of, type FoundFile } from '../../log-files.ts'
import { Failure, type Io } from '../io.ts'
import { patient } from '../../patient-store.ts'
import type { Progress } from '../progress.ts'

export type ImportOptions = { resume: boolean; appKey?: string }

/**
 * `skipped`: files that were imported before. `foreign`: names of what lay beside the logs and is none. `failed`: files that
 * are not wholly imported, and why.
 */
export type ImportReport = LogCounts & {
  files: number
  skipped: number
  foreign: string[]
  failed: { file: string; reason: string }[]
}

// A busy hour is some gigabytes; whatever unpacks to more is no log.
const UNPACKED_MAX_BYTES = 64 * 1024 ** 3

export async function importFiles(io: Io, paths: readonly string[], options: ImportOptions): Promise<void> {
  const { templates, logZone } = io.settings()
  const files = await listFiles(paths)
  const read = files.filter(({ isForeign }) => !isForeign)
  const sizes = await Promise.all(read.map(async ({ path }) => (await stat(path)).size))
  const deps = {
    store: patient(io.openStore({ create: true })),
    hashing: nodeHashing,
    templates,
    logZone,
  }
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const bar = io.progress('importing', size, 'bytes')
  const report: ImportReport = { ...NO_COUNTS, files: 0, skipped: 0, foreign: [], failed: [] }
  for (const file of files) {
    if (io.signal.aborted) break
    await importFile({ io, deps, bar, options }, file, report)
  }
  bar.stop()
  io.print(report, textOf(report))
  if (io.signal.aborted)
    throw new Failure('stopped before the end; the same command with --resume goes on from here')
  if (report.failed.length > 0) throw new Failure(failuresOf(report))
  if (report.foreign.length > 0 && report.files + report.skipped === 0)
    throw new Failure('there is no history log among these files')
}

type Importing = { io: Io; deps: StoreDeps; bar: Progress; options: ImportOptions }

async function importFile(
  { io, deps, bar, options }: Importing,
  { path: file, isNamed, isForeign }: FoundFile,
  report: ImportReport,
): Promise<void> {
  try {
    if (isForeign) throw new NoLogError(file)
    const sha256 = await identityOf(file, options)
    if (options.resume && (await isImported(deps.store, sha256))) {
      report.skipped++
      return
    }
    const before = { ...report }
    const how: ImportHow = {
      appKey: options.appKey ?? null,
      others: 'passed over',
      now: io.now,
      signal: io.signal,
      onBatch: (counts) => void Object.assign(report, addCounts(report, counts)),
    }
    const logs = openLogs(file, { maxBytes: UNPACKED_MAX_BYTES, onRead: bar.step })
    const { foreign } = await importMembers(deps, logs, () => how)
    report.foreign.push(...foreign)
    if (io.signal.aborted) return
    report.files++
    const counts = since(before, report)
    await recordImportedFile(deps.store, { sha256, name: file, importedAtMs: io.now(), ...counts })
  } catch (error) {
    // In a folder it is no more than a neighbour.
    if (error instanceof NoLogError && !isNamed) report.foreign.push(file)
    else report.failed.push({ file, reason: innermost(error).message })
  }
}

// A file of which one app's records were taken is another to whoever takes those of all, or of another app.
async function identityOf(file: string, { appKey }: ImportOptions): Promise<string> {
  const sha256 = await sha256Of(file)
  return appKey === undefined ? sha256 : nodeHashing.sha256(`${sha256} ${appKey}`)
}

function since(before: LogCounts, now: LogCounts): LogCounts {
  return {
    read: now.read - before.read,
    known: now.known - before.known,
    filled: now.filled - before.filled,
    different: now.different - before.different,
    unreadable: now.unreadable - before.unreadable,
  }
}

function textOf(report: ImportReport): string {
  const { read, known, filled, different, unreadable, files, skipped, foreign, failed } = report
  return [
    `files: ${files} imported, ${skipped} passed over, ${failed.length} failed`,
    `records: ${read} read: ${known} known, ${filled} filled in, ${different} different, ${unreadable} unreadable`,
    ...(different + unreadable > 0
      ? ['Those that differ or cannot be read are kept aside (deliveries).']
      : []),
    ...foreign.map((name) => `no log, passed over: ${printable(name)}`),
  ].join('\n')
}

function failuresOf({ failed }: ImportReport): string {
  const lines = failed.map(({ file, reason }) => `  ${printable(file)}: ${printable(reason)}`)
  return ['not wholly imported; what was read is in the archive:', ...lines].join('\n')
}
