import { describe, expect, it } from 'vitest'
import { findContentProblem, findMessageType } from '../../src/rongcloud/message-types/index.ts'
import exampleLines from '../fixtures/content-examples.ndjson?raw'

type Example = { objectName: string; content: Record<string, unknown> }

// Protocol section 5.9.
const examples = exampleLines
  .trim()
  .split('\n')
  .map((line): Example => JSON.parse(line))

const problemOf = (objectName: string, content: unknown) =>
  findContentProblem(objectName, JSON.stringify(content))

const exampleOf = (objectName: string, changes: Record<string, unknown> = {}) => ({
  ...examples.find((example) => example.objectName === objectName)?.content,
  ...changes,
})

describe('content as the protocol shows it', () => {
  it.each(examples)('fits $objectName', ({ objectName, content }) => {
    expect(problemOf(objectName, content)).toBeNull()
  })

  it.each(examples)('fits $objectName with members nobody knows', ({ objectName, content }) => {
    expect(problemOf(objectName, { ...content, tomorrow: { is: ['new'] } })).toBeNull()
  })
})

const REQUIRED: Record<string, string> = {
  'RC:TxtMsg': 'content',
  'RC:ImgMsg': 'content imageUri',
  'RC:GIFMsg': 'gifDataSize remoteUrl width height',
  'RC:VcMsg': 'content duration',
  'RC:HQVCMsg': 'remoteUrl duration',
  'RC:ImgTextMsg': 'title content imageUri url',
  'RC:LBSMsg': 'latitude longitude poi',
  'RC:FileMsg': 'size fileUrl',
  'RC:SightMsg': 'sightUrl content duration',
  'RC:CombineMsg': 'remoteUrl conversationType nameList summaryList',
  'RC:CombineV2Msg': 'conversationType summaryList nameList msgNum',
  'RC:ReferenceMsg': 'content referMsgUserId referMsg',
  'RC:StreamMsg': 'content',
  'RC:InfoNtf': 'message',
  'RC:ContactNtf': 'operation sourceUserId targetUserId message',
  'RC:ProfileNtf': 'operation data',
  'RC:CmdNtf': 'name data',
  'RC:GrpNtf': 'operatorUserId operation',
  'RC:CmdMsg': 'name data',
  'RC:RcCmd': 'messageUId conversationType targetId sentTime',
  'RC:MsgExMsg': 'mid',
  'RC:ReadNtf': 'lastMessageSendTime',
  'RC:RRReqMsg': 'messageUId',
  'RC:RRRspMsg': 'receiptMessageDic',
  'RC:SRSMsg': 'lastMessageSendTime',
  'RC:TypSts': 'typingContentType',
  'RC:chrmKVNotiMsg': 'type key',
  'RC:IWNormalMsg': 'msgType msgFields',
  'RC:IWStorageMsg': 'msgType msgFields',
  'RC:IWCmdMsg': 'msgType msgFields',
  'RC:IWStatusMsg': 'msgType msgFields',
}

const required = Object.entries(REQUIRED).flatMap(([objectName, members]) =>
  members.split(' ').map((member) => ({ objectName, member })),
)

describe('a problem', () => {
  it.each(required)('names $member when $objectName lacks it', ({ objectName, member }) => {
    expect(problemOf(objectName, exampleOf(objectName, { [member]: undefined }))).toContain(
      `content.${member}: `,
    )
  })

  it.each(required)('names $member when $objectName has null there', ({ objectName, member }) => {
    expect(problemOf(objectName, exampleOf(objectName, { [member]: null }))).toContain(`content.${member}: `)
  })

  it.each(required)('names only required members, as $member of $objectName', ({ objectName, member }) => {
    const named = problemOf(objectName, {})?.match(/content\.\w+(?=: )/g)
    expect(named).toContain(`content.${member}`)
    expect(named).toHaveLength(REQUIRED[objectName]?.split(' ').length ?? 0)
  })

  it('says where a nested member is wrong', () => {
    const content = { content: 'hi', mentionedInfo: { userIdList: ['u1', 2] }, user: { name: [] } }
    expect(problemOf('RC:TxtMsg', content)).toBe(
      'content.user.name: Invalid input: expected string, received array; ' +
        'content.mentionedInfo.userIdList: expected a list of strings',
    )
  })

  it('is at most 500 characters long', () => {
    const content = { articles: Array.from({ length: 10_000 }, () => ({ title: 1 })) }
    expect(problemOf('RC:PSImgTxtMsg', content)).toHaveLength(500)
  })

  it('never quotes the content', () => {
    expect(problemOf('RC:TxtMsg', { content: 7, extra: ['secret'], user: 'secret' })).not.toContain('secret')
  })

  it.each([
    ['', 'content is empty'],
    ['hello', 'content is not JSON'],
    ['{"content":', 'content is not JSON'],
    [' ', 'content is not JSON'],
    ['null', 'content is not a JSON object'],
    ['"hello"', 'content is not a JSON object'],
    ['[{"content":"hi"}]', 'content is not a JSON object'],
  ])('of content %j is: %s', (content, problem) => {
    expect(findContentProblem('RC:TxtMsg', content)).toBe(problem)
    expect(findContentProblem('RC:HsMsg', content)).toBe(problem)
    expect(findContentProblem('RC:VSTMsg', content)).toBe(problem)
  })

  it('is an RC name nobody knows', () => {
    expect(findContentProblem('RC:Foo', '{}')).toBe('unknown object name RC:Foo')
    expect(findContentProblem('RC:Foo', '')).toBe('unknown object name RC:Foo')
  })

  it.each(['', 'ORD|1', '{', '[]', '{}'])('is never found in a type of the app’s own: %j', (content) => {
    expect(findContentProblem('app:Order', content)).toBeNull()
    expect(findContentProblem('ST:GrpNtf', content)).toBeNull()
  })

  it.each(['RC:VSTMsg', 'RC:RLStart', 'RC:UIUMsg', 'RC:InterceptMsg', 'RC:CsLm', 'RC:CsLM', 'RCJrmf:RpMsg'])(
    'is not found in any object of %s, whose members are unknown',
    (objectName) => {
      expect(problemOf(objectName, {})).toBeNull()
      expect(problemOf(objectName, { whatever: [1, null] })).toBeNull()
    },
  )
})

