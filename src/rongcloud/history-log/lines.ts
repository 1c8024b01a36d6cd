/** Cuts bytes into lines, whatever the pieces they come in; no more than a piece and a line are in memory. */
import { isUtf8 } from '../utf8.ts'

export type Line = {
  text: string
  /** Only where the text lost some of them, not being UTF-8. */
  bytes: Uint8Array | null
  /** It was longer than this program keeps, and here is its beginning. */
  isCut: boolean
}

// RongCloud takes 128 KB of content; escaped it is no more than six times that.
const LINE_MAX_BYTES = 1024 * 1024
const LINE_FEED = 10

/** Blank lines are left out; the last line needs no end. A piece is not looked at again once the next is asked for. */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes = LINE_MAX_BYTES,
): AsyncGenerator<Line> {
  let begun: Uint8Array[] = []
  let length = 0
  const take = (part: Uint8Array) => {
    if (length < maxBytes) begun.push(part.subarray(0, maxBytes - length))
    length += part.length
  }
  const end = (): Line => {
    const line = toLine(begun.length === 1 ? begun[0]! : join(begun), length > maxBytes)
    begun = []
    length = 0
    return line
  }
  for await (const piece of pieces) {
    let from = 0
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, from)) {
      take(piece.subarray(from, at))
      from = at + 1
      const line = end()
      if (!isBlank(line)) yield line
    }
    take(piece.slice(from))
  }
  const last = end()
  if (!isBlank(last)) yield last
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
const LOST = '\uFFFD'

function toLine(bytes: Uint8Array, isCut: boolean): Line {
  const text = decoder.decode(bytes)
  return { text, bytes: text.includes(LOST) && !isUtf8(bytes) ? bytes.slice() : null, isCut }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

// Blanks, a line end of Windows, and the mark that some programs put before UTF-8.
function isBlank({ text }: Line): boolean {
  return /^[\0-\x20\uFEFF]*$/.test(text)
}
