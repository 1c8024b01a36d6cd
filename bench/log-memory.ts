/**
 * Imports a plain log of 2 GB, and a zip of it, each into an empty archive: `log-memory.ts [MEGABYTES] [FOLDER]`. Prints what
 * came of it and the peak memory of each. The messages are larger than usual, or it would take an hour.
 */
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { importLog, writeLog } from './log-import.ts'

const RECORD_BYTES = 8600
// Base64, as thumbnails are: it does not pack well.
const MORE_TEXT = Buffer.from(crypto.getRandomValues(new Uint8Array(6144))).toString('base64')

const [, , megabytes = '2000', parent = tmpdir()] = process.argv
const folder = mkdtempSync(join(parent, 'rongcloud-archive-log-'))
try {
  const count = Math.ceil((Number(megabytes) * 1_000_000) / RECORD_BYTES)
  const [plain, zip] = [join(folder, 'log.txt'), join(folder, 'log.zip')]
  await writeLog(plain, count, MORE_TEXT)
  await pack(plain, zip)
  for (const path of [plain, zip]) {
    const database = `${path}.db`
    const result = { bytes: statSync(path).size, ...(await importLog(database, path, count)) }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function pack(path: string, to: string) {
  const zip = new ZipFile()
  zip.addFile(path, 'log.txt')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(to))
}