describe('content that sources disagree about', () => {
  it.each([
    ['RC:FileMsg', { size: 18204 }],
    ['RC:FileMsg', { size: '18204' }],
    ['RC:FileMsg', { type: undefined, fileType: 'xlsx' }],
    ['RC:SightMsg', { size: '734003', duration: '9' }],
    ['RC:VcMsg', { duration: '3' }],
    ['RC:HQVCMsg', { duration: 6.5 }],
    ['RC:ReferenceMsg', { referMsg: '{"content":"orig"}' }],
    ['RC:CombineV2Msg', { msgList: [{ objectName: 'RC:TxtMsg', content: '{"content":"hi"}' }] }],
    ['RC:CombineV2Msg', { msgList: undefined, remoteUrl: 'https://x/list' }],
    ['RC:GrpNtf', { data: { targetGroupName: '新群名' } }],
    ['RC:PSImgTxtMsg', { articles: undefined, richContentMessage: { title: 't' } }],
    ['RC:PSImgTxtMsg', { articles: undefined, richContentMessage: [{ title: 't' }] }],
    ['RC:PSMultiImgTxtMsg', { richContentMessages: [{ title: 't' }, { title: 'u' }] }],
    ['RC:TxtMsg', { extra: { taskId: 7 }, user: { id: 'u1', extra: {} } }],
    [
      'RC:TxtMsg',
      { extra: null, user: null, mentionedInfo: null, burnDuration: null, audit: null, sttInfo: null },
    ],
    ['RC:TxtMsg', { user: { portraitUri: 'https://x/1.png', name: null }, mentionedInfo: { type: 1 } }],
    ['RC:ImgMsg', { thumWidth: null, localPath: null, extra: undefined }],
    ['RC:HsMsg', { anything: 1 }],
    ['RC:CallAISummary', { taskId: 7, startTime: '1734595200123' }],
    // Sizes, durations, times and flags, as Number or String.
    ['RC:GIFMsg', { gifDataSize: '34563', width: '480', height: 270.5 }],
    ['RC:ImgMsg', { thumWidth: '240', thumHeight: '135' }],
    ['RC:HQVCMsg', { duration: '7', sampleRate: '16000' }],
    ['RC:LBSMsg', { latitude: '39.9139', longitude: '-116.3917' }],
    ['RC:VCSummary', { startTime: '1734595200123', duration: '61000', mediaType: '1' }],
    ['RC:CombineV2Msg', { conversationType: '3', msgNum: '1' }],
    ['RC:TxtMsg', { burnDuration: '30', mentionedInfo: { type: '1' }, user: { userType: '0' } }],
    ['RC:ReadNtf', { lastMessageSendTime: '1734595200123' }],
    ['RC:ReadNtf', { lastMessageSendTime: 1734595200 }],
    ['RC:SRSMsg', { lastMessageSendTime: '1734595200' }],
    ['RC:CsEva', { isresolve: 1 }],
    ['RC:RcNtf', { admin: 0, delete: '1', recallTime: '1734595200123' }],
    // PHP writes an empty object as an empty list.
    ['RC:TxtMsg', { user: [], mentionedInfo: [], extra: [], audit: [], translateInfo: [] }],
    ['RC:VcMsg', { sttInfo: [], user: [] }],
    ['RC:RcNtf', { user: [] }],
    ['RC:GrpNtf', { data: [] }],
    ['RC:ReferenceMsg', { referMsg: [] }],
    ['RC:MsgExMsg', { put: [] }],
    ['RC:RRRspMsg', { receiptMessageDic: [] }],
    ['RC:VCInvite', { channelInfo: [] }],
    ['RC:IWNormalMsg', { msgFields: [], user: [] }],
  ])('fits %s with %j', (objectName, changes) => {
    expect(problemOf(objectName, exampleOf(objectName, changes))).toBeNull()
  })

  it.each([
    ['RC:FileMsg', { size: '18 KB' }, 'content.size: expected a number or a numeric string'],
    ['RC:TxtMsg', { user: ['u1'] }, 'content.user: Invalid input: expected object, received array'],
    ['RC:IWNormalMsg', { msgFields: { count: 3 } }, 'content.msgFields: expected an object of strings'],
    ['RC:IWNormalMsg', { msgFields: '{"count":"3"}' }, 'content.msgFields: expected an object of strings'],
    ['RC:IWNormalMsg', { msgFields: ['x'] }, 'content.msgFields: expected an object of strings'],
    [
      'RC:ReadNtf',
      { lastMessageSendTime: 'now' },
      'content.lastMessageSendTime: expected a number or a numeric string',
    ],
    ['RC:LBSMsg', { latitude: '39.9N' }, 'content.latitude: expected a number or a numeric string'],
    ['RC:FileMsg', { size: '' }, 'content.size: expected a number or a numeric string'],
    ['RC:TxtMsg', { extra: 7 }, 'content.extra: expected a string or an object'],
    ['RC:GrpNtf', { data: ['x'] }, 'content.data: expected a string or an object'],
    ['RC:CombineMsg', { summaryList: 'A: hi' }, 'content.summaryList: expected a list of strings'],
    ['RC:RcCmd', { isDelete: 'perhaps' }, 'content.isDelete: expected true, false, 0 or 1'],
    ['RC:RcCmd', { sentTime: 'now' }, 'content.sentTime: expected a whole number'],
  ])('is still judged: %s with %j', (objectName, changes, problem) => {
    expect(problemOf(objectName, exampleOf(objectName, changes))).toBe(problem)
  })
})

