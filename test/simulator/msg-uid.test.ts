import { describe, expect, it } from 'vitest'
import { conversationHashOf, createMsgUIDs } from '../../simulator/msg-uid.ts'

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const AT_MS = 1_748_739_600_123
const GROUP = { conversationType: 3, conversationHash: 0x2a_aaaa }

function partsOf(msgUID: string) {
  const bits = Array.from(msgUID.replaceAll('-', '')).reduce(
    (all, character) => all * 32n + BigInt(ALPHABET.indexOf(character)),
    0n,
  )
  return {
    timeMs: Number(bits >> 38n),
    counter: Number((bits >> 26n) & 0xfffn),
    conversationType: Number((bits >> 22n) & 0xfn),
    conversationHash: Number(bits & 0x3f_ffffn),
  }
}

describe('a msgUID', () => {
  it('is sixteen characters of the alphabet in four groups', () => {
    expect(createMsgUIDs()(AT_MS, GROUP)).toMatch(new RegExp(`^([${ALPHABET}]{4}-){3}[${ALPHABET}]{4}$`))
  })

  it('holds the time, a counter, the kind of conversation and the hash of its id', () => {
    expect(partsOf(createMsgUIDs()(AT_MS, GROUP))).toEqual({ timeMs: AT_MS, counter: 0, ...GROUP })
  })

  it('counts within a millisecond and starts again in the next', () => {
    const next = createMsgUIDs()
    const counters = [AT_MS, AT_MS, AT_MS, AT_MS + 1].map((ms) => partsOf(next(ms, GROUP)).counter)
    expect(counters).toEqual([0, 1, 2, 0])
  })

  it('sorts by time', () => {
    const next = createMsgUIDs()
    const msgUIDs = [AT_MS, AT_MS, AT_MS + 1, AT_MS + 5000].map((ms) => next(ms, GROUP))
    expect(msgUIDs.toSorted()).toEqual(msgUIDs)
  })

  it('is refused to the message after the last number of a millisecond', () => {
    const next = createMsgUIDs()
    for (let i = 0; i < 4096; i++) next(AT_MS, GROUP)
    expect(() => next(AT_MS, GROUP)).toThrow('more messages in one millisecond')
  })
})

describe('the hash of a conversation', () => {
  it('is the end of the one that Java gives', () => {
    // "hello".hashCode() is 99162322.
    expect(conversationHashOf('hello')).toBe(99_162_322 & 0x3f_ffff)
    expect(conversationHashOf('')).toBe(0)
  })
})
