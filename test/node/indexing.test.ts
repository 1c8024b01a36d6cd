import { openArchive } from '#open-archive'
import { expect, it, vi } from 'vitest'
import { startIndexing } from '../../src/node/indexing.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

it('the index follows the messages until it is stopped', async () => {
  const archive = await openArchive()
  const progress = () => getJson(archive, '/api/v1/search/progress')
  const indexing = startIndexing(archive.store, silent)
  await deliverMessage(archive, { msgUID: 'a' })
  await vi.waitFor(async () => expect(await progress()).toEqual({ indexedUpTo: 1, newestId: 1 }), 5000)
  await indexing.stop()
  await deliverMessage(archive, { msgUID: 'b' })
  expect(await progress()).toEqual({ indexedUpTo: 1, newestId: 2 })
})
