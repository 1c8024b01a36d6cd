import { describe, expect, it } from 'vitest'
import { fill, fillText, languageOf, typeName, wordsOf } from '../../../src/http/console/words.ts'
import { KNOWN_OBJECT_NAMES } from '../../../src/rongcloud/message-types/index.ts'

const [zh, en] = [wordsOf('zh'), wordsOf('en')]

/** Of every word its name and the slots in it. */
function* slotsIn(words: object, path = ''): Generator<[string, Set<string>]> {
  for (const [name, word] of Object.entries(words) as [string, unknown][]) {
    if (typeof word === 'object' && word !== null) yield* slotsIn(word, `${path}${name}.`)
    else yield [path + name, new Set(Array.from(String(word).matchAll(/\{\w+\}/g), ([slot]) => slot))]
  }
}

describe('the language of the console', () => {
  it.each([
    [null, null, 'zh'],
    ['', null, 'zh'],
    ['*', null, 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', null, 'zh'],
    ['zh-Hant-TW', null, 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.1', null, 'en'],
    ['en;q=0.1,zh;q=0.9', null, 'zh'],
    ['fr-FR,zh;q=0.5', null, 'zh'],
    ['fr-FR,zh;q=0', null, 'en'],
    ['fr,de', null, 'en'],
    ['zh-CN', 'en', 'en'],
    ['en', 'zh', 'zh'],
    ['en', 'tlh', 'en'],
    ['__proto__,constructor', null, 'zh'],
    [';;;,,,q=1', 'toString', 'zh'],
  ])('for %j, having chosen %j, is %s', (acceptLanguage, chosen, language) => {
    expect(languageOf(acceptLanguage, chosen)).toBe(language)
  })
})

describe('the words', () => {
  it('have the same slots in both languages', () => {
    expect(Object.fromEntries(slotsIn(zh))).toEqual(Object.fromEntries(slotsIn(en)))
  })

  it.each([
    [1, '1 message'],
    [2, '2 messages'],
    [0, '0 messages'],
    ['1,204', '1,204 messages'],
  ])('count in English: %j', (count, counted) => {
    const words = '{count} {count:message|messages}'
    expect(fillText(words, { count })).toBe(counted)
    expect(fill(words, { count: 1 })).toEqual(['', 1, ' message'])
  })

  it('name every known type and no other', () => {
    expect(Object.keys(en.types).toSorted()).toEqual(KNOWN_OBJECT_NAMES.toSorted())
    expect(Object.keys(zh.types).toSorted()).toEqual(KNOWN_OBJECT_NAMES.toSorted())
  })

  it.each(['app:Order', 'constructor', '__proto__', ''])('leave %j its own name', (objectName) => {
    expect(typeName(zh, objectName)).toBe(objectName)
  })
})
