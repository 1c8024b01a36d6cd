import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, describeEvent, type EventKind } from '../../../src/rongcloud/events/index.ts'
import { elementOf, eventOf, onlyEventOf } from './examples.ts'

describe('a callback of calls and broadcasts', () => {
  const room10 = {
    appKey: 'uwd1c0sxdlx2',
    channelId: 'room1',
    event: 20,
    userId: 'u1',
    timestamp: 1734595245007,
    token: 't',
    members: { u1: { userId: 'u1', data: { uris: '[]' } } },
  }

  it('of version 1.0 calls its room a channel', () => {
    const event = onlyEventOf('rtc-rooms', JSON.stringify(room10))
    expect(event).toMatchObject({
      problem: null,
      targetId: 'room1',
      userId: 'u1',
      occurredAtMs: 1734595245007,
    })
    expect(describeEvent(event)).toBe('resources changed')
  })

  it('of the player has underscores in its names', () => {
    expect(eventOf('rtc-players')).toMatchObject({
      problem: null,
      targetId: 'room1',
      userId: 'u1',
      occurredAtMs: 1734595245009,
    })
  })

  it('tells of the moment of what was judged where it tells of no other', () => {
    expect(eventOf('rtc-moderation').occurredAtMs).toBe(1734595245012)
  })

  const rtcKinds = EVENT_KINDS.filter((kind) => kind.startsWith('rtc-'))

  it.each(rtcKinds)('is understood at each of their addresses: that of %s', (kind) => {
    for (const address of rtcKinds) {
      const event = onlyEventOf(address, JSON.stringify(elementOf(kind)))
      expect(event).toMatchObject({ problem: null, targetId: 'room1' })
      expect(describeEvent(event)).toBe(describeEvent(eventOf(kind)))
    }
  })
})

describe('what happened in a few words', () => {
  const lineOf = (kind: EventKind, changes?: Record<string, unknown>) => describeEvent(eventOf(kind, changes))

  it.each<[EventKind, Record<string, unknown>, string]>([
    ['pre-messages', {}, 'RC:TxtMsg about to be sent'],
    ['message-operations', {}, 'recall of a message'],
    ['message-operations', { eventType: 2 }, 'deletion of a message'],
    [
      'message-operations',
      { eventType: 2, deleteMsgInfo: { deleteType: 2, msgTimestamp: 1734595222404 } },
      'deletion up to a time',
    ],
    ['online-status', {}, 'offline on iOS'],
    ['online-status', { status: '2', os: null }, 'logout on unknown'],
    ['chatroom-status', {}, 'joined'],
    ['chatroom-status', { type: 3 }, 'destroyed'],
    ['chatroom-kv', {}, 'seat_3 set'],
    ['chatroom-kv', { optType: 3, key: '' }, 'all entries cleared'],
    ['user-deactivations', {}, 'deactivation'],
    ['user-deactivations', { type: 1, code: '1004' }, 'reactivation failed with 1004'],
    ['audit-results', {}, 'failed moderation by shumei'],
    ['audit-results', { result: '10000' }, 'passed moderation by shumei'],
    ['hosted-moderation', {}, 'group profile failed moderation'],
    ['hosted-moderation', { eventType: 9, result: 1 }, 'unknown 9 passed moderation'],
    ['group-info', {}, 'group profile changed'],
    ['group-operations', { eventType: 1 }, 'group created'],
    ['group-operations', { eventType: 2 }, 'joined'],
    ['group-operations', { eventType: 3 }, 'kicked'],
    ['group-operations', { eventType: '4' }, 'left'],
    ['group-operations', { eventType: 5 }, 'group dissolved'],
    ['group-operations', { eventType: 6 }, 'administrator added'],
    ['group-operations', {}, 'administrator removed'],
    ['group-operations', { eventType: 8 }, 'ownership transferred'],
    ['group-operations', { eventType: 9 }, 'unknown 9'],
    ['group-operations', { eventType: -1 }, 'unknown -1'],
    ['user-profiles', { type: 0 }, 'user profile cleared'],
    ['user-profiles', {}, 'user profile changed'],
    ['user-profiles', { type: undefined }, 'user profile changed'],
    ['user-profiles', { type: '2' }, 'unknown 2'],
    ['friends', { eventType: 1 }, 'friend request'],
    ['friends', { eventType: 2 }, 'friend request accepted'],
    ['friends', { eventType: 3 }, 'friend request refused'],
    ['friends', { eventType: '4' }, 'friend removed'],
    ['friends', { eventType: 5, extra: 'hi' }, 'friend added by the server'],
    ['friends', { eventType: 0 }, 'unknown 0'],
    ['friends', { eventType: 99 }, 'unknown 99'],
    ['bots', {}, 'message:private'],
    ['rtc-rooms', { event: 1 }, 'periodic report'],
    ['rtc-rooms', { event: 2 }, 'room created'],
    ['rtc-rooms', { event: '3' }, 'room destroyed'],
    ['rtc-rooms', { event: 11 }, 'joined'],
    ['rtc-rooms', {}, 'left'],
    ['rtc-rooms', { exitType: 3 }, 'left: connection lost'],
    ['rtc-rooms', { event: 20 }, 'resources changed'],
    ['rtc-rooms', { event: 4 }, 'unknown 4'],
    ['rtc-rooms', { event: undefined }, 'unknown'],
    ['rtc-recordings', { type: 1 }, 'recording started'],
    ['rtc-recordings', { type: 2 }, 'segment recorded'],
    ['rtc-recordings', { type: 3 }, 'recording ended'],
    ['rtc-recordings', {}, 'recording uploaded'],
    ['rtc-recordings', { type: 5 }, 'unknown 5'],
    ['rtc-players', { type: 1 }, 'player started'],
    ['rtc-players', { type: 3 }, 'player could not start'],
    ['rtc-players', {}, 'player published'],
    ['rtc-cdn-pushes', {}, 'CDN push ended'],
    ['rtc-cdn-pushes', { type: 4 }, 'CDN push failed'],
    ['rtc-screenshots', {}, 'screenshot uploaded'],
    ['rtc-screenshots', { type: 2 }, 'unknown 2'],
    ['rtc-moderation', { type: 1 }, 'moderation started'],
    ['rtc-moderation', {}, 'moderation result'],
    ['public-service', { Event: 'subscribe' }, 'subscribe'],
    ['public-service', {}, 'text'],
  ])('of %s with %j is said', (kind, changes, line) => {
    expect(lineOf(kind, changes)).toBe(line)
  })

  it.each(EVENT_KINDS)('is not guessed of an element of %s that does not fit', (kind) => {
    expect(describeEvent({ kind, body: '{}' })).toBe('not understood')
    expect(describeEvent({ kind, body: '"text"' })).toBe('not understood')
    expect(describeEvent({ kind, body: '' })).toBe('not understood')
  })
})
