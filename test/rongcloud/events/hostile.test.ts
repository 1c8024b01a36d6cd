import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EVENT_KINDS,
  bodyAppKeyOf,
  describeEvent,
  readAuditResult,
  readBotEvent,
  readEvents,
  readMessageOperation,
  readOnlineStatus,
} from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS, bytesOf, eventsOf } from './examples.ts'

const kinds = fc.constantFrom(...EVENT_KINDS)

const MARKS = Array.from('{}[]"\',:%&=+;?<>/!\\ \n\uFEFF')
const WORDS = `%E4 \\ud800 \\u null 1e999 a 你 <a> </a> <![CDATA[ ]]> &# <!-- profiles userid __proto__
  12345678901234567890 1734595240900`
const pieces = fc.constantFrom(...MARKS, ...WORDS.split(/\s+/))
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(pieces, { maxLength: 30 }).map((parts) => bytesOf(parts.join(''))),
  fc.json().map(bytesOf),
)

// Elements of a kind with some members spoiled, so that every reader gets far.
const spoiled = kinds.chain((kind) => {
  const element: Record<string, unknown> = ELEMENTS[kind]
  const names = fc.constantFrom(...Object.keys(element), 'bot', 'data', 'content', 'userId')
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(element)), fc.json())
  return fc
    .dictionary(names, value, { maxKeys: 3 })
    .map((changes) => ({ kind, body: JSON.stringify({ ...element, ...changes }) }))
})

const isTextOrNull = (value: unknown) => value === null || typeof value === 'string'

function lookAt(body: string) {
  return [readAuditResult(body), readBotEvent(body), readMessageOperation(body), readOnlineStatus(body)]
}

describe('a hostile body', () => {
  it('of any bytes is read without throwing', () => {
    fc.assert(
      fc.property(kinds, hostile, (kind, body) => {
        const read = readEvents(kind, body)
        expect(isTextOrNull(bodyAppKeyOf(kind, body) ?? null)).toBe(true)
        for (const event of 'events' in read ? read.events : []) {
          const { identity, userId, targetId, msgUID, problem } = event
          expect([event.body, identity, userId, targetId, msgUID, problem].every(isTextOrNull)).toBe(true)
          expect(describeEvent(event)).not.toBe('')
          lookAt(event.body)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('of nearly the right shape is read without throwing, and kept', () => {
    fc.assert(
      fc.property(spoiled, ({ kind, body }) => {
        const [event, ...others] = eventsOf(kind, body)
        expect(others).toEqual([])
        expect(event).toMatchObject({ kind, body })
        expect(describeEvent({ kind, body })).not.toBe('')
        expect(lookAt(body)).toHaveLength(4)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a list', () => {
  // Every way of writing the same JSON: blanks between, escapes within.
  const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
  const element = fc.oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...Array.from('"\\[]{},:'))).map((characters) => characters.join('')),
  )
  const source = fc
    .tuple(element, fc.constantFrom(undefined, 1, '\t'), fc.boolean())
    .map(([value, indent, escaped]) => {
      const json = JSON.stringify(value, null, indent)
      if (!escaped) return json
      return json.replaceAll(
        /[^\0-\x7F]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    })

  it('of any elements gives the source of each, to the character', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(blank, source, blank), { minLength: 1 }), (parts) => {
        const body = `[${parts.map((part) => part.join('')).join(',')}]`
        const bodies = eventsOf('bots', body).map((event) => event.body)
        expect(bodies).toEqual(parts.map(([, text]) => text))
        expect(`[${bodies.join(',')}]`.length).toBeLessThanOrEqual(body.length)
        expect(JSON.parse(`[${bodies.join(',')}]`)).toEqual(JSON.parse(body))
      }),
      { numRuns: 2000 },
    )
  })
})
