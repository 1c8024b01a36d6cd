import { describe, expect, it } from 'vitest'
import { changesOfMessage, changesOfOperation } from '../../../src/rongcloud/changes/index.ts'
import type { Message } from '../../../src/domain/message.ts'
import { aMessage, conversation, opened } from './messages.ts'

const COMMAND = {
  messageUId: 'M1',
  conversationType: 3,
  targetId: 'g1',
  sentTime: 1734595202789,
  isAdmin: false,
  isDelete: false,
}
const recallBy = (content: unknown, changes: Partial<Message> = {}) =>
  changesOfMessage({ ...aMessage({ content }), ...changes })

/** The conversation that a recall counts for. */
const placeOf = (content: unknown, changes: Partial<Message> = {}) =>
  recallBy(content, changes)[0]?.conversation

const PERSON = { channelType: 'PERSON', fromUserId: 'alice', targetId: 'bob' }

describe('a recall command', () => {
  it('is a recall of the message it names, by its sender, when it was sent', () => {
    expect(opened(recallBy(COMMAND))).toEqual([
      {
        appKey: 'app',
        kind: 'recall',
        msgUID: 'M1',
        upToMs: null,
        conversation: conversation('GROUP', '', 'g1'),
        byUserId: 'alice',
        atMs: 1734595222404,
        data: { isAdmin: false, isDelete: false },
        identity: '["recall","M1",["GROUP","","g1",""],"alice",1734595222404,false,false]',
      },
    ])
  })

  it.each([
    { ...COMMAND, conversationType: '3', sentTime: '1734595202789', isAdmin: 0, isDelete: '0' },
    { MessageUId: 'M1', TargetId: 'g1', SentTime: 1734595202789, ConversationType: 3 },
    { messageUID: 'M1' },
    { MESSAGEUID: 'M1', conversationtype: 'GROUP', targetid: 'g1' },
    { uId: 'M1', isAdmin: '0', isDelete: '0' },
    { ...COMMAND, isAdmin: null, isDelete: undefined, channelId: null, user: { id: 1 }, extra: 7 },
    { ...COMMAND, isAdmin: 'perhaps', isDelete: {}, sentTime: 'soon', conversationType: [], targetId: {} },
  ])('is the same spelled %j', (content) => {
    expect(recallBy(content)).toEqual(recallBy(COMMAND))
  })

  it.each([true, 1, '1', 'true'])('says by %j that it is an admin’s, or deletes', (flag) => {
    expect(opened(recallBy({ ...COMMAND, IsAdmin: flag, isAdmin: flag }))[0]?.data).toMatchObject({
      isAdmin: true,
    })
    expect(opened(recallBy({ ...COMMAND, isDelete: flag }))[0]?.data).toMatchObject({ isDelete: true })
  })

  it('is the same change as the operation callback about it', () => {
    const operation = {
      eventType: 'recall' as const,
      fromUserId: 'alice',
      optTimeMs: 1734595222404,
      conversationType: 3,
      targetId: 'g1',
      busChannel: '',
      messageId: 'M1',
      isDelete: false,
      isAdmin: false,
      deleteType: null,
      deleteUpToMs: null,
      messageTimeMs: null,
      extra: null,
    }
    expect(changesOfOperation(operation, 'app')).toEqual(recallBy(COMMAND))
  })

  it.each(['', '{}', '[]', 'null', 'x', '{"messageUId":""}', '{"messageUId":" "}', '{"messageUId":{}}'])(
    'that names no message changes nothing: %s',
    (content) => {
      expect(recallBy(content)).toEqual([])
    },
  )
})

