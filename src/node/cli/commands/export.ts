/** `archive export` and `archive verify-export`: the archive as a file that tells whether it is whole. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, truncate } from 'node:fs/promises'
import type { Command } from 'commander'
import { findNewest } from '../../../archive/feed.ts'
import type { Store } from '../../../archive/store.ts'
import { ArchiveError } from '../../../domain/errors.ts'
import type { RunningHash } from '../../../domain/ports.ts'
import { parseParameters } from '../../../http/parameters.ts'
import { writeExport } from '../../../http/export/format.ts'
import { EXPORT_FORMATS, exportQuery, planExport, type ExportQuery } from '../../../http/export/plan.ts'
import { beginsWith, findCheckpoint, hashStart, readEnd } from '../../exports/file.ts'
import { nodeHashing } from '../../hashing.ts'
import { examples } from '../examples.ts'
import { Failure, requireFile, type Io } from '../io.ts'

type Options = Record<string, string | undefined> & { output?: string; resume?: true }

type Begun = { after: string; count: number; hash: RunningHash }

export function addExportCommands(program: Command, io: Io): void {
  const command = program
    .command('export')
    .description('Writes the archive, or part of it, into one file that ends with its count and SHA-256.')
    .option('--format <name>', `one of ${EXPORT_FORMATS.join(', ')}`, 'ndjson')
    .option('--output <file>', 'where to; stdout unless given')
    .option('--resume', 'go on with a file that was cut; give the same filters again')
    .option('--app-key <key>', 'of one app')
    .option('--conversation-id <id>', 'of one conversation')
    .option('--member-id <id>', 'with --seller-id: what the two wrote to each other')
    .option('--seller-id <id>')
    .option('--channel-type <name>', 'such as PERSON')
    .option('--user-id <id>', 'sent by this user, or to them in a one-to-one conversation')
    .option('--object-name <name>', 'of one type, such as RC:TxtMsg')
    .option('--start-time <time>', 'from, inclusive')
    .option('--end-time <time>', 'until, inclusive to the precision written')
    .option('--origin <name>', 'callback, rest, history_log, history_query or import')
    .option('--lang <language>', 'of an html file: zh or en')
    .addHelpText(
      'after',
      examples(
        'export --output archive.ndjson',
        'export --output archive.ndjson --resume',
        'export --format html --conversation-id 7 --output chat.html',
        'export --format csv --start-time 2024-12-01 > december.csv',
      ),
    )
    .action(async ({ output, resume, ...given }: Options) => {
      const settings = io.settings()
      const query = usage(command, () => parseParameters(exportQuery(settings.timeZone), given))
      if (resume && output === undefined) command.error('error: --resume needs --output')
      const isThere = output !== undefined && existsSync(output)
      if (isThere && !resume)
        throw new Failure(`${output} is there already; go on with it by --resume, or name another file`)
      const store = io.openStore()
      const planFor = (asked: ExportQuery) =>
        planExport({ store, settings }, asked).catch((error: unknown) => wrongUsage(command, error))
      const fromStart = await planFor(query)
      const begun = isThere ? await findBegun(output, fromStart.format.head(), query.format) : null
      const plan = begun
        ? await planFor(usage(command, () => ({ ...query, after: cursorIn(begun, settings.timeZone) })))
        : fromStart
      const progress = io.progress('exporting', plan.isWhole ? await estimate(store) : null)
      const pages = counted(plan.pages, (count) => progress.step(count), io.signal)
      const parts = writeExport({ format: plan.format, pages, hashing: nodeHashing }, begun)
      if (output === undefined) return writeTo(io.stdout, parts)
      await writeFile(output, parts, begun !== null)
      progress.stop()
      const end = await readEnd(output)
      io.print({ file: output, ...end }, `${output}: ${end?.count} entries, SHA-256 ${end?.sha256}`)
    })

  program
    .command('verify-export')
    .description('Tells whether a file of an export is whole and unchanged.')
    .argument('<file>')
    .addHelpText('after', examples('verify-export archive.ndjson'))
    .action(async (file: string) => {
      const end = await verifyExport(io, file)
      io.print({ file, count: end.count, sha256: end.sha256 }, `${file} is whole: ${end.count} entries`)
    })
}

/** @throws Failure when the file is cut or was changed */
export async function verifyExport(io: Io, file: string) {
  requireFile(file)
  const end = await readEnd(file)
  if (!end) throw new Failure(`${file} is cut: it does not end with its count and SHA-256`)
  const progress = io.progress('verifying', end.bytes, 'bytes')
  const sha256 = (await hashStart(file, end.bytes, progress.step)).digest()
  progress.stop()
  if (sha256 !== end.sha256)
    throw new Failure(`${file} was changed: its SHA-256 is not the one that it ends with`)
  return end
}

async function findBegun(
  output: string,
  head: string,
  format: ExportQuery['format'] = 'ndjson',
): Promise<Begun | null> {
  requireFile(output)
  // What lies behind the last place to go on from is cut off: never of another file.
  if (!(await beginsWith(output, head)))
    throw new Failure(
      `${output} does not begin as this export does, and is left alone: it is of another format, of other filters, or no export; name another file`,
    )
  if (await readEnd(output)) throw new Failure(`${output} is whole; there is nothing to go on with`)
  const checkpoint = await findCheckpoint(output, format)
  await truncate(output, checkpoint?.bytes ?? 0)
  if (!checkpoint) return null
  return { ...checkpoint, hash: await hashStart(output, checkpoint.bytes) }
}

function cursorIn({ after }: Begun, timeZone: string): ExportQuery['after'] {
  return parseParameters(exportQuery(timeZone), { after }).after
}

// Ids are given without many gaps; of a part nobody counts before.
async function estimate(store: Store): Promise<number> {
  const { messageId, changeId } = await findNewest(store)
  return messageId + changeId
}

async function* counted<Page extends { entries: readonly unknown[] }>(
  pages: AsyncIterable<Page>,
  step: (count: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (signal.aborted) throw new Failure('stopped; go on with --resume')
    step(page.entries.length)
    yield page
  }
}

async function writeFile(path: string, parts: AsyncIterable<string>, isBegun: boolean): Promise<void> {
  const file = await open(path, isBegun || existsSync(path) ? 'a' : 'wx', 0o600)
  try {
    for await (const part of parts) await file.appendFile(part)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function writeTo(stream: NodeJS.WritableStream, parts: AsyncIterable<string>): Promise<void> {
  for await (const part of parts) if (!stream.write(part)) await once(stream, 'drain')
}

function usage<T>(command: Command, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    return wrongUsage(command, error)
  }
}

function wrongUsage(command: Command, error: unknown): never {
  if (error instanceof ArchiveError && error.code === 'invalid_request')
    command.error(`error: ${error.message}`)
  throw error
}
