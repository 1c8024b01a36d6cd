/** A download held in memory as the pieces it came in: joined, it would take twice its size for a moment. */
import { within } from '../rongcloud/history-log/packing.ts'

export type HeldBytes = {
  length: number
  /** From one place up to another, in pieces of a bounded size. */
  between: (from: number, to: number) => Generator<Uint8Array>
  /** The same as one; for a few. */
  at: (from: number, to: number) => Uint8Array
}

// What is packed well becomes a thousand times as much, piece by piece.
const PIECE_BYTES = 16_384

/** @throws when there is more than is allowed */
export async function holdBytes(pieces: AsyncIterable<Uint8Array>, maxBytes: number): Promise<HeldBytes> {
  const held: { start: number; piece: Uint8Array }[] = []
  let length = 0
  for await (const piece of within({ left: maxBytes }, pieces)) {
    held.push({ start: length, piece })
    length += piece.length
  }
  function* between(from: number, to: number) {
    for (const { start, piece } of held) {
      if (start + piece.length <= from) continue
      if (start >= to) return
      const end = Math.min(to - start, piece.length)
      for (let at = Math.max(from - start, 0); at < end; at += PIECE_BYTES)
        yield piece.subarray(at, Math.min(at + PIECE_BYTES, end))
    }
  }
  return { length, between, at: (from, to) => joined(between(from, to), to - from) }
}

function joined(pieces: Iterable<Uint8Array>, length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  if (at < length) throw new Error('ends too early')
  return whole
}
