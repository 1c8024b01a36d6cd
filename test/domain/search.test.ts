import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionOf } from '../../src/domain/search-condition.ts'
import { isMatch, parseQuery, relevanceOf, type SearchTerm } from '../../src/domain/search-query.ts'
import { placedText, searchedText, SEARCHED_MAX } from '../../src/domain/search-text.ts'
import { aboutToken, tokensOf } from '../../src/domain/search-tokens.ts'
import { snippetOf } from '../../src/domain/snippet.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('你好吗カﾞがΣσςÀé한글ไทAb1_ -，。🙏🏽❤️👨‍👩‍👧￥ﬁⅣ\u0301\u200d\ud800"')),
    maxLength: 40,
  }),
)

// Numbers in and out of groups, and what is between them.
const numbers = fc.string({
  unit: fc.constantFrom(
    ...Array.from('0123-- .()/,:a货'),
    '138',
    '0013',
    '8000',
    '１２３４',
    ' - ',
    ') ',
    '٣٤٥٦',
  ),
  maxLength: 14,
})

describe('text as it is searched', () => {
  it.each([
    ['ＡＢＣ１２３', 'abc123'],
    ['你好，  世界！', '你好 世界'],
    ['  a-b_c  ', 'a b c'],
    ['ｶﾞ', 'ガ'],
    ['soft\u00adhyphen\ufeff', 'softhyphen'],
    ['C++ <b>', 'c b'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['\ud800x', 'x'],
    ['👍🏽❤️', '👍🏽❤'],
    ['138-0013 8000', '138\u{A0}0013\u{A0}8000'],
    ['2024-12-19', '2024 12 19'],
  ])('of %j is %j', (text, searched) => {
    expect(searchedText(text)).toBe(searched)
  })
})

describe('a long text', () => {
  it.each([
    ['letters', 'a '.repeat(SEARCHED_MAX)],
    ['emoji, of which none is cut in two', `a${'👍'.repeat(SEARCHED_MAX)}`],
    ['what folding makes longer', '\u{FDFA}'.repeat(SEARCHED_MAX)],
    ['what small letters make longer', 'İ'.repeat(SEARCHED_MAX)],
  ])('of %s is searched up to a length', (_, text) => {
    const searched = searchedText(text)
    expect(searched.length).toBeLessThanOrEqual(SEARCHED_MAX)
    expect(searched.length).toBeGreaterThan(SEARCHED_MAX - 5)
    expect(searched.isWellFormed()).toBe(true)
    expect(placedText(text).searched).toBe(searched)
  })

  it('is found by what stands before that and by nothing behind it', () => {
    const text = `before ${'x '.repeat(10_000)} behind`
    expect(isMatch(searchedText(text), parseQuery('before'))).toBe(true)
    expect(isMatch(searchedText(text), parseQuery('behind'))).toBe(false)
    expect(isMatch(searchedText(`${'\u{FDFA}'.repeat(2000)} behind`), parseQuery('behind'))).toBe(false)
  })

  it('is no more relevant for more than a hundred hits', () => {
    const relevance = (hits: number) =>
      relevanceOf(searchedText('hit '.repeat(hits) + 'any '.repeat(1000 - hits)), parseQuery('hit'))
    expect(relevance(100)).toBeGreaterThan(relevance(99))
    expect(relevance(1000)).toBe(relevance(100))
  })
})

it('a character has as many marks as any script needs, for more take time by the square of their number', () => {
  expect(searchedText(`e${'\u0301\u0323'.repeat(500)}`)).toBe(
    `e${'\u0301\u0323'.repeat(15)}`.normalize('NFKC'),
  )
  expect(searchedText(`ｶ${'ﾞ\u0301'.repeat(500)}`)).toBe(`ｶ${'ﾞ\u0301'.repeat(15)}`.normalize('NFKC'))
})

it('a text and the places in it are searched alike', () => {
  fc.assert(
    fc.property(anyText, fc.nat(4000), (text, times) => {
      const long = text.repeat(times)
      expect(placedText(long).searched).toBe(searchedText(long))
    }),
    { numRuns: 100 },
  )
})

describe('a query', () => {
  it.each([
    ['a  b\u3000c', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ['“你好 吗”', ['你好 吗']],
    ['"never closed', ['never closed']],
    ['a"b"c', ['a', 'b', 'c']],
    ['size-chart SIZE', ['size chart', 'size']],
    ['a A ， ""', ['a']],
    ['', []],
  ])('%j looks for %j', (query, words) => {
    expect(parseQuery(query)).toEqual(words.map((word) => ({ words: [word], number: null })))
  })

  it.each([
    ['138-0013-8000', [{ words: ['138 0013 8000'], number: '13800138000' }]],
    ['"138 0013"', [{ words: ['138 0013'], number: '1380013' }]],
    ['１３８　００１３ 8000', [{ words: ['138', '0013', '8000'], number: '13800138000' }]],
    ['(010) 8888 - 6666', [{ words: ['010', '8888', '6666'], number: '01088886666' }]],
    [
      '电话 138 0013 你',
      [
        { words: ['电话'], number: null },
        { words: ['138', '0013'], number: '1380013' },
        { words: ['你'], number: null },
      ],
    ],
    ['2024 12  100 "5000"', ['2024', '12', '100', '5000'].map((word) => ({ words: [word], number: null }))],
  ])('%j takes groups of digits for one number too', (query, terms) => {
    expect(parseQuery(query)).toEqual(terms)
  })
})

describe('a number', () => {
  const isFound = (text: string, query: string) => isMatch(searchedText(text), parseQuery(query))

  const WRITTEN = [
    '13800138000',
    '138-0013-8000',
    '138 0013 8000',
    '138 - 0013 - 8000',
    '138.0013.8000',
    '(138) 0013 8000',
    '138（0013）8000',
    '138\u20110013\u20138000',
    '138\u00A00013\t8000',
    '１３８　００１３　８０００',
    '138-00138000',
  ]
  it.each(WRITTEN)('written %j is found however it is asked for', (text) => {
    for (const around of [text, `电话${text}谢谢`, `tel: +86 ${text}, 2024-12-19`, `12 ${text} 13900139000`])
      for (const query of [...WRITTEN, '0138000', '8000', '00138000', '1380013', '138'])
        expect([around, query, isFound(around, query)]).toEqual([around, query, true])
  })

  it.each([
    ['SF20241219001', '9001'],
    ['RR123456789CN', '6789'],
    ['6222 0210 0111 2345 678', '6222021001112345678'],
    ['6222 0210 0111 2345 678', '345678'],
    ['1-800-555-0199', '18005550199'],
    ['555.123.4567', '5551234567'],
    ['订单 SF1234-5678', 'sf12345678'],
    ['订单 SF12345678', 'SF1234-5678'],
    ['138, 0013, 8000', '138-0013-8000'],
    ['13800138000，共12件', '138 0013 8000 12'],
    ['9'.repeat(50), '9'.repeat(45)],
    [`${'1'.repeat(40)}23456`, '23456'],
    ['٠١٢٣٤٥٦٧', '٤٥٦٧'],
  ])('of %j is found by %j', (text, query) => {
    expect(isFound(text, query)).toBe(true)
  })

  it.each([
    ['in its middle', '13800138000', '0013'],
    ['before its end', '13800138000', '3800'],
    ['by three of its last digits', '13800138000', '000'],
    ['by its end and more', '13800138000', '80000'],
    ['by the end of a word', 'abcdefgh', 'efgh'],
    ['in a date with a time', '2024-12-19 16:00:00', '20241219'],
    ['in a time', '2024-12-19 16:00:00', '0000'],
    ['in an address', '192.168.1.100', '1100'],
    ['in an address of long numbers', '192.168.100.200', '0200'],
    ['in a price', '1,299.00', '9900'],
    ['in a price', '1,299.00', '1299'],
    ['in sizes', '36 37 38 39', '3738'],
    ['in lines', '1000\n2000', '0002000'],
    ['in a list', '1000，2000', '10002000'],
    ['over two blanks', '138  0013', '1380013'],
    ['over a word', '138 和 0013', '1380013'],
  ])('is not found %s: %j by %j', (_, text, query) => {
    expect(isFound(text, query)).toBe(false)
  })
})

/** Whether a text of these tokens is a candidate: what FTS5 makes of the condition. */
function isKnown(searched: string, term: SearchTerm): boolean {
  const tokens = [...tokensOf(searched)]
  let condition = conditionOf(term).replaceAll(
    /"(?<token>[^"]*)"(?<begins>\*?)/g,
    (_, token: string, begins: string) =>
      tokens.some((known) => (begins ? known.startsWith(token) : known === token)) ? '1' : '0',
  )
  for (let before = ''; before !== condition;) {
    before = condition
    condition = condition.replaceAll(/\(([01ANDOR ]*)\)/g, (_, inner: string) => valueOf(inner))
  }
  return valueOf(condition) === '1'
}

