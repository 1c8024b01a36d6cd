import { describe, expect, it } from 'vitest'
import { textOf } from '../../src/rongcloud/message-types/index.ts'

const textIn = (objectName: string, content: unknown) => textOf(objectName, JSON.stringify(content))

describe('the text of a message', () => {
  it.each([
    ['RC:TxtMsg', { content: '你好 👋' }, '你好 👋'],
    ['RC:ImgMsg', { content: '/9j/4AAQSkZJRg', imageUri: 'https://x/a.jpg' }, null],
    ['RC:ImgMsg', { content: '/9j/4AAQSkZJRg', name: 'a.jpg' }, 'a.jpg'],
    ['RC:GIFMsg', { remoteUrl: 'https://x/x.gif', name: 'happy cat.gif' }, 'happy cat.gif'],
    ['RC:VcMsg', { content: 'IyFBTVIKPJEXFr5', duration: 3 }, null],
    ['RC:VcMsg', { content: 'IyFBTVIKPJEXFr5', sttInfo: { status: 2, text: '晚上见' } }, '晚上见'],
    ['RC:HQVCMsg', { name: 'v.aac', sttInfo: { text: '晚上见' } }, '晚上见\nv.aac'],
    [
      'RC:ImgTextMsg',
      { title: 'Title', content: 'Summary', imageUri: 'i', url: 'https://x/' },
      'Title\nSummary\nhttps://x/',
    ],
    ['RC:LBSMsg', { content: '/9j/4AAQ', poi: '北京市东城区' }, '北京市东城区'],
    ['RC:FileMsg', { name: '报价.xlsx', fileUrl: 'https://x/q' }, '报价.xlsx'],
    ['RC:SightMsg', { content: '/9j/4AAQ', name: 'v.mp4' }, 'v.mp4'],
    ['RC:StreamMsg', { content: '## Answer\n- step 1' }, '## Answer\n- step 1'],
    ['RC:StkMsg', { stickerId: 's7', digest: '开心' }, '开心'],
    ['RC:CardMsg', { userId: 'u9', name: '王五' }, '王五'],
    ['RC:InfoNtf', { message: '你已添加了对方为好友' }, '你已添加了对方为好友'],
    ['RC:ContactNtf', { operation: 'Request', message: '加个好友' }, '加个好友'],
    ['RC:GrpNtf', { operation: 'Rename', message: 'u1 renamed the group' }, 'u1 renamed the group'],
    ['RC:ProfileNtf', { operation: 'Update', data: '{}' }, 'Update'],
    ['RC:CmdNtf', { name: 'AtPerson', data: '{}' }, 'AtPerson'],
    ['RC:CmdMsg', { name: 'refresh', data: '{}' }, 'refresh'],
    ['RC:CsEva', { suggest: '很好' }, '很好'],
    ['RC:CsEnd', { msg: 'bye' }, 'bye'],
    ['RC:RLStart', { content: 'start sharing' }, 'start sharing'],
    ['RC:RcNtf', { recallContent: 'taken back', originalMessageContent: 'taken back' }, null],
    ['RC:RcCmd', { messageUId: 'm' }, null],
    ['RC:VCSummary', { caller: 'u1', status: 3 }, null],
    ['RC:HsMsg', {}, null],
  ])('of %s %j is %j', (objectName, content, text) => {
    expect(textIn(objectName, content)).toBe(text)
  })

  it('of articles is title, digest and address of each', () => {
    const article = { title: 't', digest: 'd', picurl: 'p', url: 'u' }
    expect(textIn('RC:PSImgTxtMsg', { articles: [article] })).toBe('t\nd\nu')
    expect(textIn('RC:PSImgTxtMsg', { richContentMessage: article })).toBe('t\nd\nu')
    expect(textIn('RC:PSMultiImgTxtMsg', { richContentMessages: [article, { title: 't2' }] })).toBe(
      't\nd\nu\nt2',
    )
  })

  it('keeps lone surrogates as they are', () => {
    expect(textOf('RC:TxtMsg', '{"content":"a\\ud800"}')).toBe('a\ud800')
  })

  it.each(['', '  ', '{}', '[]', '{"content":7}', '{"content":" "}', '{"content":null}'])(
    'of %j is none',
    (content) => {
      expect(textOf('RC:ImgTextMsg', content)).toBeNull()
    },
  )
})

