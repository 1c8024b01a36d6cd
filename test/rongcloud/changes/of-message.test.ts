import { describe, expect, it } from 'vitest'
import { changesOfMessage } from '../../../src/rongcloud/changes/index.ts'
import type { Message } from '../../../src/domain/message.ts'
import { aMessage, conversation, opened } from './messages.ts'

const changesBy = (objectName: string, content: unknown, changes: Partial<Message> = {}) =>
  opened(changesOfMessage({ ...aMessage({ objectName, content }), ...changes }))

const PERSON = { channelType: 'PERSON', fromUserId: 'bob', targetId: 'alice' }
const inGroup = {
  appKey: 'app',
  upToMs: null,
  conversation: conversation('GROUP', '', 'g1'),
  byUserId: 'alice',
  atMs: 1734595222404,
}

describe('an ordinary message', () => {
  it.each(['RC:TxtMsg', 'RC:SRSMsg', 'app:Order', 'RC:FutureMsg', '__proto__', ''])(
    'of type %j changes nothing, whatever it speaks of',
    (objectName) => {
      expect(changesBy(objectName, { messageUId: 'M1', mid: 'M1', originalMsgUID: 'M1' })).toEqual([])
      expect(changesBy(objectName, '', { fields: '{"aiGenerated":"true"}' })).toEqual([])
    },
  )
})

describe('a message that names an original', () => {
  const fields = '{"aiGenerated":"true","originalMsgUID":"M1"}'

  it.each(['RC:TxtMsg', 'app:Order', 'RC:FutureMsg'])('is its next version, as %s', (objectName) => {
    const ultra = { fields, channelType: 'ULTRAGROUP', targetId: 'ug', busChannel: 'dev' }
    expect(changesBy(objectName, 'new words', ultra)).toEqual([
      {
        ...inGroup,
        kind: 'edit',
        msgUID: 'M1',
        conversation: conversation('ULTRAGROUP', '', 'ug', 'dev'),
        data: { msgUID: 'OWN', objectName, content: 'new words' },
        identity: '["edit","M1",["ULTRAGROUP","","ug","dev"],"alice","OWN"]',
      },
    ])
  })

  it('names the first where it names several', () => {
    const several = { fields: '{"originalMsgUID":["M1","M2"]}' }
    expect(changesBy('RC:TxtMsg', 'x', several)).toMatchObject([{ msgUID: 'M1' }])
  })

  it.each(['{"originalMsgUID":""}', '{"originalMsgUID":[]}', '{"originalMsgUID":1}', '{"originalMsgUID"'])(
    'names none by %s',
    (named) => {
      expect(changesBy('RC:TxtMsg', 'x', { fields: named })).toEqual([])
    },
  )

  it('does what its content says where it is a signal, and is no version', () => {
    expect(changesBy('RC:MsgExMsg', { mid: 'M1', put: { a: '1' } }, { fields })).toMatchObject([
      { kind: 'expansion' },
    ])
    expect(changesBy('RC:RcCmd', { messageUId: 'M1' }, { fields })).toMatchObject([{ kind: 'recall' }])
    expect(changesBy('RC:MsgExMsg', '{}', { fields })).toEqual([])
  })
})

describe('a message that names an original and is no edit', () => {
  const fields = '{"originalMsgUID":"M1"}'

  it.each(['RC:CmdMsg', 'RC:TypSts', 'RC:ReadNtf', 'RC:chrmKVNotiMsg'])('is none as %s', (objectName) => {
    expect(changesBy(objectName, {}, { fields })).toEqual([])
  })

  it('recalls it as the command or the notice of a recall', () => {
    const data = { isAdmin: false, isDelete: false }
    expect(changesBy('RC:RcCmd', {}, { fields })).toMatchObject([{ kind: 'recall', msgUID: 'M1', data }])
    const notice = { operatorId: 'carl', admin: true }
    expect(changesBy('RC:RcNtf', notice, { fields })).toMatchObject([
      { kind: 'recall', msgUID: 'M1', byUserId: 'carl', data: { isAdmin: true, isDelete: false } },
    ])
    expect(changesBy('RC:RcNtf', notice)).toEqual([])
    const prefixed = { mOperatorId: 'carl', mAdmin: 1, mDelete: '0' }
    expect(changesBy('RC:RcNtf', prefixed, { fields })).toEqual(changesBy('RC:RcNtf', notice, { fields }))
  })

  it('changes its expansion where the command names no message itself', () => {
    expect(changesBy('RC:MsgExMsg', { put: { a: '1' } }, { fields })).toMatchObject([
      { kind: 'expansion', msgUID: 'M1' },
    ])
  })
})

describe('a packet of a streamed text', () => {
  it.each(['messageUID', 'messageUId'])('is one of the message that it names as %s', (name) => {
    const content = JSON.stringify({ content: 'more', seq: 2, [name]: 'M1' })
    expect(changesBy('RC:StreamMsg', content)).toMatchObject([
      { kind: 'packet', msgUID: 'M1', data: { content, msgUID: 'OWN' } },
    ])
  })

  it.each([{ content: 'x' }, { messageUID: 'OWN' }, { messageUID: '' }, { referMsg: { messageUId: 'M1' } }])(
    'is the message itself where it names none: %j',
    (content) => {
      expect(changesBy('RC:StreamMsg', content)).toEqual([])
    },
  )
})

