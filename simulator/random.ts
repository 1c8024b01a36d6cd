/** Chance that repeats itself: the same seed gives the same choices in the same order. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export type Random = ReturnType<typeof createRandom>

/** The largest seed: generators take 32 bits. */
export const SEED_MAX = 0xffff_ffff

const MILLIONTHS = 1_000_000

export function createRandom(seed: number) {
  const generator = xoroshiro128plus(seed)

  /** A whole number, both ends included. */
  const whole = (from: number, to: number): number => uniformInt(generator, from, to)

  return { whole, chance, pick, weighted, shuffled, digits }

  /** True in this share of all cases. */
  function chance(share: number): boolean {
    return whole(1, MILLIONTHS) <= share * MILLIONTHS
  }

  function pick<T>(list: readonly T[]): T {
    return list[whole(0, list.length - 1)] as T
  }

  function weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    let left = whole(
      1,
      list.reduce((sum, [weight]) => sum + weight, 0),
    )
    const chosen = list.find(([weight]) => (left -= weight) <= 0)
    return (chosen ?? list[0]!)[1]
  }

  function shuffled<T>(list: readonly T[]): T[] {
    const result = [...list]
    for (let i = result.length - 1; i > 0; i--) {
      const j = whole(0, i)
      ;[result[i], result[j]] = [result[j] as T, result[i] as T]
    }
    return result
  }

  /** As text, for ids and order numbers; never begins with 0. */
  function digits(count: number): string {
    const text = Array.from({ length: count - 1 }, () => whole(0, 9)).join('')
    return `${whole(1, 9)}${text}`
  }
}
