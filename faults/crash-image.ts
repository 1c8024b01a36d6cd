/**
 * What a disk may hold after the power failed: the files as they are at one moment, with everything that was not
 * synced torn. SQLite's file format, https://www.sqlite.org/walformat.html.
 */
import { copyFileSync, openSync, readFileSync, readSync, closeSync, writeFileSync } from 'node:fs'
import type { Random } from '../simulator/random.ts'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/** How far the log was synced: the index tells of frames after their sync only. */
export type Synced = { salt: string; frames: number }

export function syncedNow(path: string): Synced {
  const index = readStart(`${path}-shm`, 136)
  return { salt: index.toString('hex', 32, 40), frames: index.readUInt32LE(16) }
}

/** What a checkpoint has begun to write into the file: it had synced that much of the log before. */
function checkpointed(path: string): number {
  return readStart(`${path}-shm`, 136).readUInt32LE(128)
}

function readStart(path: string, length: number): Buffer {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, 0)
  closeSync(file)
  return bytes
}

export type Tear = { kind: 'cut' | 'zeroes' | 'garbage' | 'holes'; framesAtRisk: number; framesTorn: number }

/** Copies the files of a stopped process and tears the copy. @param synced when the newest was acknowledged */
export function takeCrashImage(path: string, copy: string, synced: Synced, random: Random): Tear {
  const now = syncedNow(path)
  // The log has begun anew since: a checkpoint brought all that was before into the file, and synced it.
  const safe = Math.max(now.salt === synced.salt ? synced.frames : 0, checkpointed(path))
  copyFileSync(path, copy)
  const log = readFileSync(`${path}-wal`)
  const { torn, ...tear } = tearLog(log, safe, random)
  writeFileSync(`${copy}-wal`, torn)
  return tear
}

/** @param safe frames that are left alone */
export function tearLog(log: Buffer, safe: number, random: Random): Tear & { torn: Buffer } {
  const frameBytes = FRAME_HEADER_BYTES + (log.length < HEADER_BYTES ? 0 : log.readUInt32BE(8))
  const at = (frame: number) => HEADER_BYTES + frame * frameBytes
  // What is left of a longer log lies behind; tearing that too would only thin out what matters.
  const framesAtRisk = framesOf(log, frameBytes) - safe
  const kind = random.pick(['cut', 'zeroes', 'garbage', 'holes'] as const)
  if (framesAtRisk <= 0) return { kind, framesAtRisk: 0, framesTorn: 0, torn: log }
  const first = safe + random.whole(0, framesAtRisk - 1)
  const end = safe + framesAtRisk
  if (kind === 'cut') return { kind, framesAtRisk, framesTorn: end - first, torn: log.subarray(0, at(first)) }
  const torn = Buffer.from(log)
  let framesTorn = 0
  for (let frame = first; frame < end; frame++) {
    // Disks write in no order: later pages may be there and earlier ones not.
    if (kind === 'holes' && frame > first && random.chance(0.5)) continue
    framesTorn++
    for (let byte = at(frame); byte < at(frame + 1); byte++)
      torn[byte] = kind === 'garbage' ? random.whole(0, 255) : 0
  }
  return { kind, framesAtRisk, framesTorn, torn }
}

/** Frames of this log, not of the longer one that was in the file before: they bear its salt. */
function framesOf(log: Buffer, frameBytes: number): number {
  const salt = log.subarray(16, 24)
  let frames = 0
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) break
    frames++
  }
  return frames
}
