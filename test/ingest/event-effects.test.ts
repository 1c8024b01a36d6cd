import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { messageChanges } from '../../src/archive/schema.ts'
import { ELEMENTS } from '../rongcloud/events/examples.ts'
import { APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deliverEvent, eventsIn } from '../support/events.ts'
import { deliverMessage } from '../support/requests.ts'

const changesIn = ({ store }: ArchiveUnderTest) => store.db.select().from(messageChanges)

const RECALL = ELEMENTS['message-operations']
const READ = {
  type: 'message:private_read',
  timestamp: 1734595247900,
  bot: { userId: 'bot1' },
  data: { fromUserId: 'u1', toUserId: 'bot1', messageUID: 'M' },
}

describe('what a callback tells of a message', () => {
  it.each([
    [
      'message-operations',
      RECALL,
      { kind: 'recall', msgUID: '6A1F-Q2PK-8CF0-01AD', channelType: 'GROUP', targetId: 'g1', byUserId: 'u1' },
    ],
    [
      'message-operations',
      { ...RECALL, eventType: 2, deleteMsgInfo: { deleteType: 2, msgTimestamp: 1734595202789 } },
      { kind: 'delete', msgUID: null, upToMs: 1734595202789, targetId: 'g1', byUserId: 'u1' },
    ],
    [
      'audit-results',
      ELEMENTS['audit-results'],
      {
        kind: 'verdict',
        msgUID: '6A1F-Q2PK-8CF0-01C5',
        targetId: 'g1',
        atMs: Date.parse('2024-12-20T00:00:00Z'),
      },
    ],
    ['bots', READ, { kind: 'read', msgUID: 'M', channelType: 'PERSON', byUserId: 'u1', atMs: 1734595247900 }],
  ])('at /callbacks/%s is a change of it, once', async (kind, body, expected) => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await deliverEvent(archive, kind, body)
    const changes = await changesIn(archive)
    const arrival = { origin: 'callback', receivedAtMs: archive.clock.nowMs }
    expect(changes).toMatchObject([{ appKey: APP.appKey, ...arrival, ...expected }])
    expect(changes[0]?.afterMessageId).toBeGreaterThan(0)
    archive.clock.nowMs += 1000
    await deliverEvent(archive, kind, [body, body])
    expect(await changesIn(archive)).toEqual(changes)
  })

  it('is a change for each element of a list', async () => {
    const archive = await openArchive()
    const about = (messageId: string) => ({ ...RECALL, originalMsgInfo: { messageId } })
    await deliverEvent(archive, 'message-operations', [about('A'), { odd: 1 }, about('B')])
    expect((await changesIn(archive)).map(({ msgUID }) => msgUID)).toEqual(['A', 'B'])
    expect(await eventsIn(archive)).toHaveLength(3)
  })

  it('changes nothing when it speaks of the message of another app', async () => {
    const archive = await openArchive()
    const content = JSON.stringify({
      appKey: 'another',
      fromUserId: 'u1',
      targetId: 'g',
      conversationType: 'GROUP',
      objectName: 'RC:TxtMsg',
      message: '',
    })
    await deliverEvent(archive, 'audit-results', { ...ELEMENTS['audit-results'], content })
    expect(await changesIn(archive)).toEqual([])
    expect(await eventsIn(archive)).toHaveLength(1)
  })

  it('gets in with its event or not at all', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    const units: number[] = []
    Object.assign(archive.store, {
      atomically: (statements: Parameters<typeof atomically>[0]) => {
        units.push(statements.length)
        return atomically(statements)
      },
    })
    await deliverEvent(archive, 'message-operations', RECALL)
    // A unit of one statement says in which unit of time the app signs.
    expect(units.filter((statements) => statements > 1)).toEqual([2])
    expect(await eventsIn(archive)).toHaveLength(1)
    expect(await changesIn(archive)).toHaveLength(1)
  })
})

describe('what other callbacks tell', () => {
  it('changes no message', async () => {
    const archive = await openArchive()
    const { 'message-operations': _, 'audit-results': __, bots: ___, ...others } = ELEMENTS
    await Array.fromAsync(Object.entries(others), ([kind, body]) => deliverEvent(archive, kind, body))
    expect(await eventsIn(archive)).toHaveLength(Object.keys(others).length)
    expect(await changesIn(archive)).toEqual([])
  })
})
