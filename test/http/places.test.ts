import { describe, expect, it } from 'vitest'
import { createPlaces } from '../../src/http/places.ts'

const times = (count: number) => Array.from({ length: count }, (_, i) => i)
const codeOf = (entered: Promise<unknown>) =>
  entered.then(
    () => 'in',
    ({ code }: { code: string }) => code,
  )
/** Which of these are inside by now. */
async function insideOf(entering: readonly Promise<unknown>[]): Promise<number[]> {
  const inside: number[] = []
  entering.forEach((each, i) => void each.then(() => inside.push(i)))
  await new Promise((resolve) => setTimeout(resolve, 0))
  return inside
}

describe('requests of one credential', () => {
  it('are answered four at a time, the others in their turn', async () => {
    const enter = createPlaces()
    const entering = times(7).map(() => enter('key a', 'page'))
    expect(await insideOf(entering)).toEqual([0, 1, 2, 3])
    const leave = await entering[2]
    leave?.()
    expect(await insideOf(entering)).toEqual([0, 1, 2, 3, 4])
  })

  it('hold up nobody else, nor those of another kind', async () => {
    const enter = createPlaces()
    for (const _ of times(4)) await enter('key a', 'page')
    expect(await codeOf(enter('key b', 'page'))).toBe('in')
    expect(await codeOf(enter('key a', 'poll'))).toBe('in')
    expect(await codeOf(enter('key a', 'export'))).toBe('in')
  })

  it('are refused when a hundred wait, and taken again when they do not', async () => {
    const enter = createPlaces()
    const entering = times(104).map(() => enter('key a', 'page'))
    await expect(enter('key a', 'page')).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 2,
    })
    for (const each of entering) (await each)()
    expect(await codeOf(enter('key a', 'page'))).toBe('in')
  })

  it('are passed over when their clients are gone before it is their turn', async () => {
    const enter = createPlaces()
    const entering = times(4).map(() => enter('key a', 'page'))
    const gone = codeOf(enter('key a', 'page', Promise.resolve()))
    const next = codeOf(enter('key a', 'page', new Promise(() => undefined)))
    expect(await gone).toBe('too_many_requests')
    const leave = await entering[0]
    leave?.()
    expect(await next).toBe('in')
  })

  it('are refused at once beyond two exports and ten that wait for something to arrive', async () => {
    const enter = createPlaces()
    for (const [kind, count] of [
      ['export', 2],
      ['poll', 10],
    ] as const) {
      const leaves = await Promise.all(times(count).map(() => enter('key a', kind)))
      expect(await codeOf(enter('key a', kind))).toBe('too_many_requests')
      leaves[0]?.()
      expect(await codeOf(enter('key a', kind))).toBe('in')
    }
  })
})
