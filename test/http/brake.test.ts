import { describe, expect, it } from 'vitest'
import { createBrake } from '../../src/http/brake.ts'

describe('the brake', () => {
  it('never waits longer than a quarter of an hour, and forgets after one hour', () => {
    let nowMs = 0
    const brake = createBrake(() => nowMs, { freeTries: 5, longestWaitMs: 900_000 })
    for (let i = 0; i < 100; i++) brake.failed('192.0.2.1')
    expect(brake.waitMs('192.0.2.1')).toBe(900_000)
    nowMs += 3_600_000
    expect(brake.waitMs('192.0.2.1')).toBe(0)
    brake.failed('192.0.2.1')
    expect(brake.waitMs('192.0.2.1')).toBe(0)
  })

  it('remembers so many addresses and no more, those that tried last', () => {
    const brake = createBrake(() => 0, { freeTries: 5, longestWaitMs: 900_000, max: 2 })
    for (const last of [1, 2, 3]) for (let i = 0; i < 5; i++) brake.failed(`192.0.2.${last}`)
    expect([1, 2, 3].map((last) => brake.waitMs(`192.0.2.${last}`))).toEqual([0, 1000, 1000])
  })
})
