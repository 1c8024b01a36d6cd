/** History logs as files: zip, gzip or plain, told apart by how they begin, and read piece by piece. */
import { createHash } from 'node:crypto'
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import { fromFdPromise, type Entry, type ZipFile } from 'yauzl'
import { printable } from '../domain/printable.ts'
import type { LogFile } from '../ingest/import-log.ts'
import {
  countMember,
  isForeignName,
  isZip,
  memberName,
  unpacked,
  type Budget,
} from '../rongcloud/history-log/packing.ts'

const PIECE_BYTES = 64 * 1024

const decoder = new TextDecoder()

export type HowToUnpack = {
  /** More than this comes out of no honest file. */
  maxBytes: number
  /** So many more bytes of the file as it lies on the disk have been read. */
  onRead?: (bytes: number) => void
}

/** `isNamed`: by who asks, and not found in a folder. `isForeign`: by its name it is something else, and so is all in it. */
export type FoundFile = { path: string; isNamed: boolean; isForeign: boolean }

/**
 * The files themselves, and those in folders, however deep; hidden ones are foreign unless they are named. Links in a folder
 * are followed within it; what lies beyond it is foreign, as is what is neither a file nor a folder.
 */
export async function listFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  for (const path of paths)
    if ((await stat(path)).isDirectory()) {
      const root = await realpath(path)
      found.push(...(await filesIn(path, { root, seen: new Set([root]) })))
    } else found.push({ path, isNamed: true, isForeign: false })
  return found
}

/** `seen`: where links may lead to again and again, and have led. */
type Walk = { root: string; seen: Set<string> }

async function filesIn(folder: string, walk: Walk): Promise<FoundFile[]> {
  const names = await readdir(folder)
  const found: FoundFile[] = []
  for (const name of names.toSorted()) {
    const path = join(folder, name)
    const kind = name.startsWith('.') || isForeignName(name) ? 'foreign' : await kindOf(path, walk)
    if (kind === 'folder') found.push(...(await filesIn(path, walk)))
    else if (kind !== 'seen') found.push({ path, isNamed: false, isForeign: kind === 'foreign' })
  }
  return found
}

async function kindOf(path: string, { root, seen }: Walk): Promise<'file' | 'folder' | 'foreign' | 'seen'> {
  // A link may lead nowhere, or in a circle.
  const place = await realpath(path).catch(() => null)
  if (place !== null && seen.has(place)) return 'seen'
  if (place === null || !place.startsWith(join(root, sep))) return 'foreign'
  seen.add(place)
  const found = await stat(place)
  // To open a pipe is to wait for who writes into it.
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'foreign'
}

/** The log that the file is, or each of those in it. Read each to its end before asking for the next. */
export async function* openLogs(path: string, how: HowToUnpack): AsyncGenerator<LogFile> {
  const file = await open(path)
  try {
    yield* logsIn(file, printable(basename(path)), how)
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
    yield { name, pieces: unpacked(budget, bytes, gunzipped) }
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
  // Names are nothing but names here: what they look like must not keep the others from being read.
  const zip = await fromFdPromise(file.fd, { decodeStrings: false })
  for await (const entry of zip.eachEntry()) {
    countMember(budget)
    const member = decoder.decode(entry.fileNameRaw)
    if (member.endsWith('/')) continue
    yield {
      name: `${name}/${memberName(member)}`,
      member: { isForeign: isForeignName(member) },
      pieces: unpacked(budget, readMember(zip, entry, onRead), gunzipped),
    }
  }
}

async function* readMember(
  zip: ZipFile,
  entry: Entry,
  onRead: HowToUnpack['onRead'],
): AsyncGenerator<Uint8Array> {
  const name = memberName(decoder.decode(entry.fileNameRaw))
  if (entry.isEncrypted()) throw new Error(`${name} is encrypted`)
  const stream = (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
  const share = entry.compressedSize / Math.max(entry.uncompressedSize, 1)
  let sum = 0
  for await (const piece of counted(stream, (bytes) => onRead?.(bytes * share))) {
    sum = crc32(piece, sum)
    yield piece
  }
  if (sum !== entry.crc32) throw new Error(`${name} is damaged`)
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
