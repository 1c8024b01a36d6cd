/** `archive import`: gives back what an export took. */
import type { Command } from 'commander'
import type { Imported } from '../../../archive/import.ts'
import { importExported, type ExportedEntry } from '../../../ingest/import-archive.ts'
import { rederiveChanges } from '../../../ingest/rederive-changes.ts'
import { readLines } from '../../exports/file.ts'
import { parseLine } from '../../exports/lines.ts'
import { examples } from '../examples.ts'
import { Failure, requireFile, type Io } from '../io.ts'
import { patient } from '../../patient-store.ts'
import { stoppable } from '../stoppable.ts'
import { verifyExport } from './export.ts'

// Some 20 ms of the thread that writes: callbacks go between.
const BATCH = 200

type Tally = Record<ExportedEntry['type'], Record<Imported['outcome'], number>>

export function addImportCommand(program: Command, io: Io): void {
  program
    .command('import')
    .description('Takes in an NDJSON export, ids and all where the archive is empty. Again is harmless.')
    .argument('<file>')
    .option('--cut', 'also a file that is cut: what is there of it')
    .addHelpText('after', examples('import archive.ndjson', 'import --cut half.ndjson'))
    .action(async (file: string, { cut }: { cut?: true }) => {
      requireFile(file)
      const { count } = cut ? { count: 0 } : await verifyExport(io, file)
      const store = patient(io.openStore({ create: true }))
      const { templates } = io.settings()
      const progress = io.progress('importing', count)
      const tally = emptyTally()
      let firstId = Infinity
      for await (const entries of batches(file)) {
        if (io.signal.aborted) throw new Failure('stopped; run it again to take in the rest')
        const imported = await importExported({ store, templates }, entries)
        for (const [i, { outcome, id }] of imported.entries()) {
          tally[entries[i]!.type][outcome]++
          firstId = Math.min(firstId, id ?? firstId)
        }
        progress.step(entries.length)
      }
      progress.stop()
      // Part of an archive may hold a command and not what it did to messages elsewhere.
      const reading = stoppable(io, 'reading what messages say', null)
      await rederiveChanges(store, firstId - 1, reading.step)
      reading.stop()
      io.print(tally, textOf(tally))
      const { conflict } = tally.message
      if (conflict > 0)
        throw new Failure(`${conflict} messages are here with other words; the archive keeps its own`)
    })
}

async function* batches(file: string): AsyncGenerator<ExportedEntry[]> {
  let batch: ExportedEntry[] = []
  let number = 0
  for await (const { text } of readLines(file)) {
    number++
    const entry = parsed(text, file, number)
    if (entry) batch.push(entry)
    if (batch.length >= BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

function parsed(text: string, file: string, number: number): ExportedEntry | null {
  try {
    return parseLine(text)
  } catch (error) {
    throw new Failure(`${file}, line ${number}: ${(error as Error).message}`, { cause: error })
  }
}

function emptyTally(): Tally {
  const none = { recorded: 0, known: 0, conflict: 0 }
  return { message: { ...none }, change: { ...none }, seller: { ...none } }
}

function textOf(tally: Tally): string {
  return Object.entries(tally)
    .map(
      ([type, { recorded, known, conflict }]) =>
        `${type}s: ${recorded} new, ${known} known, ${conflict} in conflict`,
    )
    .join('\n')
}
