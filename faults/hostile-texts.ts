/** Texts that cost much to fold, to cut into words, to match, to escape or to lay out. */
import type { Random } from '../simulator/random.ts'

/** A text of at most so many bytes of UTF-8, and little less. */
export type TextMaker = (random: Random, bytes: number) => string

const HAN_FIRST = 0x4e00
const HAN_COUNT = 20_000

export const HOSTILE_TEXTS = {
  /** One word again and again: a search for it has a hit at each. */
  repeated: repeating('a '),
  /** A letter under thousands of marks. */
  'combining marks': (_, bytes) => filled('a', '\u0301', bytes),
  /** A character that NFKC makes eighteen of. */
  growing: repeating('\ufdfa'),
  base64: (random, bytes) => repeating(base64Of(random))(random, bytes - (bytes % 4)),
  /** Each hyphen may join the digits around it into one number. */
  'digits in groups': (random, bytes) => repeating(`${random.digits(3)}-${random.digits(4)} `)(random, bytes),
  'joined digits': repeating('1-2-'),
  'one long word': repeating('x'),
  'right to left': repeating('\u202e\u05d0\u05d1\u0635\u0644\u2066'),
  'zero width': repeating('a\u200b\u200d\ufeff'),
  'joined emoji': repeating('\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'),
  /** As many different words as there are. */
  Chinese: (random, bytes) =>
    byPieces(bytes, () => String.fromCodePoint(HAN_FIRST + random.whole(0, HAN_COUNT))),
  'different words': (random, bytes) => byPieces(bytes, () => `${random.whole(0, 2 ** 30).toString(36)} `),
  /** Markup grows when it is escaped. */
  markup: repeating('<b>&amp;"</b>'),
  addresses: repeating('http://a.example/b?c=d#e '),
  lines: repeating('\n'),
} satisfies Record<string, TextMaker>

export type TextName = keyof typeof HOSTILE_TEXTS

export const TEXT_NAMES = Object.keys(HOSTILE_TEXTS) as TextName[]

function repeating(piece: string): TextMaker {
  return (_, bytes) => filled('', piece, bytes)
}

function filled(start: string, piece: string, bytes: number): string {
  return start + piece.repeat(Math.max(1, Math.floor((bytes - start.length) / Buffer.byteLength(piece))))
}

function byPieces(bytes: number, nextPiece: () => string): string {
  const pieces: string[] = []
  for (let size = 0; size < bytes; size += Buffer.byteLength(pieces.at(-1)!)) pieces.push(nextPiece())
  return pieces.slice(0, -1).join('')
}

function base64Of(random: Random): string {
  return Buffer.from(Uint8Array.from({ length: 300 }, () => random.whole(0, 255))).toString('base64')
}
