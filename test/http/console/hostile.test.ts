import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderContent } from '../../../src/http/console/messages/content.ts'
import { exampleOf, examples } from './examples.ts'
import { addressesIn, chinese, elementsIn, english, expectHarmless, wordsIn } from './page.ts'

const render = (objectName: string, content: string) =>
  renderContent({ id: 7, objectName, content, sender: '<b onclick=x>u1' }, english)

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' onmouseover='alert(1)' style='position:fixed`,
  '</pre></details><iframe src="https://evil.example/"></iframe>',
  '<!--',
  '</textarea><svg/onload=alert(1)>',
  '{sender}{user}{{words}}${alert(1)}',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//https://x',
  '  javascript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  '//evil.example/x',
  '\\\\evil.example\\x',
  'https://bank.example@evil.example/',
  'https://x/" onclick="alert(1)',
  'https://[',
  'http:evil',
  'ftp://x/y',
  '\u202egpj.exe\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d',
  'x'.repeat(20_000),
  'a' + '\u0301'.repeat(100_000),
  '\u200d\ufe0f'.repeat(10_000),
  'https://'.repeat(2000),
  '@'.repeat(10_000),
  '👨‍👩‍👧‍👦'.repeat(5000),
  'NUL\u0000 and \ud800 alone \udfff\ud83d',
  '__proto__',
  'constructor',
]

const MEMBERS =
  `content title summaryList nameList msgList msgNum referMsg objName referMsgUserId referMsgStatus objectName
  fromUserId timestamp articles richContentMessage richContentMessages user extra sttInfo text name message mentionedInfo
  userIdList put del clear mid type fileType uId messageUId MessageUId isAdmin receiptMessageDic remoteUrl imageUri
  fileUrl sightUrl url picurl digest poi latitude longitude duration size operation data operatorUserId
  targetUserDisplayNames status reason mediaType caller callId inviteUserIds lastMessageSendTime key value userInfo
  suggest isresolve nickName msg isEscaped callbacks toString length __proto__ constructor`.split(/\s+/)

const names = fc.constantFrom(
  ...examples.map(({ objectName }) => objectName),
  'app:Order',
  'RC:New',
  '',
  'toString',
)

/** Every string of an example replaced, and every member that any type has; not the latter where it would be megabytes. */
function poisoned(objectName: string, poison: string): string {
  const all = Object.fromEntries(
    (poison.length < 1000 ? MEMBERS : ['content', 'message', 'name']).map((member) => [member, poison]),
  )
  const own = JSON.parse(exampleOf(objectName)) as Record<string, unknown>
  return JSON.stringify({ ...all, ...own }, (_, value: unknown) =>
    typeof value === 'string' ? poison : value,
  )
}

// Those of the maps, and of the addresses above that lead to where they say.
const HOSTS = new Set(['archive', 'www.openstreetmap.org', 'uri.amap.com', 'evil.example', 'x', 'https'])
const hostOf = (address: string) => new URL(address, 'https://archive').host

describe('hostile content', () => {
  it.each(examples)('in every member of $objectName does nothing', ({ objectName }) => {
    for (const poison of HOSTILE) {
      const html = render(objectName, poisoned(objectName, poison))
      expect(
        addressesIn(html)
          .map(hostOf)
          .filter((host) => !HOSTS.has(host)),
      ).toEqual([])
      expectHarmless(html)
      expect(html.toString()).not.toMatch(/[[\p{Cc}--[\t\n\r]]\u202a-\u202e\u2066-\u2069]/v)
      expect(html.toString().isWellFormed()).toBe(true)
      expect(html.toString()).not.toMatch(/[\p{M}\p{Cf}]{17}/u)
    }
  })

  it.each(HOSTILE)('that is nothing but %.40j is shown and does nothing', (poison) => {
    for (const objectName of ['RC:TxtMsg', 'RC:InfoNtf', 'RC:ImgMsg', 'app:Order', poison]) {
      const html = render(objectName, poison)
      expectHarmless(html)
      expect(wordsIn(html)).not.toBe('')
    }
  })

  it('cannot pass for markup of ours', () => {
    const fake = { isEscaped: true, callbacks: ['x'], toString: '<script>', length: 9 }
    for (const { objectName } of examples) {
      const content = Object.fromEntries(MEMBERS.map((member) => [member, fake]))
      expectHarmless(render(objectName, JSON.stringify(content)))
      expectHarmless(
        render(objectName, JSON.stringify({ ...content, articles: [fake], msgList: [fake], content: 'c' })),
      )
    }
  })

  const readers = `RC:TxtMsg RC:ReferenceMsg RC:CombineV2Msg RC:PSImgTxtMsg RC:GrpNtf RC:CmdMsg RC:RcCmd RC:MsgExMsg RC:UIUMsg
    app:Order`

  it.each(readers.split(/\s+/))('nested a hundred thousand deep does no harm as %s', (objectName) => {
    const arrays = '['.repeat(100_000) + ']'.repeat(100_000)
    const objects = '{"referMsg":'.repeat(50_000) + '{}' + '}'.repeat(50_000)
    for (const content of [
      arrays,
      objects,
      `{"content":"x","referMsg":${objects},"data":${arrays},"put":${objects}}`,
    ]) {
      const html = render(objectName, content)
      expect(html.length).toBeLessThan(500_000)
      expectHarmless(html)
    }
  })

  it('that is cut in a string full of quotes is printed in little time', () => {
    const content = JSON.stringify({ data: '"'.repeat(20_000) })
    const start = performance.now()
    for (let times = 0; times < 20; times++) render('app:Order', content)
    expect(performance.now() - start).toBeLessThan(1500)
    expect(wordsIn(render('app:Order', content))).toContain('Shown in part')
  })

  it('is of bounded length, and rendered in little time', () => {
    const many = Array.from({ length: 1000 }, (_, at) => `u${at}`)
    const lists = Object.fromEntries(MEMBERS.map((member) => [member, many]))
    const start = performance.now()
    for (const { objectName } of examples) {
      const own = JSON.parse(exampleOf(objectName)) as Record<string, unknown>
      const content = JSON.stringify({
        ...lists,
        ...own,
        mentionedInfo: { userIdList: many },
        inviteUserIds: many,
      })
      expect(render(objectName, content).length).toBeLessThan(200_000)
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })

  const strings = fc.oneof(
    fc.constantFrom(...HOSTILE.filter(({ length }) => length < 200)),
    fc.string({ unit: 'binary' }),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      strings,
      names,
      fc.double(),
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    object: fc.dictionary(fc.constantFrom(...MEMBERS), tie('value'), { maxKeys: 8 }),
  }))

  it.each([...examples.map(({ objectName }) => objectName), 'app:Order'])(
    'of any shape does nothing as %s',
    (objectName) => {
      const members = fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 6 })
      const mixed = members.map((changes) => exampleOf(objectName, changes))
      fc.assert(
        fc.property(
          fc.oneof(
            mixed,
            value.map((each) => JSON.stringify(each) ?? ''),
            strings,
          ),
          (content) => {
            const html = renderContent({ id: 7, objectName, content, sender: 'u1' }, chinese)
            expectHarmless(html)
            expect(elementsIn(html).length).toBeGreaterThan(0)
          },
        ),
        { numRuns: 25 },
      )
    },
  )
})
