/** `archive records import`: the history of an old chat-records table. */
import { Option, type Command } from 'commander'
import { reserveIdsBelow } from '../../../archive/first-id.ts'
import type { MessageRecord } from '../../../archive/record-message.ts'
import type { Store } from '../../../archive/store.ts'
import { writeExactJson } from '../../../domain/exact-json.ts'
import { importRecords, keptIdOf, toImportRecord, type OldRecord } from '../../../ingest/import-records.ts'
import { DIALECTS, type Dialect } from '../../records/dialect.ts'
import { isEncoding } from '../../records/encoding.ts'
import { FORMATS, readRows, type Format, type Reading, type ReadRow } from '../../records/read.ts'
import { recordReader } from '../../records/record.ts'
import { examples } from '../examples.ts'
import { Failure, requireFile, type Io } from '../io.ts'
import { lazyFile, type LazyFile } from '../lazy-file.ts'
import { lookThrough, STOPPED } from '../records/look-through.ts'
import { patient } from '../../patient-store.ts'

const BATCH = 200
const IDS_HEAD = 'old_id,new_id\n'

type Options = {
  format?: Format
  encoding?: string
  dialect?: Dialect
  firstId?: string
  ids?: string
  rejects?: string
}
type Read = ReadRow & { old: OldRecord; id: number | null; record: MessageRecord }
type Counts = { read: number; recorded: number; known: number; renumbered: number; rejected: number }
type Report = Counts & Omit<Reading, 'format'>
type Run = { store: Store; report: Counts; ids: LazyFile; rejects: LazyFile }

export function addRecordsCommands(program: Command, io: Io): void {
  const records = program.command('records').description('Records of an old chat-records table')
  records
    .command('import')
    .description(
      'Takes in id, seller_id, member_id, addtime, cnt, messageType, and sender, app_key where there are.',
    )
    .argument('<file>', 'CSV with these names in its first line, or NDJSON')
    .addOption(new Option('--format <name>', 'by the name of the file unless given').choices(FORMATS))
    .option('--encoding <name>', 'such as utf-8, gb18030 or big5; found out unless given')
    .addOption(
      new Option('--dialect <name>', 'how CSV escapes quotation marks; found out unless given').choices(
        DIALECTS,
      ),
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
      if (options.encoding !== undefined && !isEncoding(options.encoding))
        records.error(`error: --encoding ${options.encoding} is not one that this program knows`)
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
  const ids = lazyFile(options.ids ?? `${file}.ids.csv`, { option: '--ids', head: IDS_HEAD })
  const rejects = lazyFile(rejectsOf(file, options), { option: '--rejects' })
  const toRecord = recordReader({ timeZone, appKeys: apps.map(({ appKey }) => appKey) })
  const { reading, highestId, rows } = await lookThrough(io, file, options, toRecord)
  const store = patient(io.openStore({ create: true }))
  // A new id must not be one that a later record brings along.
  await reserveIdsBelow(store, Math.max(options.leastFirstId, highestId + 1))
  const progress = io.progress('importing', rows)
  const report: Counts = { read: 0, recorded: 0, known: 0, renumbered: 0, rejected: 0 }
  const current = { store, report, ids, rejects }
  let batch: Read[] = []
  for await (const read of readRows(file, reading)) {
    report.read++
    const record = checked(current, read, () => {
      const old = toRecord(read.row)
      return { ...read, old, id: keptIdOf(old), record: toImportRecord(templates, old, io.now()) }
    })
    if (record) batch.push(record)
    if (batch.length < BATCH) continue
    if (io.signal.aborted) throw new Failure(STOPPED)
    await takeIn(current, batch)
    progress.step(batch.length)
    batch = []
  }
  await takeIn(current, batch)
  progress.stop()
  ids.end()
  rejects.end()
  return { ...report, encoding: reading.encoding, dialect: reading.dialect }
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

function textOf({ read, recorded, known, renumbered, rejected, encoding, dialect }: Report): string {
  const counts = `${read} read: ${recorded} new, ${known} known, ${rejected} rejected; ${renumbered} have another id`
  return `${counts}\nread as ${[encoding, dialect].filter((how) => how !== null).join(', ')}`
}
