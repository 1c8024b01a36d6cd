import { describe, expect, it } from 'vitest'
import type { Html } from '../../../src/http/console/html.ts'
import { renderContent, shapeOfType } from '../../../src/http/console/messages/content.ts'
import { saidIn } from '../../../src/http/console/said.ts'
import { typeName } from '../../../src/http/console/words.ts'
import { exampleOf, examples } from './examples.ts'
import { addressesIn, chinese, elementsIn, english, expectHarmless, wordsIn } from './page.ts'

const JPEG = '/9j/4AAQSkZJRgABAQAAAQABAAD/'

function render(objectName: string, content: unknown, view = english): Html {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return renderContent({ id: 7, objectName, content: text, sender: 'u1' }, view)
}

const example = (objectName: string, changes?: Record<string, unknown>) =>
  render(objectName, exampleOf(objectName, changes))

// What an operator reads of the examples of protocol §5.9.
const READ: Record<string, string> = {
  'RC:TxtMsg': '你好 👋 Mentions u2, u3',
  'RC:ImgMsg': 'no preview Open the original rongcloud-image.example.com',
  'RC:GIFMsg': 'GIF 33.8 KB 480 × 270 Open the original f.example.com',
  'RC:VcMsg': 'Voice 3 s',
  'RC:HQVCMsg': 'HQ voice 7 s Listen f.example.com',
  'RC:ImgTextMsg': 'Title Summary Open the page x Open the picture x',
  'RC:LBSMsg': 'no preview 北京市东城区 39.9139, 116.3917 Amap OpenStreetMap',
  'RC:FileMsg': '报价.xlsx File xlsx 17.8 KB Open the file f.example.com',
  'RC:SightMsg': 'no preview Short video 9 s 716.8 KB v.mp4 Open the video f.example.com',
  'RC:CombineMsg':
    'Forwarded messages: 2 Forwarded from A, B A: hi B: [图片] Open the forwarded messages f.example.com',
  'RC:CombineV2Msg': 'Forwarded messages: 1 Forwarded from A u1 2024-12-19 16:00:00 hi',
  'RC:ReferenceMsg': 'Quoting u1 orig re',
  'RC:StreamMsg': 'partial… written as markdown Incomplete: not all of it has come',
  'RC:PSImgTxtMsg': 't d Open the page x Open the picture x',
  'RC:PSMultiImgTxtMsg': 't d Open the page x Open the picture x second d Open the page x Open the picture x',
  'RC:StkMsg': '开心 Sticker s7 of package p1',
  'RC:CardMsg': 'Contact 王五 u9 Shared by 小融 Open the picture x',
  'RC:InfoNtf': '你已添加了对方为好友',
  'RC:ContactNtf': 'u1 asks u2 to become a contact 加个好友',
  'RC:ProfileNtf': 'Profile of u1 changed (Update) Content of Profile notice { "name": "新昵称" }',
  'RC:CmdNtf': 'Command notice AtPerson Content of Command notice { "sourceId": "9527" }',
  'RC:GrpNtf': 'u1 renamed the group to 新群名 u1 renamed the group',
  'RC:DizNtf': 'u1 added u2,u3 to the discussion',
  'RC:RcNtf': 'u1 recalled a message (Text)',
  'RC:CmdMsg': 'Command refresh Content of Command { "page": 2 }',
  'RC:RcCmd': 'u1 recalls message 5FGT-7VA9-G4DD-4V5P',
  'RC:MsgExMsg': 'u1 sets on message 5FGT-7VA9-G4DD-4V5P: like = 3',
  'RC:ReadNtf': 'u1 has read everything up to 2024-12-19 16:00:00',
  'RC:SRSMsg': 'u1 has read everything up to 2024-12-19 16:00:00 on another device',
  'RC:RRReqMsg': 'u1 asks who has read message 5FGT-7VA9-G4DD-4V5P',
  'RC:RRRspMsg': 'u1 confirms having read 1 message of u1',
  'RC:TypSts': 'u1 is typing (Text)',
  'RC:chrmKVNotiMsg': 'Chat room entry seat_1 set to {"uid":"u9"}',
  'RC:PSCmd': 'u1 chose menu item m1',
  'RC:LogCmdMsg': 'RongCloud asks for logs of Android',
  'RC:HsMsg': 'Customer service begins',
  'RC:SpMsg': 'Customer service hangs up',
  'RC:CsHs': '访客 asks for customer service',
  'RC:CsHsR': 'Customer service answers: ok',
  'RC:CSCha': 'u1 asks for a human agent',
  'RC:CsCha': 'u1 asks for a human agent',
  'RC:CsChaR': 'Answer to the request for an agent: 1',
  'RC:CsEva': 'u1 rates the service 1: 很好 resolved',
  'RC:CsSp': 'u1 leaves customer service',
  'RC:CsEnd': 'Customer service ends: bye',
  'RC:CsUpdate': 'State of the service: 1',
  'RC:CsContact': 'Contact details of 访客',
  'RC:VCInvite': 'u1 invites u2: audio call',
  'RC:VCRinging': 'It rings at u1',
  'RC:VCAccept': 'u1 takes the audio call',
  'RC:VCHangup': 'u1 ends the call: hung up',
  'RC:VCModifyMedia': 'u1 switches to video',
  'RC:VCModifyMem': 'u1 changes who takes part: u3',
  'RC:VCSummary': 'audio call of u1, 1 min 1 s: hung up',
  'RC:RLStart':
    'Location sharing started I share my position Content of Location sharing started { "content": "I share my position" }',
  'RC:IWNormalMsg': 'shop:OrderCard Custom message order 20241219001 goods 云南小粒咖啡',
  'RC:IWStorageMsg': 'shop:Browsed Custom message, not counted goods 真丝围巾',
  'RC:IWCmdMsg': 'shop:Refresh Custom command page 2',
  'RC:IWStatusMsg': 'shop:Looking Custom status',
  'RC:CallAISummary': 'AI summary of the call of 2024-12-19 16:00:00 (task task-7)',
  'RCJrmf:RpMsg': 'Red packet Content of Red packet { "Bribery_ID": "7", "Bribery_Message": "恭喜发财" }',
}

