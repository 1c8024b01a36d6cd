import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, type EventKind } from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS, elementOf, eventOf, eventSamples, eventsOf, onlyEventOf, sampleBody } from './examples.ts'

describe('a callback of the samples', () => {
  it.each(eventSamples)('fits its kind: $name', ({ kind, body }) => {
    const events = eventsOf(kind, body)
    expect(events.length).toBeGreaterThan(0)
    expect(events.map(({ problem }) => problem)).toEqual(events.map(() => null))
  })

  it('says who went online and offline, each an event of its own', () => {
    expect(eventsOf('online-status', sampleBody('online-status-two-users'))).toEqual([
      {
        kind: 'online-status',
        body: '{"userid":"u1001","status":"0","os":"iOS","time":1734595240900,"clientIp":"203.0.113.7:51234","sessionId":"s-aa1"}',
        identity: '["u1001","s-aa1","0","1734595240900","iOS","203.0.113.7:51234"]',
        occurredAtMs: 1734595240900,
        userId: 'u1001',
        targetId: null,
        msgUID: null,
        problem: null,
      },
      {
        kind: 'online-status',
        body: '{"userid":"u1002","status":"1","os":"Websocket","time":1734595240950,"clientIp":"198.51.100.9:443","sessionId":"s-bb7"}',
        identity: '["u1002","s-bb7","1","1734595240950","Websocket","198.51.100.9:443"]',
        occurredAtMs: 1734595240950,
        userId: 'u1002',
        targetId: null,
        msgUID: null,
        problem: null,
      },
    ])
  })

  it.each([
    [
      'pre-message-group-text',
      {
        identity: '["6A1F-Q2PK-8CF0-01C0",null,"1734595240123","u1001","grp-ops","RC:TxtMsg"]',
        occurredAtMs: 1734595240123,
        userId: 'u1001',
        targetId: 'grp-ops',
        msgUID: '6A1F-Q2PK-8CF0-01C0',
      },
    ],
    [
      'chatroom-kv-set',
      {
        identity: '["room_520","seat_3","1","42","1734595242900","u2001"]',
        occurredAtMs: 1734595242900,
        userId: 'u2001',
        targetId: 'room_520',
        msgUID: null,
      },
    ],
    [
      'user-deactivation-success',
      {
        identity: '["BS45-NPH4-HV87-10LM","u1099","0","0","1734595243777"]',
        occurredAtMs: 1734595243777,
        userId: 'u1099',
        targetId: null,
        msgUID: null,
      },
    ],
    [
      'audit-result-rejected-header-signature',
      {
        occurredAtMs: null,
        userId: 'u1005',
        targetId: 'grp-ops',
        msgUID: '6A1F-Q2PK-8CF0-01C5',
      },
    ],
    [
      'message-operation-recall',
      {
        identity: '["1","u1001","1734595222404","3","grp-ops",null,"6A1F-Q2PK-8CF0-01AD",null,null]',
        occurredAtMs: 1734595222404,
        userId: 'u1001',
        targetId: 'grp-ops',
        msgUID: '6A1F-Q2PK-8CF0-01AD',
      },
    ],
    [
      'bot-private-message',
      { identity: null, occurredAtMs: 1734595247900, userId: 'u1001', targetId: 'bot_ai', msgUID: null },
    ],
  ])('says when it happened and what it is about: %s', (name, expected) => {
    const sample = eventSamples.find((each) => each.name === name)
    expect(onlyEventOf(sample?.kind ?? 'bots', sampleBody(name))).toMatchObject(expected)
  })

  it('says which chat room it is about, and who when it is one', () => {
    expect(
      eventsOf('chatroom-status', sampleBody('chatroom-status-join-and-destroy')).map(
        ({ targetId, userId, occurredAtMs }) => [targetId, userId, occurredAtMs],
      ),
    ).toEqual([
      ['room_520', null, 1734595241800],
      ['room_old', null, 1734595241900],
    ])
    expect(eventOf('chatroom-status').userId).toBe('u1')
  })
})

// Members without which an element is not what its kind promises.
const REQUIRED: Record<EventKind, string> = {
  'pre-messages': 'fromUserId targetId msgType content channelType msgTimeStamp messageId',
  'message-operations': 'eventType fromUserId optTime conversationInfo',
  'online-status': 'userid status time',
  'chatroom-status': 'chatRoomId type time',
  'chatroom-kv': 'chatroomId optType timestamp version',
  'user-deactivations': 'userId operateId type time',
  'audit-results': 'result msgUID',
  'hosted-moderation': 'eventType result time',
  'group-info': 'groupId time',
  'group-operations': 'groupId eventType time',
  'user-profiles': 'userId',
  friends: 'eventType userId toUserId time',
  bots: 'type timestamp bot',
  'rtc-rooms': 'roomId',
  'rtc-recordings': 'roomId',
  'rtc-players': 'room_id',
  'rtc-cdn-pushes': 'roomId',
  'rtc-screenshots': 'roomId',
  'rtc-moderation': 'roomId',
  'public-service': 'ToUserName FromUserName CreateTime MsgType',
}

// As a problem names it.
const SPELLED: Record<string, string> = { room_id: 'roomId' }

const required = EVENT_KINDS.flatMap((kind) => REQUIRED[kind].split(' ').map((member) => ({ kind, member })))

