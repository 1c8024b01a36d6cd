import { describe, expect, it } from 'vitest'
import {
  changesOfAudit,
  changesOfBotEvent,
  changesOfOperation,
} from '../../../src/rongcloud/changes/index.ts'
import type { AuditResult } from '../../../src/rongcloud/events/audit-result.ts'
import type { MessageOperation } from '../../../src/rongcloud/events/message-operation.ts'
import { conversation, opened } from './messages.ts'

const NOW = 1734600000000
const inGroup = { appKey: 'app', msgUID: 'M1', upToMs: null, conversation: conversation('GROUP', '', 'g1') }

describe('a message operation', () => {
  const recall: MessageOperation = {
    eventType: 'recall',
    fromUserId: 'alice',
    optTimeMs: NOW,
    conversationType: 3,
    targetId: 'g1',
    busChannel: '',
    messageId: 'M1',
    isDelete: true,
    isAdmin: false,
    deleteType: null,
    deleteUpToMs: null,
    messageTimeMs: null,
    extra: null,
  }
  const deletion: MessageOperation = {
    ...recall,
    eventType: 'delete',
    deleteType: 'message',
    isDelete: false,
  }
  const changesOf = (operation: MessageOperation) => opened(changesOfOperation(operation, 'app'))

  it('recalls', () => {
    expect(changesOf(recall)).toEqual([
      {
        ...inGroup,
        kind: 'recall',
        byUserId: 'alice',
        atMs: NOW,
        data: { isAdmin: false, isDelete: true },
        identity: `["recall","M1",["GROUP","","g1",""],"alice",${NOW},false,true]`,
      },
    ])
    expect(changesOf({ ...recall, messageId: null })).toEqual([])
  })

  it('deletes one message', () => {
    expect(changesOf(deletion)).toEqual([
      {
        ...inGroup,
        kind: 'delete',
        byUserId: 'alice',
        atMs: NOW,
        data: null,
        identity: '["delete","M1",["GROUP","","g1",""],"alice"]',
      },
    ])
    expect(changesOf({ ...deletion, messageId: null })).toEqual([])
  })

  it('deletes everything up to a time, whatever message it names besides', () => {
    const upTo: MessageOperation = { ...deletion, deleteType: 'time', deleteUpToMs: NOW - 1 }
    expect(changesOf(upTo)).toMatchObject([
      {
        kind: 'delete',
        msgUID: null,
        upToMs: NOW - 1,
        identity: `["delete",${NOW - 1},["GROUP","","g1",""],"alice"]`,
      },
    ])
    expect(changesOf({ ...upTo, deleteUpToMs: NOW + 9 })).toMatchObject([{ upToMs: NOW }])
    expect(changesOf({ ...upTo, deleteUpToMs: null })).toEqual([])
    expect(changesOf({ ...upTo, conversationType: 99 })).toEqual([])
  })

  it('deletes what it names where it does not say which of the two', () => {
    const either: MessageOperation = { ...deletion, deleteType: null, deleteUpToMs: 5 }
    expect(changesOf(either)).toMatchObject([{ msgUID: 'M1', upToMs: null }])
    expect(changesOf({ ...either, messageId: null })).toMatchObject([{ msgUID: null, upToMs: 5 }])
  })

  it('deletes from nobody’s view where it does not say whose', () => {
    expect(changesOf({ ...deletion, fromUserId: '' })).toEqual([])
  })

  it.each<[Partial<MessageOperation>, MessageOperation['targetId'] | null]>([
    [{ conversationType: 1, targetId: 'bob' }, 'bob'],
    [{ conversationType: '3' }, 'g1'],
    [{ conversationType: 'ULTRAGROUP', busChannel: 'dev' }, 'g1'],
    [{ conversationType: 10 }, null],
    [{ conversationType: 99 }, null],
    [{ targetId: '' }, null],
  ])('is about the conversation that it names: %j', (changes, targetId) => {
    const { conversationType, busChannel } = { ...recall, ...changes }
    const types = { 1: 'PERSON', 3: 'GROUP', 10: 'ULTRAGROUP', ULTRAGROUP: 'ULTRAGROUP' }
    const channelType = types[conversationType as keyof typeof types]
    expect(changesOf({ ...recall, ...changes })[0]?.conversation).toEqual(
      targetId && conversation(channelType, 'alice', targetId, busChannel),
    )
  })
})

