import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/rongcloud/form.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const joined = (...parts: (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(bytesOf(part)) : part)))

const read = (body: string | Uint8Array) => readForm(typeof body === 'string' ? bytesOf(body) : body)
const valuesOf = (body: string | Uint8Array) => Object.fromEntries(read(body).values)

const REPLACEMENT = '\uFFFD'

describe('a form', () => {
  it.each([
    ['a=1&b=2', { a: ['1'], b: ['2'] }],
    ['a=1+2&b=1%202&c=1%2B2', { a: ['1 2'], b: ['1 2'], c: ['1+2'] }],
    ['a+b=1&c%26d=2&e%3Df=3', { 'a b': ['1'], 'c&d': ['2'], 'e=f': ['3'] }],
    ['a=b=c==', { a: ['b=c=='] }],
    ['a=%', { a: ['%'] }],
    ['a=100%&b=%zz&c=%4&d=%%41&e=%u4f60', { a: ['100%'], b: ['%zz'], c: ['%4'], d: ['%A'], e: ['%u4f60'] }],
    ['a=%25FF&b=%2520', { a: ['%FF'], b: ['%20'] }],
    ['a=%e4%bd%a0%E5%A5%BD+%F0%9F%91%8B', { a: ['你好 👋'] }],
    ['a=你好', { a: ['你好'] }],
    ['a=你好 100%&b=é%', { a: ['你好 100%'], b: ['é%'] }],
    ['a=你%E5%A5%BD', { a: ['你好'] }],
    ['?a=1', { '?a': ['1'] }],
    ['a=1&a=2&b=3&a=', { a: ['1', '2', ''], b: ['3'] }],
    ['a=&b&=c', { a: [''], b: [''], '': ['c'] }],
    ['&&a=1&&', { a: ['1'] }],
    ['a=1\r\n&b=%0D%0A%09%00', { a: ['1\r\n'], b: ['\r\n\t\0'] }],
    ['a=1;b=2', { a: ['1;b=2'] }],
    ['neverHeardOf=1&a[b]=2', { neverHeardOf: ['1'], 'a[b]': ['2'] }],
    ['__proto__=1&constructor=2', { ['__proto__']: ['1'], constructor: ['2'] }],
    ['', {}],
    ['&', {}],
  ])('%j is read as RongCloud means it', (body, values) => {
    expect(new Map(read(body).values)).toEqual(new Map(Object.entries(values)))
    expect(read(body).lossy).toBe(false)
  })

  it('may have quotes, brackets and blanks as they are, like the official example', () => {
    const body =
      'content=%7B"content"%3A"hello archive"%7D&extra={"a":[1,2]}&msgUID=596E-P5PG-4FS2-7OJK&groupUserIds=[543,567]'
    expect(valuesOf(body)).toEqual({
      content: ['{"content":"hello archive"}'],
      extra: ['{"a":[1,2]}'],
      msgUID: ['596E-P5PG-4FS2-7OJK'],
      groupUserIds: ['[543,567]'],
    })
  })

  it.each([
    ['groupUserIds=[543,567]', ['[543,567]']],
    ['groupUserIds=%5B%22543%22%2C%22567%22%5D', ['["543","567"]']],
    ['groupUserIds=543&groupUserIds=567', ['543', '567']],
    ['groupUserIds=543,567', ['543,567']],
    ['groupUserIds=', ['']],
  ])('keeps %s as it was sent', (body, groupUserIds) => {
    expect(valuesOf(body)).toEqual({ groupUserIds })
  })

  it('may begin with a byte order mark, which belongs to no name', () => {
    expect(valuesOf(joined([0xef, 0xbb, 0xbf], 'a=1'))).toEqual({ a: ['1'] })
    expect(valuesOf(joined([0xef, 0xbb, 0xbf], '{"a":"1"}'))).toEqual({ a: ['1'] })
  })

  it('keeps a byte order mark that begins a value', () => {
    expect(valuesOf('a=%EF%BB%BF1&b=\uFEFF2')).toEqual({ a: ['\uFEFF1'], b: ['\uFEFF2'] })
  })

  const text = fc.string({ unit: 'binary' })

  it('of any names and values reads back exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const values = Map.groupBy(pairs, ([name]) => name)
        const expected = [...values].map(([name, group]) => [name, group.map(([, value]) => value)])
        const form = read(new URLSearchParams(pairs).toString())
        expect([...form.values]).toEqual(expected)
        expect(form.lossy).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  const pieces = fc.constantFrom(
    ...Array.from('{}[]"\',:%&=+;? \n'),
    '%E4',
    '%BD',
    '\\ud800',
    '\\u',
    'null',
    '1e999',
    'a',
    '你',
  )
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.oneof(pieces.map(bytesOf), fc.uint8Array({ maxLength: 3 })))
      .map((parts) => joined(...parts.map((part) => [...part]))),
    fc.json().map(bytesOf),
  )

  it('of any bytes at all is read without throwing', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const { values, lossy } = read(body)
        expect([...values].flat(2).every((part) => typeof part === 'string')).toBe(true)
        expect(typeof lossy).toBe('boolean')
      }),
      { numRuns: 3000 },
    )
  })
})