describe('an element as the protocol describes it', () => {
  it.each(EVENT_KINDS)('of %s fits, whatever members are new', (kind) => {
    expect(eventOf(kind).problem).toBeNull()
    expect(eventOf(kind, { tomorrow: { is: ['new'] } }).problem).toBeNull()
  })

  it.each(EVENT_KINDS)('of %s fits with nothing but the members it must have', (kind) => {
    const least = Object.entries(elementOf(kind)).filter(([name]) => REQUIRED[kind].split(' ').includes(name))
    // A recall is of a message.
    const also = kind === 'message-operations' ? { originalMsgInfo: { messageId: 'm1' } } : {}
    expect(onlyEventOf(kind, JSON.stringify({ ...Object.fromEntries(least), ...also })).problem).toBeNull()
  })

  it.each(required)('is kept without $member, with a problem that names it: $kind', ({ kind, member }) => {
    const event = eventOf(kind, { [member]: undefined })
    expect(event.problem).toMatch(new RegExp(`^${SPELLED[member] ?? member}[.:]`))
    expect(event.identity).toBeNull()
    expect(event.body).toBe(JSON.stringify(elementOf(kind, { [member]: undefined })))
  })

  it.each(EVENT_KINDS)('of %s is the same with its names in another case and its numbers as text', (kind) => {
    const respelled = Object.entries(elementOf(kind)).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'number' ? String(value) : value,
    ])
    const { body: _, ...event } = onlyEventOf(kind, JSON.stringify(Object.fromEntries(respelled)))
    expect(event).toEqual({ ...eventOf(kind), body: undefined })
  })

  it.each(EVENT_KINDS)('of %s is the same from a form', (kind) => {
    const texts = Object.entries(elementOf(kind)).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    const form = new URLSearchParams(texts).toString()
    const fromForm = onlyEventOf(kind, form)
    const { problem, occurredAtMs, targetId, msgUID } = eventOf(kind)
    expect(fromForm).toMatchObject({ body: form, problem, occurredAtMs, targetId, msgUID })
  })

  it('may have an operator in a list, as one of the documented examples has', () => {
    expect(eventOf('group-operations', { optUserId: ['u13', 'u3'] })).toMatchObject({
      problem: null,
      userId: null,
      identity: '["g1","7","1734595245004",["u13","u3"],["u2","u3"]]',
    })
    expect(eventOf('group-operations', { optUserId: ['u13'] }).userId).toBe('u13')
  })

  it('names the older of two spellings too', () => {
    expect(eventOf('group-info', { groupName: undefined, groupname: 'x' }).problem).toBeNull()
    expect(eventOf('friends', { toUserId: undefined, to_user_id: 'u9' }).targetId).toBe('u9')
    expect(eventOf('online-status', { userid: undefined, userId: 'u9' }).userId).toBe('u9')
    expect(onlyEventOf('online-status', '{"userId":"other","userid":"right"}').userId).toBe('right')
  })
})

describe('the identity of an event', () => {
  const changed = (kind: EventKind, changes: Record<string, unknown>) =>
    eventOf(kind, changes).identity !== eventOf(kind).identity

  it.each<[EventKind, Record<string, unknown>]>([
    ['online-status', { sessionId: 's-2' }],
    ['online-status', { status: '0' }],
    ['online-status', { os: 'PC' }],
    ['chatroom-status', { userIds: ['u2'] }],
    ['chatroom-status', { userIds: [] }],
    ['chatroom-kv', { version: 43 }],
    ['chatroom-kv', { optType: 2 }],
    ['user-deactivations', { userId: 'u2' }],
    ['audit-results', { result: 10000 }],
    ['audit-results', { serviceProvider: 'other' }],
    ['message-operations', { eventType: 2, deleteMsgInfo: { deleteType: 1 } }],
    ['group-operations', { userIds: ['u2'] }],
    ['friends', { eventType: 2 }],
    ['pre-messages', { messageId: 'other' }],
    ['public-service', { MsgId: '2' }],
  ])('of %s is another with %j', (kind, changes) => {
    expect(changed(kind, changes)).toBe(true)
  })

  it('tells ids of twenty digits apart', () => {
    const withId = (digits: string) =>
      onlyEventOf('friends', JSON.stringify(ELEMENTS.friends).replace('"u2"', digits))
    expect(withId('12345678901234567890').identity).not.toBe(withId('12345678901234567891').identity)
    expect(withId('12345678901234567891').targetId).toBe('12345678901234567891')
  })

  const nameless = ['group-info', 'user-profiles', 'hosted-moderation', 'bots'] as const

  it.each([...nameless, ...EVENT_KINDS.filter((kind) => kind.startsWith('rtc-'))])(
    'of %s is its body, for nothing in it names the event',
    (kind) => {
      expect(eventOf(kind)).toMatchObject({ identity: null, problem: null })
    },
  )

  it('of a public service is its MsgId, and its body where there is none', () => {
    expect(eventOf('public-service', { MsgId: undefined })).toMatchObject({ identity: null, problem: null })
    expect(eventOf('public-service').identity).toContain('1234567890123456')
  })

  it('is the same however the members are ordered', () => {
    const reversed = Object.fromEntries(Object.entries(ELEMENTS['online-status']).toReversed())
    expect(onlyEventOf('online-status', JSON.stringify(reversed)).identity).toBe(
      eventOf('online-status').identity,
    )
  })
})

describe('the time of an event', () => {
  it.each([
    [1734595240900, 1734595240900],
    ['1734595240900', 1734595240900],
    [1734595240, 1734595240000],
    ['1734595240', 1734595240000],
  ])('is %j in milliseconds', (time, ms) => {
    expect(eventOf('online-status', { time })).toMatchObject({ occurredAtMs: ms, problem: null })
  })

  const noTimes = ['soon', 17, '', null, '2024-12-19', true, [1, 2], { $date: 1 }]

  it.each(noTimes.map((time) => ({ time })))('is not $time', ({ time }) => {
    expect(eventOf('online-status', { time })).toMatchObject({
      occurredAtMs: null,
      problem: expect.stringMatching(/^time: expected a time/),
    })
  })
})
