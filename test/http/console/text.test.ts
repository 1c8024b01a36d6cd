import { describe, expect, it } from 'vitest'
import { LONGEST_ALONE } from '../../../src/http/console/view.ts'
import { longText } from '../../../src/http/console/messages/long-text.ts'
import { plain, showable } from '../../../src/http/console/messages/showable.ts'
import { elementsIn, english, wordsIn } from './page.ts'

const render = (text: string, marksMentions = false) => longText(text, english, marksMentions)

const found = (text: string, name: string, marksMentions?: boolean) =>
  elementsIn(render(text, marksMentions))
    .filter((element) => element.name === name)
    .map(({ text: words }) => words)

const linksIn = (text: string) =>
  elementsIn(render(text)).flatMap(({ attributes: { href }, text: label }) => (href ? [[href, label]] : []))

describe('a text', () => {
  it.each([
    ['see https://x.example/a?b=1&c=2.', 'https://x.example/a?b=1&c=2'],
    ['看https://x.example/商品，谢谢', 'https://x.example/商品'],
    ['(https://x.example/)', 'https://x.example/'],
    ['http://x.example:8080/#m', 'http://x.example:8080/#m'],
  ])('has its link: %s', (text, label) => {
    expect(linksIn(text)).toEqual([[new URL(label).href, label]])
    expect(wordsIn(render(text))).toBe(text)
  })

  it.each([
    'javascript:alert(1)',
    'www.x.example',
    'https://',
    'https://a:b@x.example/',
    'data:text/html,x',
    'http:x',
  ])('has no link where there is none: %s', (text) => {
    expect(linksIn(text)).toEqual([])
    expect(wordsIn(render(text))).toBe(text)
  })

  it('has its emoji', () => {
    expect(found('你好 👋🏽 family 👨‍👩‍👧 1 # ©️ 🇨🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿!', 'span')).toEqual(['👋🏽', '👨‍👩‍👧', '©️', '🇨🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿'])
  })

  it('has its mentions, where it mentions anybody', () => {
    expect(found('@林晓 hi @bob, mail a@b', 'mark', true)).toEqual(['@林晓', '@bob', '@b'])
    expect(found('@林晓 hi', 'mark')).toEqual([])
  })

  it('keeps its lines', () => {
    expect(found('one\n  two\n', 'p')).toEqual(['one\n  two\n'])
  })

  it('that is long shows its beginning, and all of it when unfolded', () => {
    const text = `${'长'.repeat(1999)}👋${'文'.repeat(3000)}`
    expect(found(text, 'p')).toEqual(['长'.repeat(1999), text])
    expect(found(text, 'summary')).toEqual(['Show all 5001 characters'])
  })

  it('that is longer than a list shows ends there, and leads to the whole', () => {
    const text = '长'.repeat(120_000)
    const inList = longText(text, { ...english, id: 7 }).toString()
    expect(inList).toContain('Show 10000 characters')
    expect(inList).toContain('Shown in part: 120000 characters in all.')
    expect(inList).toContain('href="/console/messages/7/content"')
    expect(inList.length).toBeLessThan(15_000)
    const alone = longText(text, { ...english, longestText: LONGEST_ALONE }).toString()
    expect(alone.length).toBeGreaterThan(100_000)
    expect(alone.length).toBeLessThan(110_000)
    expect(longText(text, { ...english, longestText: Infinity }).toString()).toContain(text)
  })
})

describe('what cannot be shown', () => {
  it.each([
    ['a\u0000b\u001b\u007f\u0085', 'a␀b␛␡‹U+0085›'],
    ['\u202egpj.exe', '‹U+202E›gpj.exe'],
    ['\u2067x\u2069', '‹U+2067›x‹U+2069›'],
    ['a\ud800b', 'a\ufffdb'],
    [`a${'\u0301'.repeat(20)}b`, `a${'\u0301'.repeat(16)}‹+4›b`],
  ])('is made visible in %j', (text, shown) => {
    expect(showable(text)).toBe(shown)
  })

  it.each(['tab\tand\r\nline', 'שלום\u200f!', 'नमस्ते', 'ก็ที่', 'é', '👩‍❤️‍💋‍👨'])('is not found in %j', (text) => {
    expect(showable(text)).toBe(text)
  })

  it('is cut from a name that has no end, but never through a character', () => {
    expect(plain('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`)
    expect(plain(`${'x'.repeat(499)}👋👋`)).toBe(`${'x'.repeat(499)}…`)
  })
})
