import { describe, expect, it } from 'vitest'
import {
  EVENT_KINDS,
  answerOf,
  bodyAppKeyOf,
  readAuditResult,
  readBotEvent,
  readGroupNaming,
  readMessageOperation,
  readOnlineStatus,
} from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS, bytesOf, eventsOf, sampleBody } from './examples.ts'

const RECALL = ELEMENTS['message-operations']
const operation = (changes: Record<string, unknown> = {}) =>
  readMessageOperation(JSON.stringify({ ...RECALL, ...changes }))

describe('a message operation', () => {
  it('is read from the sample of a recall', () => {
    expect(readMessageOperation(sampleBody('message-operation-recall'))).toEqual({
      eventType: 'recall',
      fromUserId: 'u1001',
      optTimeMs: 1734595222404,
      conversationType: 3,
      targetId: 'grp-ops',
      busChannel: '',
      messageId: '6A1F-Q2PK-8CF0-01AD',
      messageTimeMs: 1734595202789,
      isDelete: false,
      isAdmin: false,
      deleteType: null,
      deleteUpToMs: null,
      extra: null,
    })
  })

  it.each([1, '1', true, 'true'])('reads the flag %j as set', (set) => {
    expect(operation({ recallMsgInfo: { isDelete: set, isAdmin: set, extra: 'why' } })).toMatchObject({
      isDelete: true,
      isAdmin: true,
      extra: 'why',
    })
  })

  it.each([0, '0', false, 'false', '', null, undefined])('reads the flag %j as not set', (set) => {
    expect(operation({ recallMsgInfo: { isDelete: set, isAdmin: set } })).toMatchObject({
      isDelete: false,
      isAdmin: false,
    })
  })

  it('deletes a message, or all up to a time', () => {
    expect(operation({ eventType: 2, deleteMsgInfo: { deleteType: 1, msgTimestamp: 0 } })).toMatchObject({
      eventType: 'delete',
      deleteType: 'message',
      deleteUpToMs: null,
      messageId: RECALL.originalMsgInfo.messageId,
    })
    const upToTime = { eventType: '2', deleteMsgInfo: { deleteType: '2', msgTimestamp: '1734595222404' } }
    expect(operation({ ...upToTime, originalMsgInfo: { messageId: '', messageTime: 0 } })).toMatchObject({
      eventType: 'delete',
      deleteType: 'time',
      deleteUpToMs: 1734595222404,
      messageId: null,
      messageTimeMs: null,
    })
  })

  it('is of a message when it does not say of what it is', () => {
    expect(operation({ eventType: 2 })?.deleteType).toBe('message')
    expect(operation({ eventType: 2, deleteMsgInfo: { deleteType: 0 } })?.deleteType).toBe('message')
  })

  it('gives the kind of conversation as it was given, and the channel', () => {
    const conversationInfo = { conversationType: 'ULTRAGROUP', targetId: 7, busChannel: 'RCDefault' }
    expect(operation({ conversationInfo })).toMatchObject({ ...conversationInfo, targetId: '7' })
    expect(operation({ conversationInfo: JSON.stringify(conversationInfo) })).toMatchObject({
      conversationType: 'ULTRAGROUP',
    })
  })

  it('is read from a form whose members are JSON text', () => {
    const form = new URLSearchParams(
      Object.entries(RECALL).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    )
    expect(readMessageOperation(form.toString())).toEqual(operation())
  })

  it.each([
    { eventType: 3 },
    { eventType: null },
    { fromUserId: '' },
    { optTime: 'now' },
    { conversationInfo: null },
    { conversationInfo: { conversationType: 3 } },
    { conversationInfo: { conversationType: {}, targetId: 'g1' } },
    { originalMsgInfo: null },
    { originalMsgInfo: {} },
    { eventType: 2, originalMsgInfo: {} },
    { eventType: 2, deleteMsgInfo: { deleteType: 2 } },
    { eventType: 2, deleteMsgInfo: { deleteType: 3 } },
    { recallMsgInfo: { isDelete: 'perhaps' } },
  ])('is none with %j', (changes) => {
    expect(operation(changes)).toBeNull()
    const [event] = eventsOf('message-operations', JSON.stringify({ ...RECALL, ...changes }))
    expect(event?.problem).not.toBeNull()
  })
})

