import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/rongcloud/form.ts'
import { parseRoutedMessage } from '../../src/rongcloud/routed-message.ts'
import { hashing } from '../support/hashing.ts'

const RECEIVED_AT_MS = 1734600000000

type Fields = Record<string, string>

/** A body on the wire, read in the given circumstances. */
function parse(body: string | Uint8Array, { appKey = 'app', receivedAtMs = RECEIVED_AT_MS } = {}) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return parseRoutedMessage(readForm(bytes), { appKey, receivedAtMs, hashing })
}

/** The message that a body holds, with its problem. */
function parsed(body: string | Uint8Array, circumstances?: { appKey?: string; receivedAtMs?: number }) {
  const result = parse(body, circumstances)
  if ('unreadable' in result) throw new Error(`unreadable: ${result.unreadable}`)
  return { ...result.message, problem: result.problem }
}

const WHOLE: Fields = {
  fromUserId: 'u1',
  toUserId: 'u2',
  objectName: 'RC:TxtMsg',
  content: '{"content":"hello"}',
  channelType: 'PERSON',
  msgTimestamp: '1734595200123',
  msgUID: '6A1F-Q2PK-8CF0-01AB',
}

const form = (fields: Fields) => new URLSearchParams(fields).toString()
const body = (changes: Fields = {}) => form({ ...WHOLE, ...changes })
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(WHOLE).filter(([name]) => !names.includes(name)))

describe('a routed message', () => {
  it.each([
    [{ sensitiveType: '01' }, { sensitiveType: 1, fields: '{"sensitiveType":"01"}' }],
    [{ busChannel: 'c' }, { busChannel: '', fields: '{"busChannel":"c"}' }],
    [{ isNew: '' }, { fields: '{"isNew":""}' }],
  ])('keeps in fields what its columns do not say exactly: %j', (given, expected) => {
    expect(parsed(body(given as unknown as Fields))).toMatchObject(expected)
  })

  it('keeps in fields each value but the first of a name that comes again', () => {
    expect(parsed(`${body({ source: 'iOS' })}&source=Android&toUserId=u3&msgUID=X&content=`)).toMatchObject({
      source: 'iOS',
      targetId: 'u2',
      fields: '{"content":[""],"msgUID":["X"],"source":["Android"],"toUserId":["u3"]}',
    })
  })

  it('has every field of the protocol in its place', () => {
    const everything = body({
      toUserId: 'ultra1',
      channelType: 'ULTRAGROUP',
      sensitiveType: '2',
      source: 'iOS',
      groupUserIds: '[543,567]',
      busChannel: 'RCDefault',
      originalMsgUID: '5FGT-7VA9-G4DD-4V5P',
      aiGenerated: 'true',
    })
    expect(parse(everything, { appKey: 'app7' })).toEqual({
      message: {
        appKey: 'app7',
        msgUID: '6A1F-Q2PK-8CF0-01AB',
        channelType: 'ULTRAGROUP',
        fromUserId: 'u1',
        targetId: 'ultra1',
        busChannel: 'RCDefault',
        objectName: 'RC:TxtMsg',
        content: '{"content":"hello"}',
        sentAtMs: 1734595200123,
        source: 'iOS',
        sensitiveType: 2,
        fields: '{"aiGenerated":"true","groupUserIds":["543","567"],"originalMsgUID":"5FGT-7VA9-G4DD-4V5P"}',
      },
      problem: null,
    })
  })

  it('is read from the official example', () => {
    const example =
      'fromUserId=123&toUserId=456&objectName=RC%3ATxtMsg&content=%7B"content"%3A"hello"%7D&channelType=PERSON' +
      '&msgTimestamp=1408710653491&msgUID=596E-P5PG-4FS2-7OJK&groupUserIds=[543,567]'
    expect(parse(example)).toEqual({
      message: {
        appKey: 'app',
        msgUID: '596E-P5PG-4FS2-7OJK',
        channelType: 'PERSON',
        fromUserId: '123',
        targetId: '456',
        busChannel: '',
        objectName: 'RC:TxtMsg',
        content: '{"content":"hello"}',
        sentAtMs: 1408710653491,
        source: null,
        sensitiveType: null,
        fields: '{"groupUserIds":["543","567"]}',
      },
      problem: null,
    })
  })

  it('is the same from flat JSON', () => {
    const json = JSON.stringify({
      ...WHOLE,
      msgTimestamp: 1734595200123,
      groupUserIds: ['007'],
      source: null,
    })
    expect(parse(json)).toEqual(parse(body({ groupUserIds: '007' })))
  })

  it.each([
    '{"b":1, "a":12345678901234567890, "c":"\\u4f60\\/"}',
    ' \r\n\t not JSON 100% a=b&c+d ',
    '\0\uFEFF👋🏽',
    '<xml/>',
  ])('keeps content to the character: %j', (content) => {
    expect(parsed(body({ objectName: 'app:Own', content }))).toMatchObject({ content, problem: null })
  })

  it.each(['PERSON', 'CUSTOMERSERVICE', 'NOTIFY', 'MC', 'MP'])(
    'to one other has no channel, even where %s brings one; it stays a field',
    (channelType) => {
      expect(parsed(body({ channelType, busChannel: 'x' }))).toMatchObject({
        busChannel: '',
        fields: '{"busChannel":"x"}',
      })
      expect(parsed(body({ channelType, busChannel: '' }))).toMatchObject({ busChannel: '', fields: null })
    },
  )

  it.each(['GROUP', 'ULTRAGROUP', 'TEMPGROUP', 'PERSONS', 'FUTURE'])(
    'to many has the channel that %s brings, or the empty one',
    (channelType) => {
      expect(parsed(body({ channelType, busChannel: 'x' }))).toMatchObject({ busChannel: 'x', fields: null })
      expect(parsed(body({ channelType }))).toMatchObject({ busChannel: '', fields: null })
    },
  )

  it.each([
    [{}, null],
    [{ source: '' }, null],
    [{ source: 'HarmonyOS' }, 'HarmonyOS'],
    [{ source: 'Fridge' }, 'Fridge'],
  ])('with %j has the source %s', (given, source) => {
    expect(parsed(body(given))).toMatchObject({ source, fields: null, problem: null })
  })
})

