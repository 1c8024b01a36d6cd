import { expect, it } from 'vitest'
import { createTurns } from '../../src/http/turns.ts'

it('gives turns in the order of their coming, so many at a time, also after a failure', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<number>())
  const all = ends.map(({ promise }, i) =>
    inTurn(() => {
      begun.push(i)
      return promise
    }),
  )
  const settled = Promise.allSettled(all)
  expect(begun).toEqual([0, 1])
  ends[1]!.reject(new Error('broken'))
  await expect(all[1]).rejects.toThrow('broken')
  await expect.poll(() => begun).toEqual([0, 1, 2])
  for (const [i, end] of ends.entries()) end.resolve(i)
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(begun).toEqual([0, 1, 2, 3])
  expect(await inTurn(() => 5)).toBe(5)
})