describe('an audit result', () => {
  const result = (changes: Record<string, unknown> = {}) =>
    readAuditResult(JSON.stringify({ ...ELEMENTS['audit-results'], ...changes }))

  it('is read from the sample, with the message that was judged', () => {
    expect(readAuditResult(sampleBody('audit-result-rejected-header-signature'))).toEqual({
      msgUID: '6A1F-Q2PK-8CF0-01C5',
      passed: false,
      serviceProvider: 'shumei',
      resultDetail: '{"riskLevel":"REJECT","riskType":300}',
      message: {
        appKey: 'uwd1c0sxdlx2',
        fromUserId: 'u1005',
        targetId: 'grp-ops',
        conversationType: 'GROUP',
        objectName: 'RC:TxtMsg',
        message: '{"content":"违规内容示例"}',
        messageTimeMs: 1734595245001,
      },
    })
  })

  it.each([10000, '10000'])('passes with %j', (code) => {
    expect(result({ result: code })?.passed).toBe(true)
  })

  it('may have its message as an object', () => {
    const content = JSON.parse(ELEMENTS['audit-results'].content) as unknown
    expect(result({ content })).toEqual(result())
  })

  it.each([undefined, null, '', 'text', '{}', '[]', 7])(
    'counts without a message that can be read: %j',
    (content) => {
      expect(result({ content })).toMatchObject({ passed: false, message: null })
    },
  )

  it.each([{ result: 1 }, { result: undefined }, { msgUID: '' }, { msgUID: null }])(
    'is none with %j',
    (changes) => {
      expect(result(changes)).toBeNull()
    },
  )
})

describe('an event of a bot', () => {
  it('is read from the sample', () => {
    expect(readBotEvent(sampleBody('bot-private-message'))).toEqual({
      type: 'message:private',
      atMs: 1734595247900,
      botUserId: 'bot_ai',
      data: {
        fromUserId: 'u1001',
        toUserId: 'bot_ai',
        objectName: 'RC:TxtMsg',
        content: '{"content":"总结一下今天的群消息"}',
        channelType: 'PERSON',
      },
    })
  })

  it('may have no data, and has large numbers as text', () => {
    const event = { ...ELEMENTS.bots, type: 'group:dismiss', data: undefined }
    expect(readBotEvent(JSON.stringify(event))).toMatchObject({ type: 'group:dismiss', data: {} })
    const body = JSON.stringify({ ...event, data: { id: 1 } }).replace('"id":1', '"id":12345678901234567890')
    expect(readBotEvent(body)?.data).toEqual({ id: '12345678901234567890' })
  })

  it.each([{ type: '' }, { timestamp: 'now' }, { bot: {} }, { bot: null }, { data: [] }])(
    'is none with %j',
    (changes) => {
      expect(readBotEvent(JSON.stringify({ ...ELEMENTS.bots, ...changes }))).toBeNull()
    },
  )
})

describe('an online status', () => {
  const status = (changes: Record<string, unknown> = {}) =>
    readOnlineStatus(JSON.stringify({ ...ELEMENTS['online-status'], ...changes }))

  it('is read from each element of the sample', () => {
    const events = eventsOf('online-status', sampleBody('online-status-two-users'))
    expect(events.map(({ body }) => readOnlineStatus(body))).toEqual([
      {
        userId: 'u1001',
        sessionId: 's-aa1',
        status: 'online',
        os: 'iOS',
        atMs: 1734595240900,
        clientIp: '203.0.113.7:51234',
      },
      {
        userId: 'u1002',
        sessionId: 's-bb7',
        status: 'offline',
        os: 'Websocket',
        atMs: 1734595240950,
        clientIp: '198.51.100.9:443',
      },
    ])
  })

  it('knows logging out, and who is meant in either spelling', () => {
    expect(status({ status: 2, userid: undefined, userId: 7 })).toMatchObject({
      status: 'logout',
      userId: '7',
    })
    expect(status({ os: undefined, clientIp: null, sessionId: '' })).toMatchObject({
      os: null,
      clientIp: null,
      sessionId: null,
    })
  })

  it.each([{ status: '3' }, { userid: '' }, { time: 1 }])('is none with %j', (changes) => {
    expect(status(changes)).toBeNull()
  })
})