describe('the time of a routed message', () => {
  it.each([
    ['milliseconds', { msgTimestamp: '1734595200123' }, 1734595200123],
    ['seconds', { msgTimestamp: '1734595200' }, 1734595200000],
    ['milliseconds of 2015', { timestamp: '1408710653491' }, 1408710653491],
    ['seconds of 2015', { timestamp: '1408710653' }, 1408710653000],
    [
      'the older name where the newer is empty',
      { msgTimestamp: '', timestamp: '1408710653491' },
      1408710653491,
    ],
  ])('is read from %s', (_what, given, sentAtMs) => {
    const result = parsed(form({ ...without('msgTimestamp'), ...given }))
    expect(result).toMatchObject({ sentAtMs, fields: null, problem: null })
  })

  it('is msgTimestamp where both names came; the other stays a field', () => {
    expect(parsed(body({ timestamp: '1408710653491' }))).toMatchObject({
      sentAtMs: 1734595200123,
      fields: '{"timestamp":"1408710653491"}',
    })
  })

  it.each([
    '173459520012',
    '17345952001234',
    '0',
    '-1734595200123',
    '1734595200123.5',
    '1.734595e12',
    ' 1734595200123',
    '0x1934595200',
    '１７３４５９５２００',
    '2024-12-19 16:00:00',
  ])('that is none, %s, is that of receipt, with a problem; what came stays a field', (msgTimestamp) => {
    expect(parsed(body({ msgTimestamp }))).toMatchObject({
      sentAtMs: RECEIVED_AT_MS,
      fields: JSON.stringify({ msgTimestamp }),
      problem: `msgTimestamp is no time: ${msgTimestamp}`,
    })
  })

  it.each([{}, { msgTimestamp: '' }])('that is missing is that of receipt, with a problem: %j', (given) => {
    expect(parsed(form({ ...without('msgTimestamp'), ...given }))).toMatchObject({
      sentAtMs: RECEIVED_AT_MS,
      fields: null,
      problem: 'msgTimestamp is missing',
    })
  })
})

