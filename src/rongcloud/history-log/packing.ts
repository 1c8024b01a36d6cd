/** How a log may be packed, told by how it begins (protocol §7.1), and how much may come out of it. */
import { printable } from '../../domain/printable.ts'

const ZIP = [0x50, 0x4b]
const GZIP = [0x1f, 0x8b]

export const isZip = (bytes: Uint8Array) => ZIP.every((byte, i) => bytes[i] === byte)
const isGzip = (bytes: Uint8Array) => GZIP.every((byte, i) => bytes[i] === byte)

/** Whether a member of a zip is, by its name, what systems leave behind there (`__MACOSX/`, `.DS_Store`, `Thumbs.db`). */
export function isForeignName(path: string): boolean {
  const parts = path.split(/[/\\]/)
  return parts.includes('__MACOSX') || LEFT_BEHIND.test(parts.at(-1) ?? '')
}

const LEFT_BEHIND = /^(\._.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i

// As long as a name may be in a folder. In a zip one may have 65,535 bytes, and there may be millions of them.
const NAME_MAX = 255

/** The name of a member as it is told. */
export function memberName(path: string): string {
  return printable(path.length > NAME_MAX ? `${path.slice(0, NAME_MAX)}…` : path)
}

export type Unpack = (pieces: AsyncGenerator<Uint8Array>) => AsyncIterable<Uint8Array>

/**
 * What is gzip comes out unpacked, all else as it is. What goes in is counted too, for it may have been unpacked itself:
 * a member of a zip may swell, and what it holds swell again.
 * @throws when more goes in and comes out than is left of the budget
 */
export async function* unpacked(
  budget: Budget,
  pieces: AsyncIterable<Uint8Array>,
  gunzip: Unpack,
): AsyncGenerator<Uint8Array> {
  const counted = within(budget, pieces)
  const first = await counted.next()
  if (first.done) return
  const all = startingWith(first.value, counted)
  yield* isGzip(first.value) ? within(budget, gunzip(all)) : all
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

/** Of bytes; counts down. */
export type Budget = { left: number }

// To open a member takes time, however little is in it, and a zip may have millions.
const MEMBER_BYTES = 256 * 1024

/** A member of a zip is counted before it is looked at. @throws when it is one too many */
export function countMember(budget: Budget) {
  spend(budget, MEMBER_BYTES)
}

/** @throws when more comes than is left */
export async function* within(budget: Budget, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    spend(budget, piece.length)
    yield piece
  }
}

function spend(budget: Budget, bytes: number) {
  budget.left -= bytes
  if (budget.left < 0) throw new Error('holds more than is allowed')
}
