/** In which encoding a table was saved: Excel in China writes GBK where most programs write UTF-8. */
import { isAscii } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { readRawLines } from '../exports/file.ts'

/** GB18030 reads GBK and GB2312 too. */
const ENCODINGS = ['utf-8', 'gb18030'] as const

const BYTE_ORDER_MARKS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const

// One line of GBK in ten may look like UTF-8, if it has but a word or two.
const BY_CHANCE = 10
// UTF-8 begins Chinese characters with such a byte, and GBK seldom has two bytes more that fit behind it.
const LONG_CHARACTER = 0xe0

export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

/**
 * Reads the whole file, so that nothing is taken from one that turns out to be damaged.
 * @param named by the operator, as the WHATWG Encoding Standard spells it; null: find out
 * @throws Error naming the first line that is not in the encoding
 */
export async function encodingOf(path: string, named: string | null): Promise<string> {
  const certain = named ?? (await findMarked(path))
  if (certain !== null) {
    await requireWhole(path, certain)
    return certain
  }
  const [utf8, gb18030] = ENCODINGS
  const asUtf8 = await checkLines(path, utf8)
  if (asUtf8.wrong === 0) return utf8
  // Read as GB18030, lines of UTF-8 would become other characters without an error. A few may be both by chance.
  if (asUtf8.right * BY_CHANCE > asUtf8.wrong)
    throw new Error(
      `line ${asUtf8.firstWrong} is not UTF-8, but others are: mend it, or name the encoding of the file with --encoding`,
    )
  const asGb18030 = await checkLines(path, gb18030)
  if (asGb18030.wrong === 0) return gb18030
  throw new Error(
    `the file is neither UTF-8 (see line ${asUtf8.firstWrong}) nor GB18030 (see line ${asGb18030.firstWrong}); ` +
      'name its encoding with --encoding',
  )
}

/** @throws Error where bytes are not of that encoding; a replacement character would hide the loss */
export async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? new Error(`the file is not ${encoding}`, { cause: error }) : error
  }
}

async function findMarked(path: string): Promise<string | null> {
  const file = await open(path)
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(3), position: 0 })
    const found = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, i) => buffer[i] === byte))
    return found?.[0] ?? null
  } finally {
    await file.close()
  }
}

async function requireWhole(path: string, encoding: string): Promise<void> {
  // Its line feeds are two bytes long, so that its lines cannot be read by themselves.
  if (encoding.toLowerCase().startsWith('utf-16')) {
    for await (const _ of decoded(path, encoding));
    return
  }
  const { wrong, firstWrong } = await checkLines(path, encoding)
  if (wrong > 0) throw new Error(`line ${firstWrong} is not ${encoding}`)
}

/** How many of the lines with a Chinese character are in the encoding, and how many of all lines are not. */
async function checkLines(path: string, encoding: string) {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const found = { right: 0, wrong: 0, firstWrong: 0 }
  let line = 0
  for await (const { bytes } of readRawLines(path, true)) {
    line++
    if (isAscii(bytes)) continue
    if (!isDecodable(decoder, bytes)) {
      if (found.wrong++ === 0) found.firstWrong = line
    } else if (bytes.some((byte) => byte >= LONG_CHARACTER)) found.right++
  }
  return found
}

function isDecodable(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}
