import { describe, expect, it } from 'vitest'
import { createBrake, networksOf, type Bucket } from '../../src/http/brake.ts'

const RATE = { atOnce: 5, everyMs: 3000 }
const SLOWER = { atOnce: 8, everyMs: 60_000 }
const ONE: Bucket[] = [['one', RATE]]
const TWO: Bucket[] = [['two', RATE]]

function aBrake({ longestWaitMs = 0, max = 100 } = {}) {
  const clock = { nowMs: 1_000_000 }
  const brake = createBrake(() => clock.nowMs, { longestWaitMs, max })
  const waits = (count: number, buckets = ONE) =>
    Array.from({ length: count }, () => brake.take(buckets)).map(({ isGiven, waitMs }) =>
      isGiven ? waitMs : `not in ${waitMs}`,
    )
  return { clock, brake, waits }
}

describe('the brake', () => {
  it('lets some tries pass at once and then one in a while, for ever', () => {
    const { clock, waits } = aBrake()
    expect(waits(6)).toEqual([0, 0, 0, 0, 0, 'not in 3000'])
    clock.nowMs += 2999
    expect(waits(1)).toEqual(['not in 1'])
    for (let i = 0; i < 1000; i++) {
      clock.nowMs += i === 0 ? 1 : 3000
      expect(waits(2)).toEqual([0, 'not in 3000'])
    }
    clock.nowMs += 15_000
    expect(waits(6)).toEqual([0, 0, 0, 0, 0, 'not in 3000'])
  })

  it('has only so many wait for their turn', () => {
    const { clock, waits } = aBrake({ longestWaitMs: 7000 })
    expect(waits(9)).toEqual([0, 0, 0, 0, 0, 3000, 6000, 'not in 9000', 'not in 9000'])
    clock.nowMs += 2000
    expect(waits(2)).toEqual([7000, 'not in 10000'])
  })

  it('lets a try pass when all that it counts in would, and else counts it in none', () => {
    const { waits } = aBrake()
    const both: Bucket[] = [...ONE, ['all', SLOWER]]
    expect(waits(6, both)).toEqual([0, 0, 0, 0, 0, 'not in 3000'])
    expect(waits(4, [...TWO, ['all', SLOWER]])).toEqual([0, 0, 0, 'not in 60000'])
    expect(waits(3, TWO)).toEqual([0, 0, 'not in 3000'])
  })

  it('takes a try back that was right', () => {
    const { brake, waits } = aBrake()
    waits(5)
    brake.giveBack(ONE)
    expect(waits(2)).toEqual([0, 'not in 3000'])
    brake.giveBack(TWO)
    expect(waits(6, TWO)).toEqual([0, 0, 0, 0, 0, 'not in 3000'])
  })

  it('remembers so many buckets and no more, those that were tried last', () => {
    const { waits } = aBrake({ max: 2 })
    const names = ['a', 'b', 'c']
    for (const name of names) waits(5, [[name, RATE]])
    const found = names.toReversed().map((name) => waits(1, [[name, RATE]]))
    expect(found).toEqual([['not in 3000'], ['not in 3000'], [0]])
  })
})

describe('the networks of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', '192.0.2'],
    ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2'],
    ['2001:db8:1:2::7', '32.1.13.184.0.1.0.2', '32.1.13.184.0.1'],
    [null, '', ''],
    ['unknown', '', ''],
  ])('%s', (address, own, wide) => expect(networksOf(address)).toEqual({ own, wide }))
})
