import { describe, expect, it } from 'vitest'
import { jsonRows } from '../../src/archive/json-rows.ts'

const rowsOf = (parts: readonly string[]) => parts.flatMap((part) => JSON.parse(part) as unknown[][])

describe('rows as JSON', () => {
  it('are none for none', () => {
    expect(jsonRows([])).toEqual([])
  })

  it('keep their order and values, a few hundred to a part', () => {
    const rows = Array.from({ length: 1001 }, (_, i) => [i, `text ${i}`, null])
    const parts = jsonRows(rows)
    expect(rowsOf(parts)).toEqual(rows)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.length).toBeLessThan(10)
  })

  it('stay far below what D1 takes as one value, unless one alone is larger', () => {
    const rows = [['a'.repeat(600_000)], ...Array.from({ length: 20 }, () => ['中'.repeat(100_000)]), ['b']]
    const parts = jsonRows(rows)
    expect(rowsOf(parts)).toEqual(rows)
    expect(parts.map((part) => new TextEncoder().encode(part).length > 1_000_000)).not.toContain(true)
    expect(JSON.parse(parts[0] ?? '')).toHaveLength(1)
  })
})