describe('a body that holds no message', () => {
  it.each(['fromUserId', 'toUserId', 'objectName', 'channelType'])('is one without %s, or empty', (name) => {
    expect(parse(form(without(name)))).toEqual({ unreadable: `missing ${name}` })
    expect(parse(body({ [name]: '' }))).toEqual({ unreadable: `missing ${name}` })
  })

  it('is one without content, which may be empty though', () => {
    expect(parse(form(without('content')))).toEqual({ unreadable: 'missing content' })
    expect(parse(JSON.stringify({ ...WHOLE, content: null }))).toEqual({ unreadable: 'missing content' })
    expect(parsed(body({ content: '' }))).toMatchObject({ content: '', problem: 'content is empty' })
    expect(parsed(body({ content: '', objectName: 'app:Own' }))).toMatchObject({ content: '', problem: null })
  })

  it.each(['', '[]', '{}', 'hello', '<xml/>', '[{"fromUserId":"u1"}]', '\0'])(
    'is %j, and all that is missing is said at once',
    (text) => {
      expect(parse(text)).toEqual({
        unreadable: 'missing fromUserId, toUserId, objectName, channelType, content',
      })
    },
  )

  it('is no other: a time and a msgUID may be missing', () => {
    expect(parsed(form(without('msgTimestamp', 'msgUID'))).content).toBe('{"content":"hello"}')
  })
})

describe('what is odd about a message', () => {
  it.each<[Fields, string]>([
    [{ channelType: 'FUTURE' }, 'unknown channelType FUTURE'],
    [{ channelType: 'person' }, 'unknown channelType person'],
    [{ channelType: '__proto__' }, 'unknown channelType __proto__'],
    [{ fromUserId: 'u 1' }, 'fromUserId holds a blank, perhaps a + that was not encoded'],
    [{ toUserId: ' u2' }, 'toUserId holds a blank, perhaps a + that was not encoded'],
    [{ sensitiveType: 'yes' }, 'sensitiveType is no number: yes'],
    [{ sensitiveType: '-1' }, 'sensitiveType is no number: -1'],
    [{ sensitiveType: '1.5' }, 'sensitiveType is no number: 1.5'],
    [{ sensitiveType: '12345678901234567890' }, 'sensitiveType is no number: 12345678901234567890'],
    [{ objectName: 'RC:FutureMsg' }, 'unknown object name RC:FutureMsg'],
    [{ content: 'hello' }, 'content is not JSON'],
    [{ content: '[]' }, 'content is not a JSON object'],
  ])('of %j is told', (given, problem) => {
    expect(parsed(body(given)).problem).toBe(problem)
  })

  it('is told all at once', () => {
    const odd = parsed(
      form({
        ...without('msgTimestamp'),
        channelType: 'FUTURE',
        fromUserId: 'a b',
        toUserId: 'c d',
        sensitiveType: '?',
        content: '',
      }),
    )
    expect(odd.problem).toBe(
      'msgTimestamp is missing; unknown channelType FUTURE; ' +
        'fromUserId holds a blank, perhaps a + that was not encoded; ' +
        'toUserId holds a blank, perhaps a + that was not encoded; ' +
        'sensitiveType is no number: ?; content is empty',
    )
  })

  it('is never quoted at length', () => {
    const long = 'x'.repeat(10_000)
    const { problem } = parsed(body({ channelType: long, msgTimestamp: long, sensitiveType: long }))
    expect(problem).toContain(`unknown channelType ${'x'.repeat(60)}…;`)
    expect(problem?.length).toBeLessThan(400)
    expect(parsed(body({ channelType: long.slice(0, 60) })).problem).toMatch(/ x{60}$/)
    expect(parsed(body({ channelType: long.slice(0, 61) })).problem).toMatch(/ x{60}…$/)
  })

  it('is a body that is no UTF-8, whatever part of it', () => {
    expect(parsed(`${body()}&extra=%FF`).problem).toBe('the body is not valid UTF-8')
    expect(parsed(`${body()}&extra=%EF%BF%BD`).problem).toBeNull()
  })

  it.each([
    { fromUserId: 'a+b=c-d_e' },
    { objectName: 'app:Order', content: 'anything' },
    { sensitiveType: '' },
    { msgUID: 'any text', neverHeardOf: 'x' },
  ])('is not %j', (given) => {
    expect(parsed(body(given)).problem).toBeNull()
  })

  it.each([0, 1, 2, 7])('is not sensitiveType %s, which is a number', (sensitiveType) => {
    const result = parsed(body({ sensitiveType: String(sensitiveType) }))
    expect(result).toMatchObject({ sensitiveType, fields: null, problem: null })
  })

  it('leaves a sensitiveType that is no number among the fields', () => {
    expect(parsed(body({ sensitiveType: 'yes' }))).toMatchObject({
      sensitiveType: null,
      fields: '{"sensitiveType":"yes"}',
    })
  })
})
