import { expect, it } from 'vitest'
import { createSeldom } from '../../src/http/seldom.ts'

it('the same is let through once in its time, also when the clock is put back', () => {
  let nowMs = 0
  const isNews = createSeldom(() => nowMs, 1000)
  const ask = (atMs: number, what = 'a') => ((nowMs = atMs), isNews(what))
  expect([ask(0), ask(999), ask(999, 'b'), ask(1000), ask(-100_000), ask(-99_500)]).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
  ])
})

it('so many are remembered and no more', () => {
  const isNews = createSeldom(() => 0, 1000, 2)
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(isNews)).toEqual([true, true, false, true, false, true])
})
