import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderContent } from '../../../src/http/console/messages/content.ts'
import { exampleOf, examples } from './examples.ts'
import { HOSTILE, MEMBERS, poisoned } from './hostile.ts'
import { addressesIn, chinese, elementsIn, english, expectHarmless, wordsIn } from './page.ts'
import { QUADRATIC_MS } from '../../support/quadratic.ts'

const render = (objectName: string, content: string) =>
  renderContent({ id: 7, objectName, content, sender: '<b onclick=x>u1' }, english)

const names = fc.constantFrom(
  ...examples.map(({ objectName }) => objectName),
  'app:Order',
  'RC:New',
  '',
  'toString',
)

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
    expect(performance.now() - start).toBeLessThan(QUADRATIC_MS)
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
    expect(performance.now() - start).toBeLessThan(QUADRATIC_MS)
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