describe('an expansion', () => {
  it('puts, deletes and clears', () => {
    expect(changesBy('RC:MsgExMsg', { mid: 'M1', put: { like: '3' }, del: ['x'], clear: 1 })).toEqual([
      {
        ...inGroup,
        kind: 'expansion',
        msgUID: 'M1',
        data: { msgUID: 'OWN', put: { like: '3' }, del: ['x'], clear: true },
        identity: '["expansion","M1",["GROUP","","g1",""],"alice","OWN"]',
      },
    ])
  })

  it('is made of texts', () => {
    const put = { a: 1, b: true, c: null, d: {}, e: '' }
    expect(changesBy('RC:MsgExMsg', { mid: 'M1', put, del: ['x', 1, null], clear: '0' })).toMatchObject([
      { data: { put: { a: '1', b: 'true', e: '' }, del: ['x'], clear: false } },
    ])
  })

  it.each([
    '',
    'null',
    '{"put":{"a":"1"}}',
    '{"mid":"","put":{"a":"1"}}',
    '{"mid":"M1"}',
    '{"mid":"M1","put":{},"del":[],"clear":0}',
    '{"mid":"M1","put":["a"],"del":{"a":1}}',
  ])('is none where nothing is named: %s', (content) => {
    expect(changesBy('RC:MsgExMsg', content)).toEqual([])
  })
})

describe('a read receipt', () => {
  const read = { lastMessageSendTime: 1734595201456, messageUId: 'M1', type: 1 }

  it.each([1734595201456, '1734595201456'])('is about all that was sent up to %j', (lastMessageSendTime) => {
    expect(changesBy('RC:ReadNtf', { ...read, lastMessageSendTime }, PERSON)).toEqual([
      {
        ...inGroup,
        kind: 'read',
        msgUID: null,
        upToMs: 1734595201456,
        conversation: conversation('PERSON', 'alice', 'bob'),
        byUserId: 'bob',
        data: null,
        identity: '["read",1734595201456,["PERSON","alice","bob",""],"bob",1734595222404]',
      },
    ])
  })

  it.each([1734595201, '1734595201'])('may be in seconds: %j', (lastMessageSendTime) => {
    expect(changesBy('RC:ReadNtf', { ...read, lastMessageSendTime }, PERSON)).toMatchObject([
      { kind: 'read', upToMs: 1734595201000 },
    ])
  })

  it('is about nothing that was sent after it', () => {
    expect(changesBy('RC:ReadNtf', { lastMessageSendTime: 1934595201456 }, PERSON)).toMatchObject([
      { upToMs: 1734595222404 },
    ])
  })

  it.each([undefined, null, 0, -1, 1.5, 17345952014, '173459520145', 1e300, 'soon', '1e9', '', {}])(
    'with the time %j is none',
    (time) => {
      expect(changesBy('RC:ReadNtf', { ...read, lastMessageSendTime: time }, PERSON)).toEqual([])
    },
  )

  it('is for conversations of two', () => {
    expect(changesBy('RC:ReadNtf', read)).toEqual([])
  })
})

describe('receipts of a group', () => {
  it.each(['messageUId', 'messageUID', 'MessageUId', 'msgUID'])('are asked for by %s', (name) => {
    expect(changesBy('RC:RRReqMsg', { [name]: 'M1' })).toEqual([
      {
        ...inGroup,
        kind: 'receipt_request',
        msgUID: 'M1',
        data: null,
        identity: '["receipt_request","M1",["GROUP","","g1",""],"alice"]',
      },
    ])
  })

  it('are given by the sender of the answer for every message it lists, once', () => {
    const receiptMessageDic = { bob: ['M1', 'M2', 'M1'], carl: ['M3'], dora: [] }
    const changes = changesBy('RC:RRRspMsg', { receiptMessageDic })
    expect(changes.map(({ msgUID }) => msgUID)).toEqual(['M1', 'M2', 'M3'])
    expect(changes[0]).toEqual({
      ...inGroup,
      kind: 'receipt',
      msgUID: 'M1',
      data: null,
      identity: '["receipt","M1",["GROUP","","g1",""],"alice",1734595222404]',
    })
  })

  it('are given for what can be read of the list', () => {
    const receiptMessageDic = { bob: ['M1', 2, null, '', ['M9']], carl: 'M3', dora: { 0: 'M4' } }
    expect(changesBy('RC:RRRspMsg', { receiptMessageDic })).toMatchObject([{ msgUID: 'M1' }])
  })

  it.each(['', '[]', '{}', '{"receiptMessageDic":[["M1"]]}', '{"messageUId":""}', '{"messageUId":7}'])(
    'are neither asked for nor given by %s',
    (content) => {
      expect(changesBy('RC:RRReqMsg', content)).toEqual([])
      expect(changesBy('RC:RRRspMsg', content)).toEqual([])
    },
  )
})
