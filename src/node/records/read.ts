/** Rows of a CSV or NDJSON file, one at a time, each with its place. What is no row comes with the reason. */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { keepWholeNumbers } from '../../domain/exact-json.ts'
import { readLines } from '../exports/file.ts'

export type ReadRow = { line: number; bytes: number; row: unknown; problem: string | null }

export async function* readRows(path: string, format: 'csv' | 'ndjson'): AsyncGenerator<ReadRow> {
  if (format === 'ndjson') yield* readJsonRows(path)
  else yield* readCsvRows(path)
}

async function* readJsonRows(path: string): AsyncGenerator<ReadRow> {
  let line = 0
  for await (const { text, end } of readLines(path, true)) {
    line++
    if (text.trim() === '') continue
    try {
      yield { line, bytes: end, row: JSON.parse(text, keepWholeNumbers), problem: null }
    } catch {
      yield { line, bytes: end, row: text, problem: 'is no JSON' }
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

async function* readCsvRows(path: string): AsyncGenerator<ReadRow> {
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      info: true,
      columns: refuseForeign,
      relax_column_count: true,
      skip_empty_lines: true,
      relax_quotes: true,
    }),
  )
  for await (const { record, info } of parser as AsyncIterable<{
    record: unknown
    info: { lines: number; bytes: number; error?: { message: string } }
  }>)
    yield { line: info.lines, bytes: info.bytes, row: record, problem: info.error?.message ?? null }
}
