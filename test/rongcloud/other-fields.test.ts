import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/rongcloud/form.ts'
import { parseRoutedMessage } from '../../src/rongcloud/routed-message.ts'
import { hashing } from '../support/hashing.ts'
import { messageFields } from '../support/requests.ts'

const body = (changes: Record<string, string> = {}) => new URLSearchParams(messageFields(changes)).toString()

/** The message that a body holds. */
function parsed(text: string) {
  const form = readForm(new TextEncoder().encode(text))
  const result = parseRoutedMessage(form, { appKey: 'app', receivedAtMs: 0, hashing })
  if ('unreadable' in result) throw new Error(`unreadable: ${result.unreadable}`)
  return { ...result.message, problem: result.problem }
}

const fieldsOf = (text: string) => JSON.parse(parsed(text).fields ?? '{}') as unknown

describe('the other fields of a message', () => {
  it('are none where nothing else was said', () => {
    const empty = { busChannel: '', originalMsgUID: '', aiGenerated: '', sensitiveType: '', groupUserIds: '' }
    expect(parsed(body()).fields).toBeNull()
    expect(parsed(body(empty)).fields).toBeNull()
  })

  it('are JSON with sorted names, so that their order on the wire makes no other message', () => {
    const sorted = '{"B":"2","a":"1","groupUserIds":["u1"],"z":"3"}'
    expect(parsed(`z=3&groupUserIds=u1&${body()}&a=1&B=2`).fields).toBe(sorted)
    expect(parsed(`B=2&a=1&${body()}&z=3&groupUserIds=[u1]`).fields).toBe(sorted)
  })

  it('keep names that nobody has heard of, empty ones too', () => {
    expect(fieldsOf(body({ neverHeardOf: '1', empty: '', 'a[b]': '{"c":1}' }))).toEqual({
      neverHeardOf: '1',
      empty: '',
      'a[b]': '{"c":1}',
    })
    expect(parsed(body({ ['__proto__']: 'x' })).fields).toBe('{"__proto__":"x"}')
  })

  it('keep the rest of a name that came more than once; the first one counts', () => {
    const first = body({ fromUserId: 'u1', objectName: 'app:Own', content: 'first', msgUID: 'B1' })
    const twice = `${first}&fromUserId=u8&fromUserId=u9&content=again&msgUID=again&channelType=GROUP&msgTimestamp=1`
    expect(parsed(twice)).toMatchObject({
      fromUserId: 'u1',
      content: 'first',
      msgUID: 'B1',
      channelType: 'PERSON',
      sentAtMs: 1734595200123,
      problem: null,
    })
    expect(fieldsOf(twice)).toEqual({
      fromUserId: ['u8', 'u9'],
      content: ['again'],
      msgUID: ['again'],
      channelType: ['GROUP'],
      msgTimestamp: ['1'],
    })
    expect(fieldsOf(`${body()}&other=1&other=2`)).toEqual({ other: ['1', '2'] })
  })

  it.each([
    ['groupUserIds=[543,567]', ['543', '567']],
    ['groupUserIds=%5B543%2C567%5D', ['543', '567']],
    ['groupUserIds=%5B%22543%22%2C%22567%22%5D', ['543', '567']],
    ['groupUserIds=["543", "567"]', ['543', '567']],
    ['groupUserIds=543&groupUserIds=567', ['543', '567']],
    ['groupUserIds=543,567', ['543', '567']],
    ['groupUserIds=[543]&groupUserIds=567,89', ['543', '567', '89']],
    ['groupUserIds=543', ['543']],
    ['groupUserIds=[007,12345678901234567890]', ['007', '12345678901234567890']],
    ['groupUserIds=["007",12345678901234567890]', ['007', '12345678901234567890']],
    ['groupUserIds=[a%2Bb%3D,c-d_e]', ['a+b=', 'c-d_e']],
    ['groupUserIds=[567,543]', ['567', '543']],
  ])('have %s as a list of texts', (sent, groupUserIds) => {
    expect(fieldsOf(`${body({ channelType: 'GROUP' })}&${sent}`)).toEqual({ groupUserIds })
  })

  it.each(['', '[]', '[ ]', '[""]', ','])('have no groupUserIds where %j was sent', (groupUserIds) => {
    expect(parsed(body({ channelType: 'GROUP', groupUserIds })).fields).toBeNull()
  })

  it('have groupUserIds of JSON as the same list', () => {
    const json = `${JSON.stringify(messageFields()).slice(0, -1)},"groupUserIds":[543,"007",12345678901234567890]}`
    expect(fieldsOf(json)).toEqual({ groupUserIds: ['543', '007', '12345678901234567890'] })
  })
})
