import { describe, expect, it } from 'vitest'
import {
  CHANNEL_TYPES,
  channelTypeOf,
  isKnownChannelType,
  isOneToOne,
} from '../../src/domain/channel-type.ts'
import { conversationKeyOf, isSameConversation } from '../../src/domain/conversation.ts'

const message = (changes: Partial<Parameters<typeof conversationKeyOf>[0]> = {}) => ({
  appKey: 'app',
  channelType: 'PERSON',
  fromUserId: 'alice',
  targetId: 'bob',
  busChannel: '',
  ...changes,
})

const ONE_TO_ONE = ['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP']
const TO_MANY = ['PERSONS', 'GROUP', 'TEMPGROUP', 'ULTRAGROUP']

describe('the kinds of conversation', () => {
  it('are the nine of the protocol, one-to-one or to many', () => {
    expect(CHANNEL_TYPES.filter(isOneToOne).toSorted()).toEqual(ONE_TO_ONE.toSorted())
    expect(CHANNEL_TYPES.filter((type) => !isOneToOne(type)).toSorted()).toEqual(TO_MANY.toSorted())
  })

  it.each(['FUTURE', 'person', '', '1', '__proto__', 'constructor'])(
    'do not include %j, which is taken for one to many',
    (channelType) => {
      expect([isKnownChannelType(channelType), isOneToOne(channelType)]).toEqual([false, false])
    },
  )
})

describe('a conversationType', () => {
  it.each([
    [1, 'PERSON'],
    [2, 'PERSONS'],
    [3, 'GROUP'],
    [4, 'TEMPGROUP'],
    [5, 'CUSTOMERSERVICE'],
    [6, 'NOTIFY'],
    [7, 'MC'],
    [8, 'MP'],
    [10, 'ULTRAGROUP'],
  ])('is a number, %i, or its text, or the word %s', (number, word) => {
    expect([channelTypeOf(number), channelTypeOf(String(number)), channelTypeOf(word)]).toEqual([
      word,
      word,
      word,
    ])
  })

  it.each([0, 9, 11, 12, -1, 1.5, Number.NaN, '', '01', ' 1', 'group', '__proto__'])(
    'is not %j',
    (conversationType) => {
      expect(channelTypeOf(conversationType)).toBeNull()
    },
  )
})

describe('a conversation', () => {
  const key = conversationKeyOf(message({ channelType: 'ULTRAGROUP', targetId: 'ug', busChannel: 'dev' }))

  it('is the same when all of it is', () => {
    expect(isSameConversation(key, { ...key })).toBe(true)
  })

  it.each(Object.keys(key))('is another when its %s is', (name) => {
    expect(isSameConversation(key, { ...key, [name]: 'other' })).toBe(false)
  })
})

describe('a conversation of two', () => {
  it.each(ONE_TO_ONE)('of kind %s is the same from both ends', (channelType) => {
    const key = { appKey: 'app', channelType, userId: 'alice', targetId: 'bob', busChannel: '' }
    expect(conversationKeyOf(message({ channelType }))).toEqual(key)
    expect(conversationKeyOf(message({ channelType, fromUserId: 'bob', targetId: 'alice' }))).toEqual(key)
  })

  it.each([
    ['9', '10'],
    ['007', '7'],
    ['a', 'A'],
    ['a', 'aa'],
    ['é', 'e\u0301'],
    ['你', '😀'],
  ])('is told apart by %s and %s in one order, whoever speaks', (one, other) => {
    const there = conversationKeyOf(message({ fromUserId: one, targetId: other }))
    const back = conversationKeyOf(message({ fromUserId: other, targetId: one }))
    expect(there).toEqual(back)
    expect(new Set([there.userId, there.targetId])).toEqual(new Set([one, other]))
  })

  it('may be one with oneself', () => {
    expect(conversationKeyOf(message({ targetId: 'alice' }))).toMatchObject({
      userId: 'alice',
      targetId: 'alice',
    })
  })

  it('has no channel, whatever the message says', () => {
    expect(conversationKeyOf(message({ busChannel: 'x' }))).toEqual(conversationKeyOf(message()))
  })
})

describe('a conversation of many', () => {
  it.each([...TO_MANY, 'FUTURE'])('of kind %s is its target and channel, whoever speaks', (channelType) => {
    const key = { appKey: 'app', channelType, userId: '', targetId: 'room', busChannel: 'x' }
    for (const fromUserId of ['alice', 'zoe', 'room'])
      expect(
        conversationKeyOf(message({ channelType, fromUserId, targetId: 'room', busChannel: 'x' })),
      ).toEqual(key)
  })
})

describe('two conversations', () => {
  it.each([
    ['apps', { appKey: 'other' }, { appKey: 'other' }],
    ['kinds', { channelType: 'NOTIFY' }, { channelType: 'NOTIFY' }],
    ['users', { targetId: 'carol' }, { fromUserId: 'carol' }],
  ])('of two in different %s never meet, in either direction', (_what, there, back) => {
    const key = conversationKeyOf(message())
    expect(conversationKeyOf(message(there))).not.toEqual(key)
    expect(conversationKeyOf(message({ fromUserId: 'bob', targetId: 'alice', ...back }))).not.toEqual(key)
  })

  it.each([
    ['apps', { appKey: 'other' }],
    ['kinds', { channelType: 'TEMPGROUP' }],
    ['groups', { targetId: 'other' }],
    ['channels', { busChannel: 'other' }],
  ])('of many in different %s never meet', (_what, changes) => {
    const group = message({ channelType: 'GROUP', targetId: 'room', busChannel: 'x' })
    expect(conversationKeyOf({ ...group, ...changes })).not.toEqual(conversationKeyOf(group))
  })

  it('of two and of many never meet, even with the same names', () => {
    const group = conversationKeyOf(message({ channelType: 'GROUP' }))
    expect(group.userId).not.toBe(conversationKeyOf(message()).userId)
  })
})
