import { describe, expect, it } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { problemsOf } from './support/problems-of.ts'

// As short as a key may be, and too short.
const [KEY, SHORT] = ['0123456789abcdef', '0123456789abcde']

describe('the API keys', () => {
  it('have a name, a key that may hold colons, and scopes', () => {
    expect(
      parseConfig({ API_KEYS: `shop:k:e:y:${KEY}:read+write, boss:2${KEY}:admin,m:3${KEY}:metrics+delete` })
        .apiKeys,
    ).toEqual([
      { name: 'shop', key: `k:e:y:${KEY}`, scopes: ['read', 'write'] },
      { name: 'boss', key: `2${KEY}`, scopes: ['admin'] },
      { name: 'm', key: `3${KEY}`, scopes: ['metrics', 'delete'] },
    ])
  })

  it.each([
    'shop',
    'shop:key',
    'shop:key:',
    'shop::read',
    ':key:read',
    'shop:key:reed',
    'shop:key:read+',
    'shop:key:read write',
    'shop:key:READ',
    'shop:key:__proto__',
    'shop:key:*',
  ])('are refused when one is not whole: %j', (text) => {
    const problems = problemsOf({ API_KEYS: `ok:${KEY}:read,${text}` })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^API_KEYS .*name:key:scope\+scope .*read, write, delete, metrics, admin$/)
  })

  it('are named by their place in what is wrong with them, for the name may be the key', () => {
    expect(problemsOf({ API_KEYS: `shop:${KEY}:read,secret:shop:reed,boss:two words:read` })).toEqual([
      expect.stringContaining('entry 2 must be'),
      expect.stringContaining('entry 3 must be'),
    ])
  })

  it.each([`shop:${KEY}:read,boss:${KEY}:admin`, `shop:${KEY}:read,shop:other-${KEY}:admin`])(
    'are refused when a name or a key is given twice: %j',
    (text) => {
      expect(problemsOf({ API_KEYS: text })).toEqual([expect.stringContaining('is given twice')])
    },
  )
})

describe('an API key under 16 characters', () => {
  it('does not start, and is told by its name', () => {
    expect(problemsOf({ API_KEYS: `shop:${KEY}:read` })).toEqual([])
    expect(problemsOf({ API_KEYS: `ok:${KEY}:read,shop:${SHORT}:read,boss:k:admin` })).toEqual([
      'API_KEYS shop must have a key of 16 characters or more',
      'API_KEYS boss must have a key of 16 characters or more',
    ])
  })

  it('is told by its place where the name may be a key', () => {
    expect(problemsOf({ API_KEYS: `${KEY}:shop:read` })).toEqual([
      'API_KEYS entry 1 must have a key of 16 characters or more',
    ])
  })
})

describe('a secret of member tokens under 32 characters', () => {
  it('does not start', () => {
    expect(problemsOf({ MEMBER_TOKEN_SECRET: KEY + KEY })).toEqual([])
    expect(problemsOf({ MEMBER_TOKEN_SECRET: KEY + SHORT })).toEqual([
      'MEMBER_TOKEN_SECRET must have 32 characters or more',
    ])
  })
})
