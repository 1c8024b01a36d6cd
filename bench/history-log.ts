/**
 * Imports an hourly log beside an archive that has nearly all of it: `history-log.ts [RECORDS] [FOLDER]`. Of the records 1 %
 * are missing from the archive, 0.1 % say something else, 0.01 % are broken. Prints the report, the speed and the peak
 * memory of a first import, of a second one, and of one into an empty archive.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordMessage } from '../src/archive/record-message.ts'
import { openSqliteStore } from '../src/node/sqlite-store.ts'
import { toArchived } from './archived.ts'
import { importLog, writeLog } from './log-import.ts'
import { messageAt } from './traffic.ts'

const BATCH = 5000

const [, , records = '1000000', parent = tmpdir()] = process.argv
const folder = mkdtempSync(join(parent, 'rongcloud-archive-log-'))
try {
  await measure(Number(records))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(count: number) {
  const [archive, empty, log] = ['archive.db', 'empty.db', 'log.txt'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await fillArchive(archive, count)
  await writeLog(log, count)
  const results = {
    megabytes: Math.round(statSync(log).size / 1024 ** 2),
    first: await importLog(archive, log, count),
    again: await importLog(archive, log, count),
    empty: await importLog(empty, log, count),
  }
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
}

async function fillArchive(path: string, count: number) {
  const store = openSqliteStore(path)
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i)
    const known = numbers.filter((i) => i % 100 !== 0)
    await Promise.all(known.map((i) => recordMessage(store, toArchived(messageAt(i)))))
  }
  await store.close()
}
