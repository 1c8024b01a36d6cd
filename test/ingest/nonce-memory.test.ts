import { describe, expect, it } from 'vitest'
import { createNonceMemory } from '../../src/ingest/nonce-memory.ts'

/** Shows the memory signatures that nobody has used before. */
function fill(isReused: ReturnType<typeof createNonceMemory>, count: number, name = 'other') {
  for (let i = 0; i < count; i++) isReused(`${name}-${i}`, 'body')
}

describe('the nonce memory', () => {
  it('welcomes a signature that it has never seen', () => {
    expect(createNonceMemory()('signature', 'body')).toBe(false)
  })

  it('takes the same signature with the same body for a retry, however often', () => {
    const isReused = createNonceMemory()
    isReused('signature', 'body')
    expect([1, 2, 3].map(() => isReused('signature', 'body'))).toEqual([false, false, false])
  })

  it('suspects the same signature with any other body', () => {
    const isReused = createNonceMemory()
    isReused('signature', 'body')
    expect(isReused('signature', 'forged')).toBe(true)
    expect(isReused('signature', 'forged again')).toBe(true)
    expect(isReused('signature', '')).toBe(true)
  })

  it('suspects a forged body every time, and goes on to welcome the retry of the first', () => {
    const isReused = createNonceMemory()
    isReused('signature', 'body')
    expect(isReused('signature', 'forged')).toBe(true)
    expect(isReused('signature', 'forged')).toBe(true)
    expect(isReused('signature', 'body')).toBe(false)
  })

  it('lets the same body come with another signature, as a retry that was signed anew does', () => {
    const isReused = createNonceMemory()
    isReused('signature', 'body')
    expect(isReused('signed anew', 'body')).toBe(false)
  })

  it.each(['__proto__', 'constructor', ''])('has not seen %j before it came', (signature) => {
    const isReused = createNonceMemory()
    expect(isReused(signature, 'body')).toBe(false)
    expect(isReused(signature, 'forged')).toBe(true)
  })

  it('forgets the oldest signature when it is full, and only that one', () => {
    const isReused = createNonceMemory(3)
    for (const signature of ['first', 'second', 'third']) isReused(signature, 'body')
    expect(isReused('first', 'forged')).toBe(true)
    isReused('fourth', 'body')
    expect(['second', 'third', 'fourth'].map((signature) => isReused(signature, 'forged'))).toEqual([
      true,
      true,
      true,
    ])
    expect(isReused('first', 'forged')).toBe(false)
  })

  it('is not filled by retries or forgeries of one signature', () => {
    const isReused = createNonceMemory(2)
    isReused('first', 'body')
    isReused('second', 'body')
    for (let i = 0; i < 10; i++) isReused('second', i % 2 ? 'body' : `forged ${i}`)
    expect(isReused('first', 'forged')).toBe(true)
  })

  it('remembers ten thousand signatures unless told otherwise, and not a hundred thousand', () => {
    const isReused = createNonceMemory()
    isReused('first', 'body')
    fill(isReused, 10_000)
    expect(isReused('first', 'forged')).toBe(true)
    fill(isReused, 100_000, 'more')
    expect(isReused('first', 'forged')).toBe(false)
  })

  it('is each its own', () => {
    createNonceMemory()('signature', 'body')
    expect(createNonceMemory()('signature', 'forged')).toBe(false)
  })
})
