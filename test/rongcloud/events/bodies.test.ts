import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, readEvents, type EventKind } from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS, bytesOf, eventsOf, onlyEventOf } from './examples.ts'
import { QUADRATIC_MS } from '../../support/quadratic.ts'

const read = (kind: EventKind, body: string) => readEvents(kind, bytesOf(body))
const json = (kind: EventKind) => JSON.stringify(ELEMENTS[kind])
const EVERY_JSON_KIND = EVENT_KINDS.filter((kind) => kind !== 'public-service')

describe('a body', () => {
  it.each(EVENT_KINDS)('of %s may be one object or a list of several', (kind) => {
    const [single] = eventsOf(kind, json(kind))
    expect(eventsOf(kind, `[${json(kind)}]`)).toEqual([single])
    expect(eventsOf(kind, `[${json(kind)},${json(kind)},${json(kind)}]`)).toEqual([single, single, single])
  })

  it('keeps every element to the character', () => {
    const elements = [
      String.raw`{"userid": 12345678901234567890,	"time":1.0e3 , "b":"\u4f60\/[,]{}\"", "a":[{"x":[]},"}"]}`,
      '{ }',
      String.raw`{"userid":"\\","time":"\\\""}`,
      '{"userid":"你好 👋","__proto__":{"a":1}}',
    ]
    const body = ` \r\n[\n\t${elements.join(' ,\n ')}\n] `
    expect(eventsOf('online-status', body).map((event) => event.body)).toEqual(elements)
  })

  it('keeps a single object without the blanks around it', () => {
    expect(onlyEventOf('bots', ' \r\n{ "type" : "x" }\n').body).toBe('{ "type" : "x" }')
  })

  it('keeps the members of an id that is a number of twenty digits', () => {
    expect(onlyEventOf('user-profiles', '{"userId":12345678901234567890}').userId).toBe(
      '12345678901234567890',
    )
    expect(onlyEventOf('user-profiles', '{"userId":42}').userId).toBe('42')
  })

  it.each(['5', 'null', 'true', '"text"', '"{\\"userid\\":\\"u1\\"}"', '[1,{"userid":"u1"}]', '1e400'])(
    'keeps an element that is no object, beside one that is: %s',
    (element) => {
      expect(eventsOf('online-status', `[${element},${json('online-status')}]`)).toMatchObject([
        {
          body: element,
          problem: 'not an object',
          identity: null,
          occurredAtMs: null,
          userId: null,
          targetId: null,
          msgUID: null,
        },
        { problem: null, userId: 'u1' },
      ])
    },
  )

  it.each(EVENT_KINDS)('of %s may begin with a byte order mark', (kind) => {
    const expected = eventsOf(kind, json(kind))
    expect(eventsOf(kind, Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf(json(kind))]))).toEqual(expected)
    expect(eventsOf(kind, `\uFEFF[${json(kind)}]`)).toEqual(expected)
  })

  it('keeps a form whole, raw characters and broken escapes included', () => {
    const body = 'userId=u1&operateId=o1&type=0&code=0&time=1734595243777&note=100%&x={"a":1}&说=好'
    expect(onlyEventOf('user-deactivations', body)).toMatchObject({ body, problem: null, userId: 'u1' })
  })

  it('does not name one user where a form lists several', () => {
    expect(
      onlyEventOf('chatroom-status', 'chatRoomId=r1&type=1&time=1734595243777&userIds=u1,u2'),
    ).toMatchObject({
      userId: null,
      targetId: 'r1',
      problem: null,
    })
    expect(
      onlyEventOf('chatroom-status', 'chatRoomId=r1&type=1&time=1734595243777&userIds=u1&userIds=u2'),
    ).toMatchObject({ userId: null, problem: null })
  })

  it.each([
    ['as JSON', `{"profiles": [${json('group-info')} , ${json('group-info')}]}`],
    ['in a form', `profiles=${encodeURIComponent(`[${json('group-info')},${json('group-info')}]`)}`],
    ['as text in JSON', JSON.stringify({ profiles: `[${json('group-info')},${json('group-info')}]` })],
  ])('may have its list in profiles, %s, as the documents of hosted groups say', (_how, body) => {
    const [single] = eventsOf('group-info', json('group-info'))
    expect(eventsOf('group-info', body)).toEqual([single, single])
  })

  it('keeps profiles whole where there is more than a list', () => {
    const bodies = [
      '{"profiles":[{}],"time":1}',
      '{"profiles":{}}',
      '{"profiles":[1],"profiles":[2]}',
      '{"profiles":"x"}',
      'profiles=[{}]&time=1',
      'profiles=x',
    ]
    for (const body of bodies) expect(onlyEventOf('group-info', body).body).toBe(body)
  })

  it('is unreadable beyond ten thousand elements, and so kept whole', () => {
    expect(eventsOf('online-status', `[${'0,'.repeat(9_999)}0]`)).toHaveLength(10_000)
    expect(read('online-status', `[${'0,'.repeat(10_000)}0]`)).toEqual({
      unreadable: 'more than 10000 elements',
    })
  })
})

