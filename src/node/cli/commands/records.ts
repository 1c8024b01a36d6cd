/** `archive records import`: the history of an old chat-records table. */
import { statSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { reserveIdsBelow } from '../../../archive/first-id.ts'
import type { MessageRecord } from '../../../archive/record-message.ts'
import type { Store } from '../../../archive/store.ts'
import { writeExactJson } from '../../../domain/exact-json.ts'
import { importRecords, keptIdOf, toImportRecord, type OldRecord } from '../../../ingest/import-records.ts'
import { readRows, type ReadRow } from '../../records/read.ts'
import { recordReader } from '../../records/record.ts'
import { examples } from '../examples.ts'
import { Failure, requireFile, type Io } from '../io.ts'
import { lazyFile, type LazyFile } from '../lazy-file.ts'
import { patient } from '../../patient-store.ts'

const BATCH = 200
const IDS_HEAD = 'old_id,new_id\n'
const STOPPED = 'stopped; run it again to take in the rest'

type Format = 'csv' | 'ndjson'
type Options = { format?: Format; firstId?: string; ids?: string; rejects?: string }
type Read = ReadRow & { old: OldRecord; id: number | null; record: MessageRecord }
type Report = { read: number; recorded: number; known: number; renumbered: number; rejected: number }
type Run = { store: Store; report: Report; ids: LazyFile; rejects: LazyFile }

export function addRecordsCommands(program: Command, io: Io): void {
  const records = program.command('records').description('Records of an old chat-records table')
  records
    .command('import')
    .description(
      'Takes in id, seller_id, member_id, addtime, cnt, messageType, and sender, app_key where there are.',
    )
    .argument('<file>', 'CSV with these names in its first line, or NDJSON')
    .addOption(
      new Option('--format <name>', 'by the name of the file unless given').choices(['csv', 'ndjson']),
    )
    .option(
      '--first-id <id>',
      'ids from here on are for messages to come; those below stay free for old ones',
    )
    .option(
      '--ids <file>',
      'where to write old_id,new_id of those that could not keep theirs (default: <file>.ids.csv)',
    )
    .option('--rejects <file>', 'where to keep what could not be read (default: <file>.rejects.ndjson)')
    .addHelpText(
      'after',
      examples('records import chat_records.csv', 'records import --first-id 5000000 old.ndjson'),
    )
    .action(async (file: string, options: Options) => {
      const firstId = Number(options.firstId ?? 1)
      if (!Number.isSafeInteger(firstId) || firstId < 1)
        records.error('error: --first-id must be a whole number')
      const report = await run(io, file, { ...options, leastFirstId: firstId })
      io.print(report, textOf(report))
      if (report.rejected > 0)
        throw new Failure(
          `${report.rejected} records were not taken in; ${rejectsOf(file, options)} says why`,
        )
    })
}

async function run(io: Io, file: string, options: Options & { leastFirstId: number }): Promise<Report> {
  const { timeZone, apps, templates } = io.settings()
  requireFile(file)
  const ids = lazyFile(options.ids ?? `${file}.ids.csv`, { head: IDS_HEAD, begins: IDS_HEAD })
  const rejects = lazyFile(rejectsOf(file, options), { begins: '{"line":' })
  const format = formatOf(file, options.format)
  const store = patient(io.openStore({ create: true }))
  const toRecord = recordReader({ timeZone, appKeys: apps.map(({ appKey }) => appKey) })
  // A new id must not be one that a later record brings along.
  const highest = await findHighestId(io, readRows(file, format), toRecord)
  await reserveIdsBelow(store, Math.max(options.leastFirstId, highest + 1))
  const progress = io.progress('importing', statSync(file).size, 'bytes')
  const report: Report = { read: 0, recorded: 0, known: 0, renumbered: 0, rejected: 0 }
  const current = { store, report, ids, rejects }
  let batch: Read[] = []
  let bytes = 0
  for await (const read of readRows(file, format)) {
    report.read++
    const record = checked(current, read, () => {
      const old = toRecord(read.row)
      return { ...read, old, id: keptIdOf(old), record: toImportRecord(templates, old, io.now()) }
    })
    if (record) batch.push(record)
    if (batch.length < BATCH) continue
    if (io.signal.aborted) throw new Failure(STOPPED)
    await takeIn(current, batch)
    progress.step(read.bytes - bytes)
    bytes = read.bytes
    batch = []
  }
  await takeIn(current, batch)
  progress.stop()
  ids.end()
  rejects.end()
  return report
}

/** 0 when there is no record. */
async function findHighestId(
  io: Io,
  rows: AsyncIterable<ReadRow>,
  toRecord: (row: unknown) => OldRecord,
): Promise<number> {
  const progress = io.progress('looking for the highest id', null)
  let highest = 0
  for await (const { row, problem } of rows) {
    if (io.signal.aborted) throw new Failure(STOPPED)
    progress.step()
    try {
      if (problem === null) highest = Math.max(highest, keptIdOf(toRecord(row)) ?? 0)
    } catch {
      // It will be said when it is turned down.
    }
  }
  progress.stop()
  return highest
}

async function takeIn({ store, report, ids, rejects }: Run, batch: readonly Read[]): Promise<void> {
  const imported = await importRecords(store, batch)
  for (const [i, { outcome, id }] of imported.entries()) {
    const read = batch[i]!
    if (outcome === 'conflict') {
      reject({ report, rejects }, read, `record ${read.old.id} is here already and says something else`)
      continue
    }
    report[outcome]++
    if (id === read.id) continue
    report.renumbered++
    ids.write(`${read.old.id},${id}\n`)
  }
}

function checked<T>(current: Run, read: ReadRow, make: () => T): T | null {
  try {
    if (read.problem !== null) throw new Error(read.problem)
    return make()
  } catch (error) {
    reject(current, read, (error as Error).message)
    return null
  }
}

function reject(
  { report, rejects }: Pick<Run, 'report' | 'rejects'>,
  { line, row }: ReadRow,
  problem: string,
) {
  report.rejected++
  rejects.write(`${writeExactJson({ line, problem, row })}\n`)
}

function rejectsOf(file: string, { rejects }: Options): string {
  return rejects ?? `${file}.rejects.ndjson`
}

function formatOf(file: string, given: Format | undefined): Format {
  return given ?? (/\.(nd)?jsonl?$/i.test(file) ? 'ndjson' : 'csv')
}

function textOf({ read, recorded, known, renumbered, rejected }: Report): string {
  return `${read} read: ${recorded} new, ${known} known, ${rejected} rejected; ${renumbered} have another id`
}
