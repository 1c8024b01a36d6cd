/** Rows of a CSV or NDJSON file, one at a time, each with its place. What is no row comes with the reason. */
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { keepWholeNumbers } from '../../domain/exact-json.ts'
import { cellOfMysql, dialectOf, withoutBackslashes, type Dialect } from './dialect.ts'
import { decoded, encodingOf } from './encoding.ts'
import { textLines } from './text-lines.ts'

export const FORMATS = ['csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** How a file is to be read. `dialect` is null for NDJSON. */
export type Reading = { format: Format; encoding: string; dialect: Dialect | null }

export type ReadRow = { line: number; row: unknown; problem: string | null }

/** Finds out what is not given. @throws Error where the file is not of one encoding or dialect */
export async function readingOf(
  path: string,
  given: { format?: Format; encoding?: string; dialect?: Dialect },
): Promise<Reading> {
  const format = given.format ?? (/\.(nd)?jsonl?$/i.test(path) ? 'ndjson' : 'csv')
  const encoding = await encodingOf(path, given.encoding ?? null)
  const dialect = format === 'csv' ? (given.dialect ?? (await dialectOf(path, encoding))) : null
  return { format, encoding, dialect }
}

/** @throws Error naming the line where a CSV file is malformed: from there on no cell could be trusted */
export async function* readRows(path: string, reading: Reading): AsyncGenerator<ReadRow> {
  const text = decoded(path, reading.encoding)
  if (reading.format === 'ndjson') yield* readJsonRows(text)
  else yield* readCsvRows(text, reading.dialect)
}

async function* readJsonRows(text: AsyncIterable<string>): AsyncGenerator<ReadRow> {
  let line = 0
  for await (const written of textLines(text)) {
    line++
    if (written.trim() === '') continue
    try {
      yield { line, row: JSON.parse(written, keepWholeNumbers), problem: null }
    } catch {
      yield { line, row: written, problem: 'is no JSON' }
    }
  }
}

const NEEDED = ['id', 'seller_id', 'member_id', 'addtime', 'cnt', 'messageType']

// Otherwise each row would be turned down by itself.
function refuseForeign(names: string[]): string[] {
  const missing = NEEDED.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`the first line names no ${missing.join(', ')}`)
  return names
}

async function* readCsvRows(text: AsyncGenerator<string>, dialect: Dialect | null): AsyncGenerator<ReadRow> {
  const isMysql = dialect === 'mysql'
  const parser = parse({
    bom: true,
    info: true,
    columns: refuseForeign,
    relax_column_count: true,
    skip_empty_lines: true,
    ...(isMysql && { cast: cellOfMysql }),
  })
  const source = Readable.from(isMysql ? withoutBackslashes(text) : text)
  // Ends the parser with the error of its source, which the loop below then throws.
  pipeline(source, parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: unknown
      info: { lines: number; error?: { message: string } }
    }>)
      yield { line: info.lines, row: record, problem: info.error?.message ?? null }
  } catch (error) {
    throw error instanceof CsvError ? new Error(malformation(error), { cause: error }) : error
  }
}

const MALFORMED: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quotation mark inside a quoted cell is neither doubled nor at its end',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a cell that does not begin with one',
}

function malformation(error: CsvError): string {
  return `line ${String(error.lines)}: ${MALFORMED[error.code] ?? error.message}`
}
