import { openArchive } from '#open-archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listUnknownObjectNames } from '../../src/archive/object-names.ts'
import { recordMessage } from '../../src/archive/record-message.ts'
import type { Message } from '../../src/domain/message.ts'
import { toRecord } from '../../src/ingest/to-record.ts'

const TEMPLATES = { member: 'u{id}', seller: 'shop_{id}' }

function messageOf(msgUID: string): Message {
  return {
    appKey: 'app',
    msgUID,
    channelType: 'PERSON',
    fromUserId: 'u1',
    targetId: 'shop_a',
    busChannel: '',
    objectName: 'app:Order',
    content: '{}',
    sentAtMs: 1,
    source: null,
    sensitiveType: null,
    fields: null,
  }
}

describe('types that are not known', () => {
  it('tell the first time, the last time and its message, in whatever order messages are recorded', async () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 })
    const { store } = await openArchive()
    await fc.assert(
      fc.asyncProperty(times, async (all) => {
        await store.atomically([
          { sql: 'DELETE FROM messages', params: [] },
          { sql: 'DELETE FROM unknown_object_names', params: [] },
        ])
        for (const receivedAtMs of all) {
          const arrival = { receivedAtMs, origin: 'callback' as const, problem: null, nonceReused: false }
          await recordMessage(store, toRecord(TEMPLATES, messageOf(`at ${receivedAtMs}`), arrival))
        }
        const [name] = await listUnknownObjectNames(store, {}, { after: null, limit: 2 })
        expect(name).toEqual({
          appKey: 'app',
          objectName: 'app:Order',
          msgType: '',
          messageCount: all.length,
          firstReceivedAtMs: Math.min(...all),
          lastReceivedAtMs: Math.max(...all),
          exampleMsgUID: `at ${Math.max(...all)}`,
        })
      }),
      { numRuns: 20 },
    )
  })
})
