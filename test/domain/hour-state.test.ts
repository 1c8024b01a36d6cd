import { describe, expect, it } from 'vitest'
import { hourStateOf, hoursToProve, LOG_KEPT_MS, unprovenOf } from '../../src/domain/hour-state.ts'

const HOUR_MS = 3_600_000
const startMs = Date.parse('2024-12-20T00:00:00Z')
const read = { unreadable: 0 }
const stateAt = (ageMs: number, facts: { proof?: { unreadable: number }; turnedAway?: number } = {}) =>
  hourStateOf({ startMs, proof: facts.proof ?? null, turnedAway: facts.turnedAway ?? 0 }, startMs + ageMs)

describe('an hour', () => {
  it('is proven by its log alone, however old and whatever was turned away', () => {
    expect(stateAt(HOUR_MS, { proof: read })).toBe('proven')
    expect(stateAt(LOG_KEPT_MS * 9, { proof: read, turnedAway: 7 })).toBe('proven')
  })

  it('has a gap when lines of its log could not be read', () => {
    expect(stateAt(HOUR_MS, { proof: { unreadable: 1 } })).toBe('gap')
    expect(stateAt(LOG_KEPT_MS * 9, { proof: { unreadable: 1 } })).toBe('gap')
  })

  it('is open until RongCloud forgets its log, also when callbacks were turned away', () => {
    expect(stateAt(0)).toBe('open')
    expect(stateAt(LOG_KEPT_MS, { turnedAway: 7 })).toBe('open')
  })

  it('is too old to prove from then on, or has a gap when callbacks were turned away', () => {
    expect(stateAt(LOG_KEPT_MS + 1)).toBe('too_old')
    expect(stateAt(LOG_KEPT_MS + 1, { turnedAway: 1 })).toBe('gap')
  })
})

describe('hours to prove', () => {
  const nowMs = startMs + LOG_KEPT_MS

  it('are those that RongCloud has finished and still keeps', () => {
    const hours = hoursToProve(nowMs)
    expect([hours[0], hours.at(-1), hours.length]).toEqual([startMs, nowMs - 2 * HOUR_MS, 71])
    expect(hoursToProve(nowMs + 1)[0]).toBe(startMs + HOUR_MS)
    expect(hoursToProve(nowMs).every((hour) => stateAt(nowMs - hour) === 'open')).toBe(true)
  })

  it('are told as those that expire within a day, and the oldest', () => {
    const all = new Set(hoursToProve(nowMs))
    expect(unprovenOf(all, nowMs)).toEqual({ expiring: 0, oldestMs: null })
    expect(unprovenOf(new Set(), nowMs)).toEqual({ expiring: 25, oldestMs: startMs })
    all.delete(startMs + 24 * HOUR_MS)
    all.delete(startMs + 25 * HOUR_MS)
    expect(unprovenOf(all, nowMs)).toEqual({ expiring: 1, oldestMs: startMs + 24 * HOUR_MS })
  })
})