describe('content', () => {
  it.each(examples)('of $objectName says what it is', ({ objectName, content }) => {
    const html = render(objectName, content)
    expectHarmless(html)
    expect(wordsIn(html)).toBe(READ[objectName] ?? typeName(english.words, objectName))
  })

  it.each(examples)('of $objectName says it in Chinese too', ({ objectName, content }) => {
    const html = render(objectName, content, chinese)
    expectHarmless(html)
    expect(wordsIn(html)).toMatch(/\p{Script=Han}|OpenStreetMap|^t d$/u)
    expect(wordsIn(html)).not.toMatch(/[{}]\w|undefined|null|object Object/)
  })

  it.each(['', 'not JSON', '[]', '7', 'null', '{"broken":', '{}', '{"content":{},"name":[],"operation":7}'])(
    'that is %j is folded or named, whatever its type claims',
    (content) => {
      for (const { objectName } of examples) {
        const html = render(objectName, content)
        expectHarmless(html)
        expect(wordsIn(html)).not.toBe('')
      }
    },
  )

  const needy = Object.keys(READ).filter(
    (objectName) =>
      !/RC:(TxtMsg|InfoNtf|Cs\w+|CSCha|HsMsg|SpMsg|RLStart|VCSummary)$|^RCJrmf/.test(objectName),
  )

  it.each(needy)('that lacks what makes it %s is shown as it came', (objectName) => {
    for (const content of ['not JSON', '["x"]', '{"tomorrow":"new"}', '{"content":7,"operation":["x"]}']) {
      const html = render(objectName, content)
      expect(elementsIn(html)).toContainEqual(
        expect.objectContaining({ name: 'details', attributes: { class: 'folded' } }),
      )
      const printed = elementsIn(html).find(({ name }) => name === 'pre')
      expect(printed?.text.replaceAll(/\s/g, '')).toBe(content.replaceAll(/\s/g, ''))
    }
  })

  it('that is plain text is text, where the REST API allows it', () => {
    for (const objectName of ['RC:TxtMsg', 'RC:InfoNtf'])
      for (const content of ['hello there', '42', '["a"]'])
        expect(wordsIn(render(objectName, content))).toBe(content)
  })

  it('of an app’s own type is printed as it came, big numbers, order and double keys too', () => {
    const order =
      '{"orderId":12345678901234567890, "amount":1.50, "tag":"a", "tag":"b, {c}", "none":[], "x":{ }}'
    const printed = elementsIn(render('shop:Order', order)).find(({ name }) => name === 'pre')
    expect(printed?.text.split('\n')).toEqual([
      '{',
      '  "orderId": 12345678901234567890,',
      '  "amount": 1.50,',
      '  "tag": "a",',
      '  "tag": "b, {c}",',
      '  "none": [],',
      '  "x": { }',
      '}',
    ])
    expect(wordsIn(render('shop:Logistics', 'SF1|运输中|50% off'))).toBe(
      'Content of shop:Logistics SF1|运输中|50% off',
    )
    expect(wordsIn(render('app:Poke', ''))).toBe('Empty content')
  })
})