describe('the text of a message in a wrapper', () => {
  const fieldsText = (msgFields: unknown) => textIn('RC:IWNormalMsg', { msgType: 'shop:Order', msgFields })

  it.each([
    [{ order: '20241219001', goods: '咖啡', note: '' }, '20241219001\n咖啡'],
    [{ count: 3, paid: true, none: null, goods: '咖啡' }, '3\n咖啡'],
    [{ goods: { name: '咖啡' }, tags: ['新'] }, '咖啡\n新'],
    [{ data: String.raw`{"no":1970072392013557231,"goods":"\u5496\u5561"}` }, '1970072392013557231\n咖啡'],
    ['{"order":"20241219001","goods":"咖啡"}', '20241219001\n咖啡'],
    ['just words', 'just words'],
    [['咖啡', '茶'], '咖啡\n茶'],
    [{ picture: 'iVBORw0KGgo+/abc'.repeat(20) }, null],
    [{}, null],
    [[], null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('of the fields %j is %j', (msgFields, text) => {
    expect(fieldsText(msgFields)).toBe(text)
  })

  it.each(['RC:IWStorageMsg', 'RC:IWCmdMsg', 'RC:IWStatusMsg'])('is read in %s too', (objectName) => {
    expect(textIn(objectName, { msgType: 'x', msgFields: { a: 'hello' } })).toBe('hello')
    expect(textOf(objectName, 'hello')).toBeNull()
  })
})

const quote = (objName: unknown, referMsg: unknown) =>
  textIn('RC:ReferenceMsg', { content: 're', objName, referMsg })

describe('the text of a quote', () => {
  it.each([
    ['an object', 'RC:TxtMsg', { content: 'orig' }, 're\norig'],
    ['JSON text', 'RC:TxtMsg', '{"content":"orig"}', 're\norig'],
    ['plain text', 'RC:TxtMsg', 'orig', 're\norig'],
    ['a file', 'RC:FileMsg', { name: 'a.pdf', fileUrl: 'u' }, 're\na.pdf'],
    ['an image', 'RC:ImgMsg', { content: '/9j/4AAQSkZJRg', imageUri: 'u' }, 're'],
    ['a broken image', 'RC:ImgMsg', '/9j/4AAQSkZJRg', 're'],
    ['an app’s own type', 'app:Order', { title: 'Order 7' }, 're\nOrder 7'],
    ['a type left out', undefined, { content: 'orig' }, 're\norig'],
    ['a number', 'RC:TxtMsg', 7, 're'],
    ['nothing', 'RC:TxtMsg', null, 're'],
  ])('holds what it quotes: %s', (_, objName, referMsg, text) => {
    expect(quote(objName, referMsg)).toBe(text)
  })

  it('goes three quotes deep and no further', () => {
    let content: unknown = { content: 'q5' }
    let objName = 'RC:TxtMsg'
    for (const name of ['q4', 'q3', 'q2', 'q1', 'q0']) {
      content = { content: name, objName, referMsg: JSON.stringify(content) }
      objName = 'RC:ReferenceMsg'
    }
    expect(textIn('RC:ReferenceMsg', content)).toBe('q0\nq1\nq2\nq3')
  })
})

describe('the text of forwarded messages', () => {
  it('is the title and all lines of the summary', () => {
    const content = {
      title: '聊天记录',
      nameList: ['A', 'B'],
      summaryList: ['A: hi', 'B: [图片]', 7, 'A: hi'],
    }
    expect(textIn('RC:CombineMsg', content)).toBe('聊天记录\nA: hi\nB: [图片]\nA: hi')
  })

  it('holds the text of every message inside', () => {
    const msgList = [
      { objectName: 'RC:TxtMsg', content: { content: 'hi' } },
      { objectName: 'RC:FileMsg', content: '{"name":"a.pdf"}' },
      { objectName: 'RC:ImgMsg', content: { content: '/9j/4AAQ' } },
      {
        objectName: 'RC:CombineV2Msg',
        content: { msgList: [{ objectName: 'RC:TxtMsg', content: { content: 'in' } }] },
      },
      null,
    ]
    expect(textIn('RC:CombineV2Msg', { summaryList: ['A: hi'], msgList })).toBe('A: hi\nhi\na.pdf\nin')
  })
})

describe('the text of a type we do not know', () => {
  it('is what usually holds words, of a type whose members nobody tells', () => {
    const content = { name: 'e', text: 'd', message: 'c', title: 'b', content: 'a', other: 'f', price: 7 }
    expect(textIn('RC:VSTMsg', content)).toBe('a\nb\nc\nd\ne')
    expect(textIn('RC:VSTMsg', { other: 'f', title: 7 })).toBeNull()
  })

  it.each(['app:Order', 'RC:NotYetInvented', 'RC:txtmsg', ''])(
    'is all strings and numbers of %j',
    (objectName) => {
      const order = {
        no: 'A-1',
        lines: [{ goods: '"T恤": 红\\', count: 2 }, [[['深']]]],
        paid: true,
        note: null,
        '': ' ',
      }
      expect(textIn(objectName, order)).toBe('A-1\n"T恤": 红\\\n2\n深')
    },
  )

  it.each([
    ['{"orderId":1734595200123456789}', '1734595200123456789'],
    ['{ "price" : 299.00 , "off":-1.50e+2, "tag":"a", "tag":"b" }', '299.00\n-1.50e+2\na\nb'],
    ['[13800138000]', '13800138000'],
    ['13800138000', '13800138000'],
    ['"\\u4f60\\n好 : \\"x\\":1"', '你\n好 : "x":1'],
    ['{"a":"{\\"orderId\\":\\"8\\",\\"goods\\":\\"\\\\u5496\\\\u5561\\"}"}', '8\n咖啡'],
    ['{"a":"[{\\"b\\":\\"[\\\\\\"in\\\\\\",7]\\"}]"}', 'in\n7'],
    ['{"a":"[图片] {no JSON}","b":"{}"}', '[图片] {no JSON}'],
    [`${'['.repeat(50_000)}"deep"${']'.repeat(50_000)}`, 'deep'],
    [`{"a":${'{"b":'.repeat(20_000)}12345678901234567890${'}'.repeat(20_000)}}`, '12345678901234567890'],
  ])('is what %.60s says, as it was written', (content, text) => {
    expect(textOf('app:Order', content)).toBe(text)
  })

  it('is as it was written in a quoted message too', () => {
    const quoting = (content: string) =>
      `{"content":"这单","objName":"app:Order","referMsgUserId":"u","referMsg":${content}}`
    expect(textOf('RC:ReferenceMsg', quoting('{"orderId":1734595200123456789,"n":1.50}'))).toBe(
      '这单\n1734595200123456789\n1.50',
    )
    const deep = `${'['.repeat(20_000)}12345678901234567890${']'.repeat(20_000)}`
    expect(textOf('RC:ReferenceMsg', quoting(`{"a":${deep}}`))).toContain('这单')
  })

  it('ends at 50,000 characters, in whatever values', () => {
    const long = (values: readonly unknown[]) => textIn('app:Order', values)?.replaceAll('\n', '')
    expect(long(['字'.repeat(43_000), '末'])).toBe(`${'字'.repeat(43_000)}末`)
    expect(long(['字'.repeat(49_999), '末尾', '外'])).toBe(`${'字'.repeat(49_999)}末`)
    expect(long(Array.from({ length: 60_000 }, () => 1))).toBe('1'.repeat(50_000))
  })

  it('is the content itself when an app’s own type is not JSON', () => {
    expect(textOf('app:Order', 'ORD|SKU=88|备注: 50% off')).toBe('ORD|SKU=88|备注: 50% off')
    expect(textOf('app:Order', '{broken')).toBe('{broken')
  })

  it.each(['', ' ', 'null', '{}', '[]', 'true', '{"a":{"b":[null,false,""]}}'])(
    'is none for %j',
    (content) => {
      expect(textOf('app:Order', content)).toBeNull()
    },
  )

  it('is none when an RC type is not JSON', () => {
    expect(textOf('RC:NotYetInvented', 'hello')).toBeNull()
    expect(textOf('RC:ImgMsg', 'hello')).toBeNull()
  })

  it('is never base64', () => {
    const bytes = 'iVBORw0KGgo+/abc'.repeat(20)
    expect(textOf('app:Photo', bytes)).toBeNull()
    expect(textIn('app:Photo', { content: bytes, name: 'cat' })).toBe('cat')
    expect(textIn('app:Photo', { content: `${bytes.slice(0, 76)}\r\n${bytes}==` })).toBeNull()
    expect(textIn('app:Photo', { content: 'data:image/png;base64,iVBORw0K' })).toBeNull()
    expect(textIn('app:Photo', { a: { b: ['AbC+/9'.repeat(20_000)] }, name: 'cat' })).toBe('cat')
    expect(textIn('app:Photo', { content: 'words '.repeat(60) })).toBe('words '.repeat(60))
  })
})

describe('plain text where JSON is usual', () => {
  it.each(['RC:TxtMsg', 'RC:InfoNtf'])('is itself the text of %s', (objectName) => {
    expect(textOf(objectName, 'hello there')).toBe('hello there')
    expect(textOf(objectName, '42')).toBe('42')
    expect(textOf(objectName, '6222021001112345678')).toBe('6222021001112345678')
    expect(textOf(objectName, '["a"]')).toBe('["a"]')
    expect(textOf(objectName, '')).toBeNull()
  })
})
