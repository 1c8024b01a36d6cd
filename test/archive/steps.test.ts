import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { reserveIdsBelow } from '../../src/archive/first-id.ts'
import { getCountProgress } from '../../src/archive/message-counts.ts'
import { getSearchProgress } from '../../src/archive/search-index.ts'
import { followFurther } from '../../src/ingest/index-messages.ts'
import { rederiveChanges } from '../../src/ingest/rederive-changes.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

describe('what goes through the messages', () => {
  it('goes over a gap of ids at once, however wide', async () => {
    const archive = await openArchive()
    const { store } = archive
    const [first, second] = [2 ** 40, 2 ** 52]
    for (const [msgUID, id] of [
      ['A', 1],
      ['B', first],
      ['C', second],
    ] as const) {
      await reserveIdsBelow(store, id)
      await deliverMessage(archive, { msgUID })
    }
    for (let steps = 0; (await followFurther(store)).isBehind; steps++) expect(steps).toBeLessThan(10)
    expect(await getCountProgress(store)).toEqual({ countedUpTo: second, newestId: second })
    expect(await getSearchProgress(store)).toMatchObject({ indexedUpTo: second, surveyedUpTo: second })
    const looked: number[] = []
    await rederiveChanges(store, 0, (messages) => looked.push(messages))
    expect(looked).toHaveLength(1)
    const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/search?q=你好')
    expect(items.map(({ id }) => id).toSorted((one, other) => one - other)).toEqual([1, first, second])
  })
})
