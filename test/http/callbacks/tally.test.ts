import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { createTally } from '../../../src/http/callbacks/tally.ts'
import type { Store } from '../../../src/archive/store.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const known = { appKey: 'app', kind: 'messages', outcome: 'known' } as const

async function countsIn(store: Store): Promise<number[]> {
  const [rows = []] = await store.atomically([{ sql: 'SELECT callbacks FROM callback_counts', params: [] }])
  return rows.map(({ callbacks }) => Number(callbacks))
}

it('what could not be written is written the next time, with what came meanwhile', async () => {
  const { store } = await openArchive()
  let isBroken = true
  const atomically: Store['atomically'] = (statements) =>
    isBroken ? Promise.reject(new Error('the disk is full')) : store.atomically(statements)
  const tally = createTally({ store: { ...store, atomically }, now: () => 1, log: silent })
  tally.add(known)
  await tally.flush()
  tally.add(known)
  expect([tally.isDue(), await countsIn(store)]).toEqual([false, []])
  isBroken = false
  await tally.flush()
  await tally.flush()
  expect(await countsIn(store)).toEqual([2])
})
