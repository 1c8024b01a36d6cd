import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { rederiveChanges } from '../../src/ingest/rederive-changes.ts'
import { deliver, deliverMessage, getJson } from '../support/requests.ts'
import { messageSamples } from '../support/samples.ts'

async function anArchive() {
  const archive = await openArchive()
  for (const { body } of messageSamples) await deliver(archive, body)
  await deliverMessage(archive, { msgUID: 'M-1' })
  await deliverMessage(archive, { msgUID: 'E-1', originalMsgUID: 'M-1', content: '{"content":"edited"}' })
  const recall = { messageUId: 'M-1', conversationType: 1, targetId: 'shop_a', sentTime: 1, isDelete: false }
  await deliverMessage(archive, { msgUID: 'R-1', objectName: 'RC:RcCmd', content: JSON.stringify(recall) })
  const shown = () => getJson(archive, '/api/v1/messages?limit=500')
  return { store: archive.store, shown }
}

describe('what messages say of others', () => {
  it('is all there in what they say once more', async () => {
    const { store, shown } = await anArchive()
    const before = await shown()
    await store.atomically([{ sql: 'DELETE FROM message_changes', params: [] }])
    expect(await shown()).not.toEqual(before)
    expect(await rederiveChanges(store)).toBeGreaterThan(5)
    expect(await shown()).toEqual(before)
  })

  it('is recorded once, however often they say it', async () => {
    const { store } = await anArchive()
    expect(await rederiveChanges(store)).toBe(0)
  })

  it('can be asked of the newest alone', async () => {
    const { store, shown } = await anArchive()
    await store.atomically([{ sql: 'DELETE FROM message_changes', params: [] }])
    const { items } = (await shown()) as { items: { id: number; msgUID: string }[] }
    const recall = items.find(({ msgUID }) => msgUID === 'R-1')
    expect(await rederiveChanges(store, (recall?.id ?? 0) - 1)).toBe(1)
  })
})
