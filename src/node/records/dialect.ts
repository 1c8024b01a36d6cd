/**
 * How a CSV file writes a quotation mark inside a quoted cell: RFC 4180 doubles it, MySQL's `INTO OUTFILE` puts a
 * backslash before it, as before every character that would end a cell, and writes NULL as `\N`.
 */
import { decoded } from './encoding.ts'
import { textLines } from './text-lines.ts'

export const DIALECTS = ['rfc4180', 'mysql'] as const
export type Dialect = (typeof DIALECTS)[number]

/** In a line of the one dialect that the other never writes; the second of a pair of quotation marks may end a cell. */
const SIGNS: Readonly<Record<Dialect, RegExp>> = {
  rfc4180: /(?<!\\)""[^,"\r]/,
  mysql: /\\"[^",\r]|(?:^|,)\\N(?=,|\r?$)/,
}

/** RFC 4180 unless a line says otherwise. @throws Error naming two lines that contradict each other */
export async function dialectOf(path: string, encoding: string): Promise<Dialect> {
  const firstLine = new Map<Dialect, number>()
  let number = 0
  for await (const line of textLines(decoded(path, encoding))) {
    number++
    for (const dialect of DIALECTS)
      if (!firstLine.has(dialect) && SIGNS[dialect].test(line)) firstLine.set(dialect, number)
  }
  const [rfc4180, mysql] = DIALECTS.map((dialect) => firstLine.get(dialect))
  if (rfc4180 !== undefined && mysql !== undefined)
    throw new Error(
      `line ${rfc4180} doubles quotation marks, line ${mysql} puts a backslash before them; ` +
        'mend one of them, or name what the file is with --dialect',
    )
  return mysql === undefined ? 'rfc4180' : 'mysql'
}

/** Characters of a cell that would end it. Noncharacters of Unicode, which no text holds, stand for them meanwhile. */
const STAND_INS: readonly (readonly [string, string])[] = [
  ['"', '\uFDD0'],
  [',', '\uFDD1'],
  ['\n', '\uFDD2'],
  ['\r', '\uFDD3'],
]
const NULL_STAND_IN = '\uFDD4'
const ANY_STAND_IN = /[\uFDD0-\uFDD4]/g

/** What MySQL reads behind a backslash; every other character is itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1A',
  N: NULL_STAND_IN,
}
const STAND_IN_OF = new Map(STAND_INS)
const STANDS_FOR = new Map([...STAND_INS.map(([character, standIn]) => [standIn, character] as const), [NULL_STAND_IN, 'N']]) // prettier-ignore

/** MySQL's dialect as RFC 4180, but that {@link cellOfMysql} has to be asked for each cell. */
export async function* withoutBackslashes(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const piece of pieces) {
    if (piece.search(ANY_STAND_IN) >= 0) throw new Error('the file holds noncharacters (U+FDD0 to U+FDD4)')
    const text = held + piece
    const end = endsAmidEscape(text) ? text.length - 1 : text.length
    held = text.slice(end)
    yield text.slice(0, end).replaceAll(/\\([^])/g, (_, character: string) => unescaped(character))
  }
  yield held
}

export function cellOfMysql(cell: string): string | null {
  if (cell === NULL_STAND_IN) return null
  return cell.replaceAll(ANY_STAND_IN, (standIn) => STANDS_FOR.get(standIn) ?? standIn)
}

function unescaped(character: string): string {
  const meant = ESCAPES[character] ?? character
  return STAND_IN_OF.get(meant) ?? meant
}

function endsAmidEscape(text: string): boolean {
  let backslashes = 0
  while (text.at(-1 - backslashes) === '\\') backslashes++
  return backslashes % 2 === 1
}
