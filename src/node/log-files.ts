/** History logs as files: zip, gzip or plain, told apart by how they begin, and read piece by piece. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import { openPromise, type Entry } from 'yauzl'
import type { LogFile } from '../ingest/import-log.ts'

const ZIP = [0x50, 0x4b]
const GZIP = [0x1f, 0x8b]

export type HowToUnpack = {
  /** More than this comes out of no honest file. */
  maxBytes: number
  /** So many more bytes of the file as it lies on the disk have been read. */
  onRead?: (bytes: number) => void
}

/** The files themselves, and those in folders, however deep; hidden ones only when named. */
export async function listFiles(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (!(await stat(path)).isDirectory()) return [path]
      const names = (await readdir(path)).filter((name) => !name.startsWith('.'))
      return listFiles(names.toSorted().map((name) => join(path, name)))
    }),
  )
  return found.flat()
}

/** The log that the file is, or each of those in it. Read each to its end before asking for the next. */
export async function* openLogs(path: string, how: HowToUnpack): AsyncGenerator<LogFile> {
  const budget = { left: how.maxBytes }
  if (startsWith(await firstBytes(path), ZIP)) yield* membersOf(path, how, budget)
  else {
    const bytes = counted(createReadStream(path), how.onRead)
    yield { name: basename(path), pieces: within(budget, unpacked(bytes)) }
  }
}

/** Hex in lower case. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

type Budget = { left: number }

async function* membersOf(path: string, { onRead }: HowToUnpack, budget: Budget): AsyncGenerator<LogFile> {
  const zip = await openPromise(path, { lazyEntries: true })
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize } = entry
    if (fileName.endsWith('/')) continue
    if (entry.isEncrypted()) throw new Error(`${fileName} is encrypted`)
    const stream = await zip.openReadStreamPromise(entry)
    const share = compressedSize / Math.max(uncompressedSize, 1)
    const pieces = counted(stream, (bytes) => onRead?.(bytes * share))
    yield { name: `${basename(path)}/${fileName}`, pieces: within(budget, unpacked(checked(pieces, entry))) }
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte)
}

async function* counted(stream: Readable, onRead: HowToUnpack['onRead']): AsyncGenerator<Uint8Array> {
  for await (const piece of stream as AsyncIterable<Buffer>) {
    onRead?.(piece.length)
    yield piece
  }
}

async function* unpacked(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await pieces.next()
  if (first.done) return
  const all = startingWith(first.value, pieces)
  if (startsWith(first.value, GZIP)) yield* gunzipped(all)
  else yield* all
}

async function* gunzipped(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  // What goes wrong before it is thrown by reading what comes out.
  pipeline(Readable.from(pieces), gunzip).catch(() => undefined)
  yield* gunzip
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

async function* checked(
  pieces: AsyncGenerator<Uint8Array>,
  { fileName, crc32: expected }: Entry,
): AsyncGenerator<Uint8Array> {
  let sum = 0
  for await (const piece of pieces) {
    sum = crc32(piece, sum)
    yield piece
  }
  if (sum !== expected) throw new Error(`${fileName} is damaged`)
}

/** @throws when more comes than is left */
export async function* within(budget: Budget, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    budget.left -= piece.length
    if (budget.left < 0) throw new Error('holds more than is allowed')
    yield piece
  }
}