// Protocol section 15.3, member by member.
describe('content without what official senders leave out', () => {
  const without = (objectName: string, ...members: readonly string[]) =>
    exampleOf(objectName, Object.fromEntries(members.map((member) => [member, undefined])))

  it.each([
    ['RC:ReferenceMsg', ['referMsgUid', 'objName']],
    ['RC:FileMsg', ['type']],
    ['RC:FileMsg', ['name']],
    ['RC:GIFMsg', ['name']],
    ['RC:SightMsg', ['name', 'size']],
    ['RC:GrpNtf', ['data', 'message']],
    ['RC:LBSMsg', ['content']],
  ])('fits %s without %j, and with null there', (objectName, members) => {
    expect(problemOf(objectName, without(objectName, ...members))).toBeNull()
    const nulls = Object.fromEntries(members.map((member) => [member, null]))
    expect(problemOf(objectName, exampleOf(objectName, nulls))).toBeNull()
  })

  it('fits RC:RcNtf whose members have a leading m', () => {
    const notice = { mOperatorId: 'u1', mRecallTime: 1734595200123, mOriginalObjectName: 'RC:TxtMsg' }
    expect(problemOf('RC:RcNtf', { ...notice, mAdmin: false, mDelete: false, user: [] })).toBeNull()
  })
})

const read = (content: unknown) => findMessageType('RC:RcCmd')?.schema.parse(content)

describe('a recall command', () => {
  const recall = {
    messageUId: '5FGT-7VA9-G4DD-4V5P',
    conversationType: 3,
    targetId: 'g1',
    sentTime: 1734595200123,
  }

  it('is read in the capitals of the documents', () => {
    const {
      messageUId: MessageUId,
      conversationType: ConversationType,
      targetId: TargetId,
      sentTime: SentTime,
    } = recall
    expect(read({ MessageUId, ConversationType, TargetId, SentTime })).toMatchObject(recall)
  })

  it('is read in the spelling of the broadcast template', () => {
    const { messageUId: uId, ...rest } = recall
    expect(read({ ...rest, uId, conversationType: '6' })).toMatchObject({ ...recall, conversationType: 6 })
  })

  it('gives numbers and flags whichever way they are written', () => {
    const written = {
      sentTime: '1734595200123',
      conversationType: '3',
      isAdmin: 1,
      isDelete: '0',
      targetId: 42,
    }
    const meant = {
      sentTime: 1734595200123,
      conversationType: 3,
      isAdmin: true,
      isDelete: false,
      targetId: '42',
    }
    expect(read({ ...recall, ...written })).toMatchObject(meant)
    expect(read({ ...recall, isAdmin: 'true', isDelete: false })).toMatchObject({
      isAdmin: true,
      isDelete: false,
    })
  })

  it('believes the right spelling when a member is there twice', () => {
    expect(read({ ...recall, MessageUId: 'other', uId: 'another' })).toMatchObject(recall)
  })

  it('is not made of what hides behind a prototype', () => {
    expect(findContentProblem('RC:RcCmd', `{"__proto__":${JSON.stringify(recall)}}`)).toContain(
      'content.messageUId: ',
    )
  })
})
