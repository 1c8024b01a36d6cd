import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { listChats } from '../../src/archive/chat-records.ts'
import { ensureConversation } from '../../src/archive/message-statements.ts'
import { chats } from '../../src/archive/schema.ts'
import { APP } from '../support/archive.ts'
import { deliverMessage } from '../support/requests.ts'

const ID = '9007199254740993'

async function archiveOfOne() {
  const archive = await openArchive()
  await deliverMessage(archive, { fromUserId: `u${ID}` })
  return archive
}

describe('an id of 64 bits', () => {
  it('is a whole number in the table, to the last digit', async () => {
    const { store } = await archiveOfOne()
    const kept = {
      sql: 'SELECT typeof(member_id) AS type, CAST(member_id AS TEXT) AS id FROM chats',
      params: [],
    }
    expect(await store.atomically([kept])).toEqual([[{ type: 'integer', id: ID }]])
  })

  it('is never read as a double: a statement that would do so fails', async () => {
    const { store } = await archiveOfOne()
    await expect(store.db.select({ memberId: chats.memberId }).from(chats)).rejects.toThrow(/asText/)
  })

  it('is looked up in the index', async () => {
    const { store } = await archiveOfOne()
    const key = { appKey: APP.appKey, channelType: 'PERSON', userId: 'u', targetId: 'v', busChannel: '' }
    const statements = [
      listChats(store, APP.appKey, ID).toSQL(),
      ensureConversation({ ...key, memberId: ID, sellerId: 'a', conversationId: null }),
    ]
    const plans = await store.atomically(
      statements.map(({ sql, params }) => ({ sql: `EXPLAIN QUERY PLAN ${sql}`, params })),
    )
    const searches = plans.flat().map(({ detail }) => String(detail))
    expect(searches).toContainEqual(
      expect.stringMatching(/chats.*chats_by_member \(app_key=\? AND member_id=\?\)/),
    )
    expect(searches).toContainEqual(
      expect.stringMatching(/chats_by_member \(app_key=\? AND member_id=\? AND seller_id=\?\)/),
    )
    expect(searches.filter((detail) => detail.startsWith('SCAN') && !/CONSTANT ROW/.test(detail))).toEqual([])
  })
})
