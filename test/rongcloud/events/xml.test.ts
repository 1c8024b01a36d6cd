import { describe, expect, it } from 'vitest'
import { readXml } from '../../../src/rongcloud/events/xml.ts'
import { ELEMENTS, eventsOf, onlyEventOf } from './examples.ts'

const PUBLIC_SERVICE = `<?xml version="1.0" encoding="UTF-8"?>
<xml>
  <ToUserName><![CDATA[service1]]></ToUserName>
  <FromUserName><![CDATA[u1]]></FromUserName>
  <CreateTime>1734595245</CreateTime>
  <MsgType><![CDATA[text]]></MsgType>
  <Content><![CDATA[1 < 2 & <b>]]></Content>
  <MsgId>1234567890123456</MsgId>
</xml>
`

describe('a callback of the public service', () => {
  it('is one event, its XML kept whole', () => {
    expect(eventsOf('public-service', PUBLIC_SERVICE)).toEqual([
      {
        kind: 'public-service',
        body: PUBLIC_SERVICE,
        identity: '["1234567890123456","service1","u1","1734595245"]',
        occurredAtMs: 1734595245000,
        userId: 'u1',
        targetId: 'service1',
        msgUID: null,
        problem: null,
      },
    ])
  })

  it('is the same event from JSON', () => {
    expect(onlyEventOf('public-service', JSON.stringify(ELEMENTS['public-service'])).identity).toBe(
      onlyEventOf('public-service', PUBLIC_SERVICE).identity,
    )
  })

  it('is kept with a problem when it lacks something', () => {
    expect(onlyEventOf('public-service', '<xml><MsgType>event</MsgType></xml>').problem).toBe(
      'ToUserName: expected an id; FromUserName: expected an id; CreateTime: expected a time',
    )
  })
})

describe('XML', () => {
  it.each<[string, Record<string, string>]>([
    ['<xml/>', {}],
    ['<xml></xml>', {}],
    ['<xml><a>1</a><b>2</b></xml>', { a: '1', b: '2' }],
    ['<xml><a/><b ></b ></xml>', { a: '', b: '' }],
    ['<xml x="1"><a y="2">1</a></xml>', { a: '1' }],
    ['<xml><a><![CDATA[<b>]]]]></a></xml>', { a: '<b>]]' }],
    ['<xml><a>1<![CDATA[2]]>3</a></xml>', { a: '123' }],
    ['<xml><a><![CDATA[&amp;]]>&amp;</a></xml>', { a: '&amp;&' }],
    ['<xml><a>&lt;&gt;&quot;&apos;&#20320;&#x597D;&#X1F44B;</a></xml>', { a: `<>"'你好👋` }],
    ['<xml><a>&nbsp;&;&#xFFFFFF;&amp</a></xml>', { a: '&nbsp;&;&#xFFFFFF;&amp' }],
    ['<xml>x<a>1</a>y</xml>', { a: '1' }],
    ['<xml><!-- <a>0</a> --><a>1<!-- 2 --></a></xml>', { a: '1' }],
    ['<!DOCTYPE xml><xml><a>\n1 </a></xml>', { a: '\n1 ' }],
    ['<xml><a>1<b>2</b></a><c>3</c></xml>', { a: '12', c: '3' }],
    ['<xml><__proto__>1</__proto__></xml>', { ['__proto__']: '1' }],
  ])('%s has its members', (xml, members) => {
    expect(new Map(Object.entries(readXml(xml) ?? { not: 'read' }))).toEqual(new Map(Object.entries(members)))
  })

  it.each([
    '',
    'text',
    '<',
    '<xml',
    '<xml>',
    '</xml>',
    '<xml><a></xml></a>',
    '<xml><a>1</xml>',
    '<xml><a>1</b></xml>',
    '<xml><![CDATA[</xml>',
    '<xml><!-- </xml>',
    '<a/><b/>',
    '<?xml version="1.0"?>',
    '< xml></ xml>',
  ])('%s is none', (text) => {
    expect(readXml(text)).toBeNull()
  })
})
