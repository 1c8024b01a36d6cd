import { describe, expect, it } from 'vitest'
import { inPieces, joined, without, type TimeSpan } from '../../src/domain/spans.ts'

const span = (fromMs: number, untilMs: number): TimeSpan => ({ fromMs, untilMs })

describe('stretches of time', () => {
  it.each([
    [[], 0, []],
    [[span(5, 6), span(1, 2)], 0, [span(1, 2), span(5, 6)]],
    [[span(1, 2), span(2, 3)], 0, [span(1, 3)]],
    [[span(1, 9), span(2, 3)], 0, [span(1, 9)]],
    [[span(1, 2), span(5, 6)], 3, [span(1, 6)]],
    [[span(1, 2), span(5, 6)], 2, [span(1, 2), span(5, 6)]],
  ])('%j are joined when at most %i apart', (spans, nearMs, expected) => {
    expect(joined(spans, nearMs)).toEqual(expected)
  })

  it.each([
    [span(0, 10), [], [span(0, 10)]],
    [span(0, 10), [span(0, 10)], []],
    [span(0, 10), [span(-5, 20)], []],
    [span(0, 10), [span(3, 5)], [span(0, 3), span(5, 10)]],
    [span(0, 10), [span(7, 20), span(-3, 2)], [span(2, 7)]],
    [span(0, 10), [span(20, 30)], [span(0, 10)]],
    [span(0, 10), [span(10, 30), span(-9, 0)], [span(0, 10)]],
    [span(0, 10), [span(1, 4), span(3, 6)], [span(0, 1), span(6, 10)]],
  ])('of %j without %j there is %j left', (all, others, expected) => {
    expect(without(all, others)).toEqual(expected)
  })

  it.each([
    [span(0, 10), 10, [span(0, 10)]],
    [span(0, 10), 4, [span(6, 10), span(2, 6), span(0, 2)]],
    [span(5, 5), 4, []],
  ])('%j is cut into pieces of %i, the newest first', (all, mostMs, expected) => {
    expect(inPieces(all, mostMs)).toEqual(expected)
  })
})