describe('a picture', () => {
  const sources = (html: Html) =>
    elementsIn(html).flatMap(({ name, attributes }) => (name === 'img' ? [attributes.src] : []))

  it.each(['RC:ImgMsg', 'RC:SightMsg', 'RC:LBSMsg'])('in %s is shown when it is base64', (objectName) => {
    const html = example(objectName, { content: `${JPEG.slice(0, 8)}\r\n${JPEG.slice(8)}` })
    expect(sources(html)).toEqual([`data:image/jpeg;base64,${JPEG}`])
    expectHarmless(html)
  })

  it.each([
    'AAAAA',
    'https://evil.example/x.jpg',
    'data:image/svg+xml;base64,AAAA',
    'AA" onerror="x',
    'A_-A',
    '====',
  ])('is not made of %j', (content) => {
    expect(sources(example('RC:ImgMsg', { content }))).toEqual([])
  })

  it('elsewhere is behind a link', () => {
    expect(addressesIn(example('RC:ImgMsg'))).toEqual(['https://rongcloud-image.example.com/a.jpg'])
  })
})

describe('a voice', () => {
  it('that lies in the content is a download, and told in words where they are known', () => {
    const html = example('RC:VcMsg', { content: 'IyFBTVIK', sttInfo: { text: '晚上见' } })
    expect(addressesIn(html)).toEqual(['/console/messages/7/voice'])
    expect(wordsIn(html)).toContain('Transcript: 晚上见')
  })

  it('in a quote has no address', () => {
    const html = example('RC:ReferenceMsg', {
      objName: 'RC:VcMsg',
      referMsg: { content: 'IyFBTVIK', duration: 3 },
    })
    expect(addressesIn(html)).toEqual([])
    expect(wordsIn(html)).toBe('Quoting u1 Voice 3 s re')
  })
})

describe('an HQ voice', () => {
  const playersIn = (html: Html) => elementsIn(html).filter(({ name }) => name === 'audio')

  it('is played where it is shown, and asked for by nobody else', () => {
    expect(playersIn(example('RC:HQVCMsg'))).toMatchObject([
      { attributes: { preload: 'none', src: expect.stringMatching(/^https?:/) as string } },
    ])
  })

  it('is not played from an address that is none', () => {
    expect(playersIn(example('RC:HQVCMsg', { remoteUrl: 'javascript:alert(1)' }))).toEqual([])
  })
})

describe('a place', () => {
  it('can be looked up on two maps', () => {
    expect(addressesIn(example('RC:LBSMsg', { poi: 'A & B' }))).toEqual([
      'https://uri.amap.com/marker?position=116.3917%2C39.9139&name=A+%26+B',
      'https://www.openstreetmap.org/?mlat=39.9139&mlon=116.3917#map=16/39.9139/116.3917',
    ])
  })

  it('that is not on earth is no place', () => {
    expect(wordsIn(example('RC:LBSMsg', { latitude: 91 }))).toMatch(/^Content of Location/)
  })
})

describe('a message in a wrapper', () => {
  it('is named by the type that the app gave it, in a line of a list too', () => {
    const content = JSON.stringify({ msgType: 'shop:Order', msgFields: {} })
    expect(wordsIn(saidIn('RC:IWNormalMsg', content, english))).toBe('[shop:Order]')
    expect(wordsIn(saidIn('RC:IWNormalMsg', '{}', english))).toBe('[Custom message]')
  })

  it.each([
    [{ count: 3, goods: { name: '咖啡' } }, 'count 3 goods {"name":"咖啡"}'],
    ['{"goods":"咖啡"}', 'goods 咖啡'],
    ['just words', 'msgFields just words'],
    [null, ''],
  ])('shows fields that are no strings: %j', (msgFields, words) => {
    expect(wordsIn(example('RC:IWNormalMsg', { msgFields }))).toBe(
      `shop:OrderCard Custom message ${words}`.trim(),
    )
  })
})