function valueOf(condition: string): string {
  const isTrue = condition.split(' OR ').some((part) => part.split(' AND ').every((value) => value === '1'))
  return isTrue ? '1' : '0'
}

describe('the index', () => {
  it('knows enough of every text that matches', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), fc.nat(12), (text, from, length) => {
        const searched = searchedText(text)
        const terms = parseQuery(text.slice(from, from + length))
        fc.pre(terms.length > 0 && isMatch(searched, terms))
        expect(terms.filter((term) => !isKnown(searched, term))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('knows enough of every number that matches, in whatever groups it is', () => {
    fc.assert(
      fc.property(numbers, fc.nat(20), fc.nat(14), numbers, (text, from, length, other) => {
        const searched = searchedText(text)
        const part = text.slice(from, from + length)
        for (const query of [part, part.replaceAll(/[^\p{Nd}a]/gu, ''), `"${part}"`, other]) {
          const terms = parseQuery(query)
          if (isMatch(searched, terms))
            expect([query, terms.filter((term) => !isKnown(searched, term))]).toEqual([query, []])
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['groups of digits', (i: number) => `${100 + ((i * 7919) % 900)}-`],
    ['single digits', (i: number) => `${i % 10}-`],
    ['words with digits', (i: number) => `a${100_000 + ((i * 7919) % 900_000)}`],
    ['one number', (i: number) => String(i)],
    ['numbers in groups', (i: number) => `${10_000 + ((i * 7919) % 90_000)}-`],
    ['short words', (i: number) => `${((i * 7919) % 1_600_000).toString(36)} `],
    ['Chinese', (i: number) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))],
  ])('of 100 KB of %s has at most twelve times as much as is searched, quickly made', (_kind, partOf) => {
    const text = Array.from({ length: 100_000 }, (_, i) => partOf(i))
      .join('')
      .slice(0, 100_000)
    const tokens = [...tokensOf(searchedText(text))]
    expect(tokens.length).toBeLessThan(50_000)
    expect(new TextEncoder().encode(tokens.join(' ')).length).toBeLessThan(12 * SEARCHED_MAX)
    expect(isMatch(searchedText(text), parseQuery('100-8019-9938'))).toBe(false)
  })

  it('is given nothing that its tokenizer would fold or cut', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, numbers), (text) => {
        const tokens = [...tokensOf(searchedText(text)), aboutToken('user', text.toWellFormed())]
        for (const token of tokens) expect(token).toMatch(/^[a-z0-9\u{80}-\u{10FFFF}]+$/u)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a snippet', () => {
  const marked = (text: string, query: string) => {
    const snippet = snippetOf(text, parseQuery(query))
    return snippet.marks.map(({ start, length }) => snippet.text.slice(start, start + length))
  }

  it.each([
    ['Ｈｅｌｌｏ, world', 'hello wor', ['Ｈｅｌｌｏ', 'wor']],
    ['a, b! c', '"a b"', ['a, b']],
    ['好好好', '好', ['好好好']],
    ['が ｶﾞ', 'ガ', ['ｶﾞ']],
    ['👨‍👩‍👧 x', '👩', ['👩\u200d']],
    ['ﬁne', 'fi', ['ﬁ']],
    ['电话138-0013 - 8000谢谢', '13800138000', ['138-0013 - 8000']],
    ['１３８　００１３　８０００', '0138000', ['０１３　８０００']],
    ['13800138000', '138 0013 8000', ['13800138000']],
    ['订单 SF20241219001', '9001', ['9001']],
  ])('of %j for %j marks %j', (text, query, marks) => {
    expect(marked(text, query)).toEqual(marks)
  })

  it('shows a part of the text with a hit in it, and marks within that part', () => {
    fc.assert(
      fc.property(anyText, fc.nat(300), fc.nat(300), (term, before, after) => {
        const terms = parseQuery(term)
        const text = `${'x '.repeat(before)}${term}${'，后'.repeat(after)}`
        fc.pre(terms.length > 0 && isMatch(searchedText(text), terms))
        const snippet = snippetOf(text, terms)
        expect(snippet.text.length).toBeLessThanOrEqual(121)
        expect(snippet.marks.length).toBeGreaterThan(0)
        let end = 0
        for (const { start, length } of snippet.marks) {
          expect(start).toBeGreaterThanOrEqual(end)
          expect(length).toBeGreaterThan(0)
          end = start + length
        }
        expect(end).toBeLessThanOrEqual(snippet.text.length)
      }),
      { numRuns: 200 },
    )
  })
})
