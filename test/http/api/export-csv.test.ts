import { openArchive } from '#open-archive'
import { parse as parseCsv } from 'csv-parse/browser/esm/sync'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, get } from '../../support/requests.ts'

// What Excel holds in a cell.
const CELL_MAX = 32_767

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
const EDGES = [';', '\t', '\r', '\n', '\r\n', ',']
const BETWEEN = [' ', '\u200b', '\u0000', '"', "'", 'a', '1', '你', '\u{1F600}']

const pieces = fc
  .array(fc.constantFrom(...SIGNS, ...EDGES, ...BETWEEN), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))

const hostileMessage = fc.record({
  // A piece again and again until no cell holds it.
  content: fc
    .tuple(pieces, fc.constantFrom(1, CELL_MAX))
    .map(([piece, length]) => piece.padEnd(length, piece)),
  source: pieces,
  busChannel: pieces,
  fromUserId: pieces,
  toUserId: pieces,
  objectName: pieces,
})

async function csvOf(archive: ArchiveUnderTest): Promise<string> {
  return new TextDecoder().decode(await (await get(archive, '/api/v1/export?format=csv')).arrayBuffer())
}

const cellsOf = (csv: string) => parseCsv(csv, { relax_column_count: true, record_delimiter: '\r\n' })

/** Those that a program would compute, whatever it skips before a sign. */
const formulasIn = (cells: readonly string[]) =>
  cells.map((cell) => cell.slice(0, 50)).filter((start) => /^[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]/u.test(start))

describe('a CSV of hostile messages', () => {
  it('has no cell that is a formula or too long, in any column, and wherever a sheet parts cells', async () => {
    const archive = await openArchive()
    const messages = fc.sample(hostileMessage, { numRuns: 80, seed: 8 })
    const answers = await Promise.all(
      messages.map((fields, n) => deliverMessage(archive, { ...fields, msgUID: `=${n}` })),
    )
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const csv = await csvOf(archive)
    const rows = cellsOf(csv)
    expect(rows.length).toBeGreaterThan(75)
    expect(rows.slice(1, -1).every((row) => row.length === rows[0]?.length)).toBe(true)
    const cells = rows.flat()
    expect(formulasIn(cells)).toEqual([])
    expect(Math.max(...cells.map((cell) => cell.length))).toBe(CELL_MAX)
    for (const edge of [';', '\t', /[\r\n]+/]) expect(formulasIn(csv.split(edge))).toEqual([])
  })

  it('cuts a cell that apostrophes made too long, and no character in two', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: '1', objectName: 'app:One', content: ';='.repeat(16_000) })
    await deliverMessage(archive, {
      msgUID: '2',
      objectName: 'app:One',
      content: `1${'\u{1F600}'.repeat(20_000)}`,
    })
    await deliverMessage(archive, { msgUID: '3', objectName: 'app:One', content: 'a'.repeat(CELL_MAX) })
    const [head = [], guarded, halves, whole] = cellsOf(await csvOf(archive))
    const contentOf = (row?: string[]) => row?.[head.indexOf('content')] ?? ''
    expect(contentOf(guarded)).toMatch(/^(;'=)+;?'?…$/)
    expect(contentOf(guarded)).toHaveLength(CELL_MAX)
    expect(contentOf(halves)).toMatch(/^1(\u{1F600})+…$/u)
    expect(contentOf(whole)).toBe('a'.repeat(CELL_MAX))
  })
})