describe('a malformed body', () => {
  it.each(EVENT_KINDS)('of %s is unreadable', (kind) => {
    expect(read(kind, '')).toEqual({ unreadable: 'the body is empty' })
    expect(read(kind, ' \r\n\t')).toEqual({ unreadable: 'the body is empty' })
    expect(read(kind, '\uFEFF')).toEqual({ unreadable: 'the body is empty' })
    for (const nothing of ['[]', ' [ ] ', '{"profiles":[]}', 'profiles=[]'])
      expect(read(kind, nothing)).toEqual({ unreadable: 'the list is empty' })
    expect(read(kind, 'hello')).toEqual({ unreadable: 'the body is no form' })
    expect(read(kind, 'null')).toEqual({ unreadable: 'the body is no form' })
    expect(read(kind, '=1&=2')).toEqual({ unreadable: 'the body is no form' })
    expect(read(kind, '<xml>')).toEqual({ unreadable: 'the body is not XML' })
  })

  it.each(EVERY_JSON_KIND)('of %s that was cut off anywhere is unreadable', (kind) => {
    const body = `[${json(kind)}]`
    for (const length of [1, 2, Math.floor(body.length / 2), body.length - 2, body.length - 1]) {
      expect(read(kind, body.slice(0, length))).toEqual({ unreadable: 'the body is not JSON' })
    }
  })

  it.each(['{"a":1}{"a":2}', '{"a":1}\n{"a":2}', '[{}],', "{'a':1}", '[1,]', '{"a":01}', '[}', '{a=1'])(
    'is no JSON: %s',
    (body) => {
      expect(read('bots', body)).toEqual({ unreadable: 'the body is not JSON' })
    },
  )

  it('never quotes what it held', () => {
    const secret = 'do-not-log-me'
    const bodies = [
      `{"${secret}`,
      `[${secret}]`,
      secret,
      `<${secret}>`,
      JSON.stringify({ time: secret, userid: [secret] }),
    ]
    for (const body of bodies) {
      const result = read('online-status', body)
      const said =
        'unreadable' in result ? result.unreadable : result.events.map(({ problem }) => problem).join()
      expect(said).not.toBe('')
      expect(said).not.toContain(secret)
    }
  })

  it('has problems of bounded length', () => {
    const body = JSON.stringify({
      ...ELEMENTS['pre-messages'],
      toUserIds: Array.from({ length: 50_000 }, () => ({})),
    })
    expect(onlyEventOf('pre-messages', body).problem).toBe('toUserIds: expected a list of ids')
    const allWrong = Object.keys(ELEMENTS['pre-messages']).map((name) => [name, {}])
    const { problem } = onlyEventOf('pre-messages', JSON.stringify(Object.fromEntries(allWrong)))
    expect(problem?.length).toBeLessThan(600)
  })

  it.each([
    ['raw in JSON', [...bytesOf('[{"userid":"u'), 0xff, ...bytesOf('"}]')], true],
    ['raw in a form', [...bytesOf('userid=u'), 0xff, ...bytesOf('&time=1')], true],
    ['percent-encoded', [...bytesOf('userid=u%FF')], true],
    ['not at all: a replacement character was sent', [...bytesOf('[{"userid":"u\uFFFD"}]')], false],
    ['not at all: half an emoji was escaped', [...bytesOf(String.raw`[{"userid":"u\ud83d"}]`)], false],
  ])('tells that bytes were lost which are no UTF-8, %s', (_where, bytes, lossy) => {
    const result = readEvents('online-status', Uint8Array.from(bytes))
    expect(result).toMatchObject({ lossy, events: [{ userId: 'u\uFFFD' }] })
    const problem = onlyEventOf('online-status', Uint8Array.from(bytes)).problem ?? ''
    expect(problem.startsWith('the body is not valid UTF-8; ')).toBe(lossy)
  })

  it.each(['[', '{"a":'])('nested a hundred thousand deep with %s does no harm', (opening) => {
    const closing = opening === '[' ? ']' : '}'
    const deep = opening.repeat(100_000) + '12345678901234567890' + closing.repeat(100_000)
    for (const kind of ['audit-results', 'bots', 'chatroom-status', 'message-operations'] as const) {
      expect(eventsOf(kind, deep)[0]?.problem).not.toBeNull()
      expect(eventsOf(kind, `[${deep},${json(kind)}]`)).toMatchObject([{ body: deep }, { problem: null }])
      const inside = `{"userIds":${deep},"content":${deep},"bot":${deep},"conversationInfo":${JSON.stringify(deep)}}`
      expect(onlyEventOf(kind, inside).body).toBe(inside)
    }
  })

  it('of a million small pieces takes time in proportion to its length', () => {
    const bodies = [
      `[${'0,'.repeat(500_000)}0]`,
      `[${'{},'.repeat(9_999)}{}]`,
      `{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join()}}`,
      '<a>'.repeat(300_000),
      '<a><![CDATA['.repeat(80_000),
      `<${'a'.repeat(1_000_000)}`,
      `<a ${' '.repeat(1_000_000)}`,
      `<a><b>${'&#'.repeat(400_000)}</b></a>`,
      'a=1&'.repeat(250_000),
    ]
    for (const body of bodies) {
      const start = performance.now()
      read('pre-messages', body)
      expect(performance.now() - start).toBeLessThan(QUADRATIC_MS)
    }
  })
})
