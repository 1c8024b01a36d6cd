import { describe, expect, it } from 'vitest'
import {
  gapReasonOf,
  hourStateOf,
  hoursToProve,
  isMisfit,
  isProof,
  LOG_KEPT_MS,
  unprovenOf,
} from '../../src/domain/hour-state.ts'

const HOUR_MS = 3_600_000
const startMs = Date.parse('2024-12-20T00:00:00Z')
const read = { read: 4, unreadable: 0, outside: 0, overPlainHttp: false }
type Facts = { proof?: typeof read; turnedAway?: number }
const factsOf = ({ proof, turnedAway = 0 }: Facts) => ({ startMs, proof: proof ?? null, turnedAway })
const stateAt = (ageMs: number, facts: Facts = {}) => hourStateOf(factsOf(facts), startMs + ageMs)

describe('an hour', () => {
  it('is proven by its log alone, however old and whatever was turned away', () => {
    expect(stateAt(HOUR_MS, { proof: read })).toBe('proven')
    expect(stateAt(LOG_KEPT_MS * 9, { proof: read, turnedAway: 7 })).toBe('proven')
  })

  it('has a gap when lines of its log could not be read', () => {
    expect(stateAt(HOUR_MS, { proof: { ...read, unreadable: 1 } })).toBe('gap')
    expect(stateAt(LOG_KEPT_MS * 9, { proof: { ...read, unreadable: 1 } })).toBe('gap')
  })

  it.each([
    [{ read: 1, unreadable: 0, outside: 1 }, true],
    [{ read: 4, unreadable: 0, outside: 3 }, true],
    [{ read: 4, unreadable: 0, outside: 2 }, false],
    [{ read: 4, unreadable: 2, outside: 2 }, true],
    [{ read: 2, unreadable: 2, outside: 0 }, false],
    [{ read: 0, unreadable: 0, outside: 0 }, false],
  ])('has a gap when most of what its log tells is of other times: %j, %s', (log, isGap) => {
    expect(isMisfit(log)).toBe(isGap)
    const proof = { ...log, overPlainHttp: false }
    expect(gapReasonOf(factsOf({ proof }), startMs) === 'times of the log do not fit its hour').toBe(isGap)
  })

  it('has a gap when its log came by a way on which anybody could have put another in its place', () => {
    const proof = { ...read, overPlainHttp: true }
    expect(stateAt(HOUR_MS, { proof })).toBe('gap')
    expect(gapReasonOf(factsOf({ proof }), startMs)).toMatch(/plain http/)
    expect([isProof(proof), isProof(read), isProof({ ...read, outside: 3 })]).toEqual([false, true, false])
  })

  it('says why it is a gap, and of no other why', () => {
    const late = startMs + LOG_KEPT_MS + 1
    expect(gapReasonOf(factsOf({ turnedAway: 1 }), late)).toMatch(/turned away/)
    expect(gapReasonOf(factsOf({ proof: { ...read, unreadable: 1 } }), late)).toMatch(/could not be read/)
    expect([gapReasonOf(factsOf({}), late), gapReasonOf(factsOf({ proof: read }), late)]).toEqual([
      null,
      null,
    ])
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
