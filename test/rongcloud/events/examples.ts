import { readEvents, type CallbackEvent, type EventKind } from '../../../src/rongcloud/events/index.ts'
import { eventSamples } from '../../support/samples.ts'

export const bytesOf = (text: string) => new TextEncoder().encode(text)

/** The events of a body that can be read. */
export function eventsOf(kind: EventKind, body: string | Uint8Array): CallbackEvent[] {
  const read = readEvents(kind, typeof body === 'string' ? bytesOf(body) : body)
  if ('unreadable' in read) throw new Error(`unreadable: ${read.unreadable}`)
  return read.events
}

export function onlyEventOf(kind: EventKind, body: string | Uint8Array): CallbackEvent {
  const [event, ...others] = eventsOf(kind, body)
  if (event === undefined || others.length > 0) throw new Error('not one event')
  return event
}

export { eventSamples }

export function sampleBody(name: string): string {
  const sample = eventSamples.find((each) => each.name === name)
  if (sample === undefined) throw new Error(`no sample ${name}`)
  return sample.body
}

/** An element of each kind as the protocol describes it (§3, §4), with every member that it names. */
export const ELEMENTS = {
  'pre-messages': {
    appKey: 'uwd1c0sxdlx2',
    fromUserId: 'u1',
    targetId: 'g1',
    toUserIds: 'u2,u3',
    msgType: 'RC:TxtMsg',
    content: '{"content":"hi"}',
    pushContent: '',
    pushExt: '',
    disablePush: 'false',
    expansion: 'false',
    extraContent: '',
    channelType: 'GROUP',
    msgTimeStamp: '1734595240123',
    messageId: '6A1F-Q2PK-8CF0-01C0',
    originalMsgUID: '',
    os: 'iOS',
    busChannel: '',
    clientIp: '203.0.113.7:51234',
    aiGenerated: 'false',
  },
  'message-operations': {
    eventType: 1,
    fromUserId: 'u1',
    optTime: 1734595222404,
    source: 'PC',
    conversationInfo: { conversationType: 3, targetId: 'g1', busChannel: '' },
    originalMsgInfo: { messageId: '6A1F-Q2PK-8CF0-01AD', messageTime: 1734595202789 },
    recallMsgInfo: { isDelete: 0, isAdmin: 0, extra: '' },
  },
  'online-status': {
    userid: 'u1',
    status: '1',
    os: 'iOS',
    time: 1734595240900,
    clientIp: '203.0.113.7:51234',
    sessionId: 's-aa1',
  },
  'chatroom-status': { chatRoomId: 'room1', userIds: ['u1'], status: 0, type: 1, time: 1734595241800 },
  'chatroom-kv': {
    chatroomId: 'room1',
    key: 'seat_3',
    value: '{"uid":"u1"}',
    optType: 1,
    userId: 'u1',
    status: 0,
    timestamp: 1734595242900,
    version: 42,
  },
  'user-deactivations': { userId: 'u1', operateId: 'BS45-NPH4', type: '0', code: '0', time: '1734595243777' },
  'audit-results': {
    result: 10001,
    msgUID: '6A1F-Q2PK-8CF0-01C5',
    content: JSON.stringify({
      appKey: 'uwd1c0sxdlx2',
      fromUserId: 'u1',
      targetId: 'g1',
      toUserIds: '',
      conversationType: 'GROUP',
      objectName: 'RC:TxtMsg',
      message: '{"content":"hi"}',
      extraContent: {},
      clientOs: 'Android',
      messageTime: 1734595245001,
      messageId: '6A1F-Q2PK-8CF0-01C5',
    }),
    serviceProvider: 'shumei',
    resultDetail: '{"riskLevel":"REJECT"}',
  },
  'hosted-moderation': {
    eventType: 1,
    result: false,
    time: 1734595245002,
    optUserId: 'u1',
    targetGroupId: 'g1',
    targetUserId: '',
    contents: [{ key: 'groupName', content: 'x', result: false }],
  },
  'group-info': {
    groupId: 'g1',
    groupName: 'Group',
    time: 1734595245003,
    optUserId: 'u1',
    groupProfile: { introduction: '', announcement: 'hello', portraitUrl: '' },
    groupExtProfile: { ext_a: '1' },
    permissions: { joinPerm: 1 },
  },
  'group-operations': {
    groupId: 'g1',
    eventType: 7,
    time: 1734595245004,
    optUserId: 'u1',
    userIds: ['u2', 'u3'],
  },
  'user-profiles': {
    userId: 'u1',
    type: 1,
    time: 1734595245005,
    userProfile: '{"name":"x"}',
    userExtProfile: '{}',
  },
  friends: { eventType: 1, userId: 'u1', toUserId: 'u2', time: 1734595245006, source: 'iOS' },
  bots: {
    type: 'message:private',
    timestamp: 1734595247900,
    bot: { userId: 'bot1', name: 'Bot', profileUrl: '', type: 'BOT', metadata: {} },
    data: {
      fromUserId: 'u1',
      toUserId: 'bot1',
      objectName: 'RC:TxtMsg',
      content: '{}',
      channelType: 'PERSON',
    },
  },
  'rtc-rooms': { roomId: 'room1', userId: 'u1', event: 12, timestamp: 1734595245007, exitType: 1 },
  'public-service': {
    ToUserName: 'service1',
    FromUserName: 'u1',
    CreateTime: '1734595245',
    MsgType: 'text',
    Content: 'hi',
    MsgId: '1234567890123456',
  },
} as const satisfies Record<EventKind, Record<string, unknown>>