describe('the naming of a group', () => {
  const naming = (changes: Record<string, unknown> = {}) =>
    readGroupNaming(JSON.stringify({ ...ELEMENTS['group-info'], ...changes }))

  it('says what the group is called since when', () => {
    expect(naming()).toEqual({ groupId: 'g1', name: 'Group', atMs: 1734595245003 })
    expect(
      naming({ groupName: undefined, groupname: '老顾客福利群', groupId: 7, time: '1734595245' }),
    ).toEqual({
      groupId: '7',
      name: '老顾客福利群',
      atMs: 1734595245000,
    })
    const joined = { ...ELEMENTS['group-operations'], groupName: 'Group' }
    expect(readGroupNaming(JSON.stringify(joined))).toMatchObject({ groupId: 'g1', name: 'Group' })
  })

  it.each([{ groupName: '' }, { groupName: ' ' }, { groupName: null }, { groupId: '' }, { time: 'now' }])(
    'is none with %j',
    (changes) => {
      expect(naming(changes)).toBeNull()
    },
  )
})

describe('a body that is not one element', () => {
  const readers = [readAuditResult, readBotEvent, readGroupNaming, readMessageOperation, readOnlineStatus]

  it.each(['', 'x', '{', '[]', '5', '"{}"', `[${JSON.stringify(RECALL)},${JSON.stringify(RECALL)}]`])(
    'is none of any kind: %s',
    (body) => {
      expect(readers.map((read) => read(body))).toEqual([null, null, null, null, null])
    },
  )
})

describe('the app key in a body', () => {
  it.each([
    ['form', 'a=1&appKey=key1&x=%'],
    ['JSON', '{"appKey":"key1"}'],
    ['list', '[{"appKey":"key1"},{"appKey":"key2"}]'],
    ['other case', '{"appkey":"key1"}'],
  ])('of a pre-message callback is found: %s', (_shape, body) => {
    expect(bodyAppKeyOf('pre-messages', bytesOf(body))).toBe('key1')
  })

  it.each(['', 'x', 'appKey=', '{"appKey":7}', '{"appKey":null}', '[]', '[1]', '{', '\xFF'])(
    'is not found in %j',
    (body) => {
      expect(bodyAppKeyOf('pre-messages', bytesOf(body))).toBeUndefined()
    },
  )

  const namesApp = (kind: string) => kind === 'pre-messages' || kind.startsWith('rtc-')

  it.each(EVENT_KINDS.filter(namesApp))('of %s is found', (kind) => {
    expect(bodyAppKeyOf(kind, bytesOf('{"appKey":"key1"}'))).toBe('key1')
    expect(bodyAppKeyOf(kind, bytesOf('{"app_key":"key1"}'))).toBe('key1')
  })

  it.each(EVENT_KINDS.filter((kind) => !namesApp(kind)))('is not believed of %s', (kind) => {
    expect(bodyAppKeyOf(kind, bytesOf('{"appKey":"key1"}'))).toBeUndefined()
  })
})

describe('the answer', () => {
  it('lets a message pass that is about to be sent', () => {
    expect(answerOf('pre-messages')).toEqual({ body: '{"pass":1}', contentType: 'application/json' })
  })

  it.each(EVENT_KINDS.filter((kind) => kind !== 'pre-messages'))('to %s is ok', (kind) => {
    expect(answerOf(kind)).toEqual({ body: 'ok', contentType: 'text/plain' })
  })
})