describe('a recall notice', () => {
  it('may have its members with a leading m', () => {
    const notice = { mOperatorId: 'u7', mOriginalObjectName: 'RC:ImgMsg', mAdmin: true, user: [] }
    expect(wordsIn(render('RC:RcNtf', notice))).toBe('u7 recalled a message (Image) as administrator')
    expect(wordsIn(render('RC:RcNtf', { ...notice, operatorId: 'u8', admin: '0' }))).toBe(
      'u8 recalled a message (Image)',
    )
  })
})

describe('a read receipt', () => {
  it.each([1734595200, '1734595200', '1734595200123'])('up to %j tells the time', (lastMessageSendTime) => {
    expect(wordsIn(example('RC:ReadNtf', { lastMessageSendTime }))).toBe(
      'u1 has read everything up to 2024-12-19 16:00:00',
    )
  })
})

describe('messages inside messages', () => {
  it.each([
    [{ content: 'orig' }, 'RC:TxtMsg', 'orig'],
    ['{"content":"orig"}', 'RC:TxtMsg', 'orig'],
    ['orig', 'RC:TxtMsg', 'orig'],
    [{ name: 'a.pdf', size: 10 }, 'RC:FileMsg', 'a.pdf File 10 bytes'],
    [{ title: 'Order 7' }, 'app:Order', 'Content of app:Order { "title": "Order 7" }'],
    [{ content: 'orig' }, undefined, 'Content of unknown { "content": "orig" }'],
  ])('are shown small: %j as %s', (referMsg, objName, words) => {
    expect(wordsIn(example('RC:ReferenceMsg', { referMsg, objName }))).toBe(`Quoting u1 ${words} re`)
  })

  it('say what became of them since', () => {
    expect(wordsIn(example('RC:ReferenceMsg', { referMsgStatus: 2 }))).toContain('(recalled since)')
  })

  it('go three deep and no further', () => {
    let content: unknown = { content: 'q5' }
    let objName = 'RC:TxtMsg'
    for (const name of ['q4', 'q3', 'q2', 'q1', 'q0']) {
      content = { content: name, objName, referMsg: JSON.stringify(content) }
      objName = 'RC:ReferenceMsg'
    }
    const words = wordsIn(render('RC:ReferenceMsg', content))
    expect(words).toMatch(/too deep to show q3 q2 q1 q0$/)
    expect(words).not.toContain('q4')
  })

  it('are fifty at most, and the rest is counted', () => {
    const msgList = Array.from({ length: 60 }, (_, at) => ({
      objectName: 'RC:TxtMsg',
      content: { content: `m${at}.` },
    }))
    const words = wordsIn(example('RC:CombineV2Msg', { msgList, msgNum: 60 }))
    expect(words).toContain('m49.')
    expect(words).not.toContain('m50.')
    expect(words).toContain('10 more')
  })
})

describe('a call', () => {
  it.each([
    [5, 'no answer'],
    [12, 'declined (other side)'],
    [31, 'pushed out by another call (other side)'],
    [101, 'accepted on another device'],
    [77, 'reason 77'],
    [undefined, 'no reason given'],
  ])('that ended with code %s says: %s', (status, reason) => {
    expect(wordsIn(example('RC:VCSummary', { status, duration: 0 }))).toBe(
      `audio call of u1, not connected: ${reason}`,
    )
  })

  it('tells hours from minutes', () => {
    expect(wordsIn(example('RC:VCSummary', { duration: 3_725_000 }))).toContain('1 h 2 min 5 s')
  })
})

describe('the shape of a type', () => {
  it.each([
    ['RC:TxtMsg', 'bubble'],
    ['shop:Order', 'bubble'],
    ['RC:InfoNtf', 'bar'],
    ['RC:VCSummary', 'bar'],
    ['RC:CsEva', 'bar'],
    ['RC:RLStart', 'bar'],
    ['RC:ReadNtf', 'line'],
    ['RC:TypSts', 'line'],
  ])('of %s is a %s', (objectName, shape) => {
    expect(shapeOfType(objectName)).toBe(shape)
  })
})