describe('flat JSON in place of a form', () => {
  it('has the same names, its numbers to the digit', () => {
    const body = `  \n{"fromUserId":"u1","toUserId":12345678901234567890,"msgTimestamp":1734595200123,"sensitiveType":0,
      "ratio":1.50,"big":1e400,"minus":-0,"aiGenerated":true,"hidden":false}`
    expect(valuesOf(body)).toEqual({
      fromUserId: ['u1'],
      toUserId: ['12345678901234567890'],
      msgTimestamp: ['1734595200123'],
      sensitiveType: ['0'],
      ratio: ['1.50'],
      big: ['1e400'],
      minus: ['-0'],
      aiGenerated: ['true'],
      hidden: ['false'],
    })
  })

  it('leaves out what is null, as a form leaves out what it does not have', () => {
    expect(valuesOf('{"a":null,"b":"null","c":""}')).toEqual({ b: ['null'], c: [''] })
  })

  it('may hold content as a text, which stays to the character, or as JSON', () => {
    expect(valuesOf(String.raw`{"content":"{\"b\":1, \"a\":\"\\u4f60\"}"}`)).toEqual({
      content: [String.raw`{"b":1, "a":"\u4f60"}`],
    })
    expect(valuesOf('{"content":{"b":12345678901234567890,"a":[1.0,"x",null]}}')).toEqual({
      content: ['{"b":12345678901234567890,"a":[1.0,"x",null]}'],
    })
    expect(valuesOf('{"content":["a","b"]}')).toEqual({ content: ['["a","b"]'] })
  })

  it('may hold groupUserIds as a list, of texts or numbers', () => {
    expect(valuesOf('{"groupUserIds":["007",12345678901234567890,"u1"]}')).toEqual({
      groupUserIds: ['007', '12345678901234567890', 'u1'],
    })
    expect(valuesOf('{"groupUserIds":"[543,567]"}')).toEqual({ groupUserIds: ['[543,567]'] })
    expect(valuesOf('{"groupUserIds":[]}')).toEqual({ groupUserIds: [] })
  })

  it('keeps every value of a name that comes twice, in their order', () => {
    expect(valuesOf('{"a":"1","b":{"a":2},"a":3,"\\u0061":null,"c":null,"a":["x"]}')).toEqual({
      a: ['1', '3', '["x"]'],
      b: ['{"a":2}'],
    })
  })

  it('takes neither + nor % for more than they are', () => {
    expect(valuesOf('{"a":"1+2 %20 %zz"}')).toEqual({ a: ['1+2 %20 %zz'] })
  })

  it('without any names is an empty form', () => {
    expect(read('{}')).toEqual({ values: new Map(), lossy: false })
  })

  it.each([
    ['{"a":1', { '{"a":1': [''] }],
    ['{"a":"1"} &b=2', { '{"a":"1"} ': [''], b: ['2'] }],
    ['{a=1&b=2', { '{a': ['1'], b: ['2'] }],
    ["{'a':1}&fromUserId=u1", { "{'a':1}": [''], fromUserId: ['u1'] }],
    ['["a"]', { '["a"]': [''] }],
    ['"a"', { '"a"': [''] }],
    ['null', { null: [''] }],
  ])('that is no JSON object, %s, is read as a form', (body, values) => {
    expect(valuesOf(body)).toEqual(values)
  })

  it('nested a hundred thousand deep does no harm', () => {
    const deep = `{"content":${'['.repeat(100_000)}${']'.repeat(100_000)},"fromUserId":"u1"}`
    expect(read(deep).lossy).toBe(false)
  })

  it('of any names and texts reads back exactly', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const object: Record<string, string> = Object.fromEntries([...pairs, ['__proto__', 'own']])
        const expected = new Map(Object.entries(object).map(([name, value]) => [name, [value]]))
        expect(read(JSON.stringify(object)).values).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })
})

