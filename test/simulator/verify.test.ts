import { describe, expect, it } from 'vitest'
import type { ArchivedItem, FindMessages } from '../../simulator/archive-reader.ts'
import type { SimulatedMessage } from '../../simulator/message.ts'
import { verify } from '../../simulator/verify.ts'
import { fakeClock, firstMessages } from './runs.ts'

const messages = firstMessages(250)

function archived(message: SimulatedMessage): ArchivedItem {
  const { groupUserIds, originalMsgUID, aiGenerated, ...columns } = message
  const fields = {
    ...(groupUserIds.length > 0 && { groupUserIds }),
    ...(originalMsgUID !== null && { originalMsgUID }),
    ...(aiGenerated && { aiGenerated: 'true' }),
  }
  return { ...columns, fields }
}

/** An archive that has these. */
function holding(items: readonly ArchivedItem[]): FindMessages {
  return (msgUIDs) => Promise.resolve(items.filter(({ msgUID }) => msgUIDs.includes(msgUID)))
}

const good = messages.map(archived)
const check = (find: FindMessages, waitMs = 0) => verify(messages, { find, clock: fakeClock(), waitMs })

describe('the verification', () => {
  it('finds nothing wrong with an archive that has every message as it was sent', async () => {
    expect(await check(holding(good))).toEqual({ lost: 0, doubled: 0, altered: 0, examples: [] })
  })

  it('asks for every message, for at most a hundred at once', async () => {
    const asked: string[][] = []
    await check((msgUIDs) => {
      asked.push([...msgUIDs])
      return holding(good)(msgUIDs)
    })
    expect(Math.max(...asked.map(({ length }) => length))).toBe(100)
    expect(asked.flat().toSorted()).toEqual(messages.map(({ msgUID }) => msgUID))
  })

  it('notices a lost message', async () => {
    const { msgUID } = messages[17]!
    const found = await check(holding(good.filter((item) => item.msgUID !== msgUID)))
    expect(found).toEqual({ lost: 1, doubled: 0, altered: 0, examples: [{ msgUID, fault: 'lost' }] })
  })

  it('notices a doubled message', async () => {
    const found = await check(holding([...good, good[3]!]))
    expect(found).toMatchObject({ lost: 0, doubled: 1, altered: 0, examples: [{ fault: 'doubled' }] })
  })

  it.each([
    ['content', { content: '{"content": "你好"}' }],
    ['objectName', { objectName: 'RC:Other' }],
    ['fromUserId', { fromUserId: 'somebody' }],
    ['targetId', { targetId: 'somebody' }],
    ['channelType', { channelType: 'UNHEARD' }],
    ['sentAtMs', { sentAtMs: 1 }],
    ['source', { source: null }],
    ['sensitiveType', { sensitiveType: null }],
    ['groupUserIds', { fields: { groupUserIds: ['somebody'] } }],
  ])('notices an altered %s', async (name, change) => {
    const plain = good.findIndex(({ fields }) => Object.keys(fields).length === 0)
    const { msgUID } = messages[plain]!
    const found = await check(holding(good.with(plain, { ...good[plain]!, ...change })))
    expect(found).toEqual({
      lost: 0,
      doubled: 0,
      altered: 1,
      examples: [{ msgUID, fault: 'altered', fields: [name] }],
    })
  })

  it('waits for a message that is a little late', async () => {
    let asked = 0
    const find: FindMessages = (msgUIDs) => (asked++ < 3 ? Promise.resolve([]) : holding(good)(msgUIDs))
    expect(await check(find, 10_000)).toMatchObject({ lost: 0, altered: 0 })
    expect(await check(() => Promise.resolve([]), 10_000)).toMatchObject({ lost: messages.length })
  })

  it('gives a few examples of many faults', async () => {
    const { lost, examples } = await check(holding([]))
    expect([lost, examples.length]).toEqual([250, 20])
  })
})