describe('a moderation result', () => {
  const failed: AuditResult = {
    msgUID: 'M1',
    passed: false,
    serviceProvider: 'shumei',
    resultDetail: '{"riskLevel":"REJECT"}',
    message: {
      appKey: 'app',
      fromUserId: 'alice',
      targetId: 'g1',
      conversationType: 'GROUP',
      objectName: 'RC:TxtMsg',
      message: '{}',
      messageTimeMs: null,
    },
  }

  it('is a verdict, at the time it came in', () => {
    const data = { passed: false, serviceProvider: 'shumei', resultDetail: '{"riskLevel":"REJECT"}' }
    expect(opened(changesOfAudit(failed, 'app', NOW))).toEqual([
      {
        ...inGroup,
        kind: 'verdict',
        byUserId: '',
        atMs: NOW,
        data,
        identity: JSON.stringify([
          'verdict',
          'M1',
          ['GROUP', '', 'g1', ''],
          '',
          false,
          'shumei',
          data.resultDetail,
        ]),
      },
    ])
  })

  it('is the same one when RongCloud tries again', () => {
    const [first, again] = [1, 2].map((receivedAtMs) => changesOfAudit(failed, 'app', receivedAtMs)[0])
    expect(first?.identity).toBe(again?.identity)
  })

  it('is about its message, whatever the conversation, where that is not told', () => {
    expect(changesOfAudit({ ...failed, message: null }, 'app', NOW)[0]?.conversation).toBeNull()
  })

  it.each<[Partial<NonNullable<AuditResult['message']>>, ReturnType<typeof conversation> | null]>([
    [
      { fromUserId: 'bob', targetId: 'alice', conversationType: 'PERSON' },
      conversation('PERSON', 'alice', 'bob'),
    ],
    [{ fromUserId: '', targetId: 'g1', conversationType: 'GROUP' }, null],
    [{ fromUserId: 'a', targetId: 'g1', conversationType: '' }, null],
    [{ fromUserId: 'a', targetId: 'ug', conversationType: 'ULTRAGROUP' }, null],
  ])('is about the conversation of the message, where that is told: %j', (told, expected) => {
    const message = { ...(failed.message as NonNullable<AuditResult['message']>), ...told }
    expect(changesOfAudit({ ...failed, message }, 'app', NOW)[0]?.conversation).toEqual(expected)
  })

  it('changes nothing of another app, nor where it names no message', () => {
    expect(changesOfAudit(failed, 'other', NOW)).toEqual([])
    expect(changesOfAudit({ ...failed, msgUID: '' }, 'app', NOW)).toEqual([])
  })
})

describe('a bot', () => {
  const changesOf = (type: string, data: unknown) =>
    opened(changesOfBotEvent({ type, atMs: NOW, botUserId: 'bot', data: data as never }, 'app'))

  it.each(['messageUId', 'msgUID', 'messageUID', 'msgUid', 'messageId'])(
    'is told of a recall, by %s',
    (name) => {
      const data = { fromUserId: 'alice', toUserId: 'bot', channelType: 'PERSON', [name]: 'M1' }
      expect(changesOf('message:private_recall', data)).toEqual([
        {
          appKey: 'app',
          msgUID: 'M1',
          upToMs: null,
          conversation: conversation('PERSON', 'alice', 'bot'),
          kind: 'recall',
          byUserId: 'alice',
          atMs: NOW,
          data: { isAdmin: false, isDelete: false },
          identity: `["recall","M1",["PERSON","alice","bot",""],"alice",${NOW},false,false]`,
        },
      ])
    },
  )

  it.each(['message:private_read', 'message:group_read'])('is told by %s who read a message', (type) => {
    expect(changesOf(type, { fromUserId: 'alice', targetId: 'g1', msgUID: 'M1' })).toMatchObject([
      { kind: 'read', msgUID: 'M1', upToMs: null, byUserId: 'alice', data: null },
    ])
  })

  it.each([
    { messageUId: 'M1', isDelete: 1 },
    { MessageUId: 'M1', isDelete: true },
    JSON.stringify({ uId: 'M1', isDelete: 'true' }),
  ])('is told of the message in the command rather than of the command: %j', (content) => {
    const data = { fromUserId: 'alice', groupId: 'g1', objectName: 'RC:RcCmd', msgUID: 'OWN', content }
    expect(changesOf('message:group_mentioned_recall', data)).toMatchObject([
      { ...inGroup, kind: 'recall', data: { isAdmin: false, isDelete: true } },
    ])
  })

  it.each<[string, object, ReturnType<typeof conversation> | null]>([
    ['private', { userId: 'alice' }, conversation('PERSON', 'alice', 'bot')],
    ['private', { fromUserId: 'bot', toUserId: 'alice' }, conversation('PERSON', 'alice', 'bot')],
    ['private', { toUserId: 'alice' }, conversation('PERSON', 'alice', 'bot')],
    ['private', { toUserId: 'bot' }, null],
    ['private', {}, null],
    ['private', { fromUserId: 'alice', channelType: 'FUTURE' }, null],
    ['group', { fromUserId: 'alice', toUserId: 'g1' }, conversation('GROUP', '', 'g1')],
    ['group', { groupId: 'g1', toUserId: 'bot' }, conversation('GROUP', '', 'g1')],
    ['group', { fromUserId: 'alice', toUserId: 'bot' }, null],
    [
      'group',
      { targetId: 'ug', channelType: 10, busChannel: 'dev' },
      conversation('ULTRAGROUP', '', 'ug', 'dev'),
    ],
  ])('is told where, if all of it is named: %s %j', (place, data, expected) => {
    const [change] = changesOf(`message:${place}_read`, { msgUID: 'M1', ...data })
    expect(change?.conversation).toEqual(expected)
  })

  it.each(['message:private', 'message:group_mentioned', 'group:bot_join', 'group:user_left', 'read', ''])(
    'learns of no change by %j',
    (type) => {
      expect(changesOf(type, { msgUID: 'M1' })).toEqual([])
    },
  )

  it.each([null, undefined, {}, [], 'M1', { msgUID: '' }, { msgUID: 7 }, { uid: 'M1' }])(
    'learns of no change where no message is named: %j',
    (data) => {
      expect(changesOf('message:private_read', data)).toEqual([])
    },
  )
})
