import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { forgetAsked, listAsked, noteAsked } from '../../src/archive/history-queries.ts'
import { joined, without, type TimeSpan } from '../../src/domain/spans.ts'

const span = (fromMs: number, untilMs: number): TimeSpan => ({ fromMs, untilMs })

describe('what was asked of the message history', () => {
  it.each([
    [[span(10, 20), span(5, 10)], [span(5, 20)]],
    [[span(10, 20), span(12, 15)], [span(10, 20)]],
    [[span(10, 20), span(10, 30)], [span(10, 30)]],
    [[span(10, 20), span(30, 40), span(15, 35)], [span(10, 40)]],
    [[span(10, 20), span(30, 40), span(0, 50)], [span(0, 50)]],
    [
      [span(10, 20), span(30, 40)],
      [span(10, 20), span(30, 40)],
    ],
    [
      [span(10, 20), span(21, 25), span(5, 7)],
      [span(5, 7), span(10, 20), span(21, 25)],
    ],
  ])('is one row of all that touch: %j gives %j', async (asked, expected) => {
    const { store } = await openArchive()
    for (const each of asked) await noteAsked(store, 7, each)
    await noteAsked(store, 8, span(0, 100))
    expect(joined(await listAsked(store, 7), -1)).toEqual(expected)
    expect(await listAsked(store, 7)).toHaveLength(expected.length)
    expect(await listAsked(store, 8)).toEqual([span(0, 100)])
  })

  it.each([span(0, 100), span(12, 15), span(5, 12), span(15, 35), span(20, 30), span(10, 20), span(40, 50)])(
    'is forgotten where it is to be asked again: %j',
    async (forgotten) => {
      const { store } = await openArchive()
      const asked = [span(10, 20), span(30, 40)]
      for (const each of asked) await noteAsked(store, 7, each)
      await noteAsked(store, 8, span(0, 100))
      await forgetAsked(store, { ids: [7] }, forgotten)
      expect(joined(await listAsked(store, 7), -1)).toEqual(
        asked.flatMap((each) => without(each, [forgotten])),
      )
      expect(await listAsked(store, 8)).toEqual([span(0, 100)])
    },
  )
})
