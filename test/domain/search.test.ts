import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMatch, parseQuery } from '../../src/domain/search-query.ts'
import { searchedText } from '../../src/domain/search-text.ts'
import { aboutToken, conditionsOf, tokensOf } from '../../src/domain/search-tokens.ts'
import { snippetOf } from '../../src/domain/snippet.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('你好吗カﾞがΣσςÀé한글ไทAb1_ -，。🙏🏽❤️👨‍👩‍👧￥ﬁⅣ\u0301\u200d\ud800"')),
    maxLength: 40,
  }),
)

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
  ])('of %j is %j', (text, searched) => {
    expect(searchedText(text)).toBe(searched)
  })
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
  ])('%j looks for %j', (query, terms) => {
    expect(parseQuery(query)).toEqual(terms)
  })
})

describe('the index', () => {
  it('knows enough of every text that matches', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), fc.nat(12), (text, from, length) => {
        const searched = searchedText(text)
        const terms = parseQuery(text.slice(from, from + length))
        const tokens = tokensOf(searched)
        fc.pre(terms.length > 0 && isMatch(searched, terms))
        for (const condition of terms.flatMap(conditionsOf)) {
          const token = condition.replace(/^"(.*)"\*?$/s, '$1')
          const isKnown = condition.endsWith('*')
            ? [...tokens].some((known) => known.startsWith(token))
            : tokens.has(token)
          expect([condition, isKnown]).toEqual([condition, true])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is given nothing that its tokenizer would fold or cut', () => {
    fc.assert(
      fc.property(anyText, (text) => {
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
