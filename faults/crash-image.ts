/**
 * What a disk may hold after the power failed: the files as they are at one moment, with everything that was not
 * synced torn. SQLite's file format, https://www.sqlite.org/walformat.html.
 */
import { closeSync, copyFileSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs'
import type { Random } from '../simulator/random.ts'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/** How far the log was synced: the index tells of frames after their sync only. */
export type Synced = { salt: string; frames: number }

export type Tear = {
  kind: 'cut' | 'zeroes' | 'garbage' | 'holes'
  framesAtRisk: number
  framesTorn: number
  /** Of the database file, which a checkpoint was writing. */
  pagesTorn: number
}

export function syncedNow(path: string): Synced {
  const index = readStart(`${path}-shm`, INDEX_BYTES)
  return { salt: index.toString('hex', 32, 40), frames: index.readUInt32LE(16) }
}

/**
 * Frames that a checkpoint has brought into the database file and synced, and how far it has begun to: it had synced the log
 * that far before. The two differ while it is at work.
 */
export function checkpointNow(path: string): { done: number; begun: number } {
  const index = readStart(`${path}-shm`, INDEX_BYTES)
  return { done: index.readUInt32LE(96), begun: index.readUInt32LE(128) }
}

function readStart(path: string, length: number): Buffer {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, 0)
  closeSync(file)
  return bytes
}

/** Copies the files of stopped processes and tears the copy. @param synced when the newest was acknowledged */
export function takeCrashImage(path: string, copy: string, synced: Synced, random: Random): Tear {
  const now = syncedNow(path)
  const checkpoint = checkpointNow(path)
  // The log has begun anew since: a checkpoint brought all that was before into the file, and synced it.
  const safe = Math.max(now.salt === synced.salt ? synced.frames : 0, checkpoint.begun)
  copyFileSync(path, copy)
  const log = createLog(readFileSync(`${path}-wal`))
  const { torn, ...tear } =
    // It has begun anew in the index alone: what is in the file was synced long ago.
    log.salt === now.salt ? tearLog(log, safe, random) : { ...NOTHING, torn: log.bytes }
  writeFileSync(`${copy}-wal`, torn)
  return { ...tear, pagesTorn: tearPages(copy, log, checkpoint, random) }
}

const INDEX_BYTES = 136
const NOTHING = { kind: 'cut', framesAtRisk: 0, framesTorn: 0 } as const

type Log = ReturnType<typeof createLog>

function createLog(bytes: Buffer) {
  const pageBytes = bytes.length < HEADER_BYTES ? 0 : bytes.readUInt32BE(8)
  const at = (frame: number) => HEADER_BYTES + frame * (FRAME_HEADER_BYTES + pageBytes)
  return {
    bytes,
    at,
    pageBytes,
    salt: bytes.toString('hex', 16, 24),
    pageOf: (frame: number) => bytes.readUInt32BE(at(frame)),
  }
}

/** Pages of the file that a checkpoint was writing: each may be there, half or not at all. The log has them all. */
function tearPages(
  copy: string,
  log: Log,
  { done, begun }: { done: number; begun: number },
  random: Random,
): number {
  const frames = Array.from({ length: begun - done }, (_, i) => done + i)
  const pages = [...new Set(frames.map(log.pageOf))].filter(() => random.chance(0.5))
  const file = openSync(copy, 'r+')
  for (const page of pages) {
    const bytes = random.chance(0.5) ? log.pageBytes : log.pageBytes / 2
    const torn = Buffer.from(Array.from({ length: bytes }, () => random.whole(0, 255)))
    writeSync(file, torn, 0, bytes, (page - 1) * log.pageBytes + random.pick([0, log.pageBytes - bytes]))
  }
  closeSync(file)
  return pages.length
}

/** @param safe frames that are left alone */
function tearLog(log: Log, safe: number, random: Random): Omit<Tear, 'pagesTorn'> & { torn: Buffer } {
  // What is left of a longer log lies behind; tearing that too would only thin out what matters.
  const framesAtRisk = framesOf(log) - safe
  const kind = random.pick(['cut', 'zeroes', 'garbage', 'holes'] as const)
  if (framesAtRisk <= 0) return { kind, framesAtRisk: 0, framesTorn: 0, torn: log.bytes }
  const first = safe + random.whole(0, framesAtRisk - 1)
  const end = safe + framesAtRisk
  if (kind === 'cut')
    return { kind, framesAtRisk, framesTorn: end - first, torn: log.bytes.subarray(0, log.at(first)) }
  const torn = Buffer.from(log.bytes)
  let framesTorn = 0
  for (let frame = first; frame < end; frame++) {
    // Disks write in no order: later pages may be there and earlier ones not.
    if (kind === 'holes' && frame > first && random.chance(0.5)) continue
    framesTorn++
    for (let byte = log.at(frame); byte < log.at(frame + 1); byte++)
      torn[byte] = kind === 'garbage' ? random.whole(0, 255) : 0
  }
  return { kind, framesAtRisk, framesTorn, torn }
}

/** Frames of this log, not of the longer one that was in the file before: they bear its salt. */
function framesOf({ bytes, at }: Log): number {
  const salt = bytes.subarray(16, 24)
  let frames = 0
  while (at(frames + 1) <= bytes.length && bytes.subarray(at(frames) + 8, at(frames) + 16).equals(salt))
    frames++
  return frames
}
