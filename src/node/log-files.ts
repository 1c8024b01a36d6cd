/** History logs as files: zip, gzip or plain, told apart by how they begin, and read piece by piece. */
import { createHash } from 'node:crypto'
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import { fromFdPromise, type Entry } from 'yauzl'
import type { LogFile } from '../ingest/import-log.ts'
import { isZip, unpacked, within, type Budget } from '../rongcloud/history-log/packing.ts'

const PIECE_BYTES = 64 * 1024

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
  const file = await open(path)
  try {
    yield* logsIn(file, basename(path), how)
  } finally {
    await file.close()
  }
}

/** The same of a file that is open, and stays so. */
export async function* logsIn(file: FileHandle, name: string, how: HowToUnpack): AsyncGenerator<LogFile> {
  const budget = { left: how.maxBytes }
  if (isZip(await firstBytes(file))) yield* membersOf(file, name, how, budget)
  else {
    const bytes = counted(readPieces(file), how.onRead)
    yield { name, pieces: within(budget, unpacked(bytes, gunzipped)) }
  }
}

/** Hex in lower case. */
export async function sha256Of(path: string): Promise<string> {
  const file = await open(path)
  try {
    const hash = createHash('sha256')
    for await (const piece of readPieces(file)) hash.update(piece)
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

async function* membersOf(
  file: FileHandle,
  name: string,
  { onRead }: HowToUnpack,
  budget: Budget,
): AsyncGenerator<LogFile> {
  const zip = await fromFdPromise(file.fd)
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize } = entry
    if (fileName.endsWith('/')) continue
    if (entry.isEncrypted()) throw new Error(`${fileName} is encrypted`)
    const stream = await zip.openReadStreamPromise(entry)
    const share = compressedSize / Math.max(uncompressedSize, 1)
    const pieces = counted(stream as AsyncIterable<Buffer>, (bytes) => onRead?.(bytes * share))
    yield {
      name: `${name}/${fileName}`,
      pieces: within(budget, unpacked(checked(pieces, entry), gunzipped)),
    }
  }
}

// All in the same memory: a stream would leave its own behind for each piece, faster than it is collected.
async function* readPieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES)
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

async function firstBytes(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0)
  return buffer.subarray(0, bytesRead)
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  onRead: HowToUnpack['onRead'],
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    onRead?.(piece.length)
    yield piece
  }
}

async function* gunzipped(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  // What goes wrong before it is thrown by reading what comes out.
  // It reads ahead, and the memory of a piece is used again.
  pipeline(Readable.from(copied(pieces)), gunzip).catch(() => undefined)
  yield* gunzip
}

async function* copied(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece.slice()
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
