import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  KNOWN_OBJECT_NAMES,
  findContentProblem,
  findMessageType,
  senderProfileOf,
  textOf,
} from '../../src/rongcloud/message-types/index.ts'
import { QUADRATIC_MS } from '../support/quadratic.ts'

const MEMBERS = `content title summaryList msgList referMsg objName objectName articles richContentMessage user extra
  sttInfo text name message mentionedInfo put del type fileType uId MessageUId isAdmin receiptMessageDic __proto__`

const names = fc.constantFrom(...KNOWN_OBJECT_NAMES, 'app:Order', 'RC:NotYetInvented', '')
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue(),
    names,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom(...MEMBERS.split(/\s+/)), tie('value'), { maxKeys: 6 }),
}))

function lookAt(objectName: string, content: string) {
  return [
    findContentProblem(objectName, content),
    textOf(objectName, content),
    senderProfileOf(content, 'u1'),
  ]
}

const isTextOrNull = (found: unknown) => found === null || typeof found === 'string'

describe('hostile content', () => {
  it('of any shape is judged and read without throwing', () => {
    fc.assert(
      fc.property(names, value, (objectName, content) => {
        const [problem, text] = lookAt(objectName, JSON.stringify(content))
        expect([problem, text].every(isTextOrNull)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('that is any string at all is judged and read without throwing', () => {
    fc.assert(
      fc.property(names, fc.string({ unit: 'binary' }), (objectName, content) => {
        expect(lookAt(objectName, content)).toHaveLength(3)
      }),
    )
  })

  it('handed to a type directly is read without throwing', () => {
    fc.assert(
      fc.property(names, fc.anything(), (objectName, content) => {
        expect(isTextOrNull(findMessageType(objectName)?.text(content, () => null) ?? null)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  const readers = ['RC:TxtMsg', 'RC:ReferenceMsg', 'RC:CombineV2Msg', 'RC:RcCmd', 'RC:FileMsg', 'app:Order']

  it.each(readers)('nested a hundred thousand deep does no harm as %s', (objectName) => {
    const arrays = '['.repeat(100_000) + ']'.repeat(100_000)
    const objects = '{"referMsg":'.repeat(100_000) + '{}' + '}'.repeat(100_000)
    for (const content of [arrays, `{"content":${arrays},"user":${arrays},"extra":${objects}}`, objects]) {
      expect(() => lookAt(objectName, content)).not.toThrow()
    }
  })

  it('with very many wrong members is judged in little time', () => {
    const wrong = JSON.stringify({
      userIdList: [],
      mentionedInfo: { userIdList: Array.from({ length: 60_000 }, () => 1) },
    })
    const start = performance.now()
    findContentProblem('RC:TxtMsg', wrong)
    expect(performance.now() - start).toBeLessThan(QUADRATIC_MS)
  })
})