describe('the conversation of a recall', () => {
  it('is that of the command where its content names none, as early web clients write', () => {
    const content = { messageUId: 'M1' }
    expect(placeOf(content)).toEqual(conversation('GROUP', '', 'g1'))
    expect(placeOf(content, PERSON)).toEqual(conversation('PERSON', 'alice', 'bob'))
    expect(placeOf(content, { channelType: 'ULTRAGROUP', busChannel: 'dev' })).toEqual(
      conversation('ULTRAGROUP', '', 'g1', 'dev'),
    )
    expect(placeOf({ ...COMMAND, conversationType: 99 })).toEqual(conversation('GROUP', '', 'g1'))
  })

  it('of two is the same from either end', () => {
    const pair = conversation('PERSON', 'alice', 'bob')
    expect(placeOf({ ...COMMAND, conversationType: 1, targetId: 'bob' }, PERSON)).toEqual(pair)
    const back = { ...PERSON, fromUserId: 'bob', targetId: 'alice' }
    expect(placeOf({ ...COMMAND, conversationType: 1, targetId: 'alice' }, back)).toEqual(pair)
    // Named by the recalling user's own id it would be one with oneself.
    expect(placeOf({ ...COMMAND, conversationType: 1, targetId: 'alice' }, PERSON)).toEqual(pair)
  })

  it('is the one its sender names, if the sender is one of the two', () => {
    const content = { ...COMMAND, conversationType: 1, targetId: 'carl' }
    expect(placeOf(content, PERSON)).toEqual(conversation('PERSON', 'alice', 'carl'))
  })

  it.each(['PERSON', 'GROUP'])(
    'of kind %s is named by the content where a client sent it to itself',
    (channelType) => {
      const content = { ...COMMAND, conversationType: channelType, targetId: 'peer' }
      expect(placeOf(content, { channelType, targetId: 'alice' })).toEqual(
        conversation(channelType, 'alice', 'peer'),
      )
    },
  )

  it.each<[string, Partial<Message>, object]>([
    ['a group, sent to another group', { targetId: 'g2' }, { targetId: 'g1' }],
    ['a group, sent to a person', PERSON, { targetId: 'g1' }],
    ['a group, sent to oneself', { ...PERSON, targetId: 'alice' }, { targetId: 'g1' }],
    ['a pair, sent to a group', {}, { conversationType: 1, targetId: 'bob' }],
    [
      'a pair, as its admin',
      PERSON,
      { conversationType: 1, targetId: 'bob', originalFromUserId: 'carl', isAdmin: true },
    ],
    [
      'a channel, sent to another',
      { channelType: 'ULTRAGROUP', busChannel: 'a' },
      { conversationType: 10, channelId: 'b' },
    ],
  ])('is not one that a client has no say in: %s', (_what, carrier, content) => {
    const message = { ...aMessage({ content: { ...COMMAND, ...content } }), ...carrier }
    const { channelType, fromUserId, targetId, busChannel } = message
    expect(changesOfMessage(message)[0]?.conversation).toEqual(
      conversation(channelType, fromUserId, targetId, busChannel),
    )
  })

  it.each<[string, object, ReturnType<typeof conversation>]>([
    ['a group', { targetId: 'g1' }, conversation('GROUP', '', 'g1')],
    [
      'a channel',
      { conversationType: 10, targetId: 'ug', channelId: 'dev' },
      conversation('ULTRAGROUP', '', 'ug', 'dev'),
    ],
    ['a pair', { conversationType: 1, targetId: 'bob' }, conversation('PERSON', 'admin', 'bob')],
    [
      'a pair of others',
      { conversationType: 1, targetId: 'bob', originalFromUserId: 'alice' },
      conversation('PERSON', 'alice', 'bob'),
    ],
    [
      'a pair, seen by the one who got the message',
      { conversationType: 1, targetId: 'bob', originalFromUserId: 'bob' },
      conversation('PERSON', 'admin', 'bob'),
    ],
    [
      'a system notice to everybody',
      { conversationType: '6', targetId: undefined },
      conversation('NOTIFY', 'admin', 'bob'),
    ],
    ['nobody', { conversationType: 1, targetId: 'admin' }, conversation('PERSON', 'admin', 'bob')],
    ['an unknown group', { targetId: undefined }, conversation('PERSON', 'admin', 'bob')],
  ])('is any that the app’s server names: %s', (_what, content, expected) => {
    const byServer = { channelType: 'PERSON', fromUserId: 'admin', targetId: 'bob', source: 'Server' }
    expect(placeOf({ ...COMMAND, ...content }, byServer)).toEqual(expected)
  })

  it('may be any for a system notice too, which only the server can send', () => {
    const notice = { channelType: 'NOTIFY', fromUserId: 'sys', targetId: 'bob', source: null }
    expect(placeOf(COMMAND, notice)).toEqual(conversation('GROUP', '', 'g1'))
    expect(placeOf({ uId: 'M1', conversationType: '6' }, notice)).toEqual(
      conversation('NOTIFY', 'sys', 'bob'),
    )
  })
})