const isUtf8 = (bytes: Uint8Array) => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) !== undefined
  } catch {
    return false
  }
}

describe('bytes that are no UTF-8', () => {
  it.each<[string, Uint8Array | string, Record<string, string[]>]>([
    ['raw', joined('a=x', [0xff], '&b=1'), { a: [`x${REPLACEMENT}`], b: ['1'] }],
    ['cut off raw', joined('a=', [0xe4, 0xbd]), { a: [REPLACEMENT] }],
    ['percent-encoded', 'a=x%FFy&b=1', { a: [`x${REPLACEMENT}y`], b: ['1'] }],
    ['cut off percent-encoded', 'a=%E4%BD&b=%A0', { a: [REPLACEMENT], b: [REPLACEMENT] }],
    ['an emoji as two surrogates', 'a=%ED%A0%BD%ED%B1%8B', { a: [REPLACEMENT.repeat(6)] }],
    ['overlong', 'a=%C0%AF', { a: [REPLACEMENT.repeat(2)] }],
    ['GBK', 'a=%C4%E3', { a: [REPLACEMENT.repeat(2)] }],
    ['in a name', 'a%FF=1', { [`a${REPLACEMENT}`]: ['1'] }],
    ['beside a genuine replacement character', 'a=%EF%BF%BD&b=%FF', { a: [REPLACEMENT], b: [REPLACEMENT] }],
    ['in JSON', joined('{"a":"', [0xff], '"}'), { a: [REPLACEMENT] }],
  ])('are replaced and told of: %s', (_what, body, values) => {
    expect(valuesOf(body)).toEqual(values)
    expect(read(body).lossy).toBe(true)
  })

  it.each([
    ['percent-encoded', 'a=%EF%BF%BD'],
    ['raw', `a=${REPLACEMENT}`],
    ['beside a broken %', `a=${REPLACEMENT}%&b=%zz`],
    ['in JSON', `{"a":"${REPLACEMENT}"}`],
    ['escaped in JSON', String.raw`{"a":"\ufffd"}`],
  ])('are not suspected where a replacement character was sent %s', (_how, body) => {
    expect([...read(body).values].flat(2).join('')).toContain(REPLACEMENT)
    expect(read(body).lossy).toBe(false)
  })

  it.each([
    String.raw`{"a":"\ud83d"}`,
    String.raw`{"a":"\udc4b\ud83d"}`,
    String.raw`{"\ud83d":"1"}`,
    String.raw`{"groupUserIds":["u1","\ud83d"]}`,
  ])('have a like in half an emoji, which JSON can write: %s', (body) => {
    expect(read(body).lossy).toBe(true)
    expect(read(String.raw`{"a":"\ud83d\udc4b"}`)).toEqual({ values: new Map([['a', ['👋']]]), lossy: false })
  })

  it('spoil nothing beside them, whatever the runtime', () => {
    expect(read('a=你好，世界%FF')).toEqual({
      values: new Map([['a', [`你好，世界${REPLACEMENT}`]]]),
      lossy: true,
    })
    expect(read('a=%E4ƽƠ')).toEqual({ values: new Map([['a', [`${REPLACEMENT}ƽƠ`]]]), lossy: true })
  })

  it('are not seen in JSON that merely looks percent-encoded', () => {
    expect(read(`{"a":"${REPLACEMENT}","b":"100%FF"}`).lossy).toBe(false)
  })

  it('are read as a database keeps them, so that a retry reads the same', () => {
    expect(valuesOf(String.raw`{"a":"x\ud83dy","b":"👋"}`)).toEqual({ a: [`x${REPLACEMENT}y`], b: ['👋'] })
  })

  const someBytes = fc.oneof(
    fc.uint8Array(),
    fc
      .array(fc.constantFrom([0xe4], [0xbd], [0xa0], [0xef, 0xbf, 0xbd], [0x41]))
      .map((all) => joined(...all)),
  )

  it('are told of exactly, raw', () => {
    const anyButEscapes = someBytes.filter((bytes) => !bytes.includes(0x25) && !bytes.includes(0x7b))
    fc.assert(
      fc.property(anyButEscapes, (body) => {
        expect(read(body).lossy).toBe(!isUtf8(body))
      }),
    )
  })

  it('are told of exactly, percent-encoded', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const encoded = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
        expect(read(`a=${encoded}`).lossy).toBe(!isUtf8(bytes))
      }),
    )
  })
})
