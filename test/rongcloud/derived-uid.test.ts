import { describe, expect, it } from 'vitest'
import { UTC } from '../../src/domain/log-zone.ts'
import { readForm } from '../../src/rongcloud/form.ts'
import { parseLogRecord } from '../../src/rongcloud/history-log/record.ts'
import { parseRoutedMessage } from '../../src/rongcloud/routed-message.ts'
import { hashing } from '../support/hashing.ts'

type Fields = Record<string, string>

const form = (fields: Fields) => new URLSearchParams(fields).toString()

function parsed(body: string, { appKey = 'app', receivedAtMs = 1734600000000 } = {}) {
  const bytes = new TextEncoder().encode(body)
  const result = parseRoutedMessage(readForm(bytes), { appKey, receivedAtMs, hashing })
  if ('unreadable' in result) throw new Error(`unreadable: ${result.unreadable}`)
  return { ...result.message, problem: result.problem }
}

describe('a message without msgUID, as in 2015', () => {
  const legacy: Fields = {
    fromUserId: 'u1',
    toUserId: 'u2',
    objectName: 'RC:TxtMsg',
    content: '{"content":"hello"}',
    channelType: 'PERSON',
    timestamp: '1408710653491',
  }
  const uidOf = (fields: Fields, circumstances?: { appKey?: string; receivedAtMs?: number }) =>
    parsed(form(fields), circumstances).msgUID

  it('is read whole', () => {
    expect(parsed(form(legacy))).toMatchObject({
      sentAtMs: 1408710653491,
      source: null,
      sensitiveType: null,
      fields: null,
      problem: null,
    })
  })

  it('gets one that RongCloud cannot make, from what tells two messages apart', () => {
    const identity = 'app|u1|u2|RC:TxtMsg|PERSON|1408710653491|{"content":"hello"}'
    expect(uidOf(legacy)).toBe(`sha256:${hashing.sha256(identity)}`)
    expect(uidOf({ ...legacy, msgUID: '' })).toBe(uidOf(legacy))
  })

  it('gets the same one whenever it comes again, even without a time', () => {
    const { timestamp: _, ...timeless } = legacy
    expect(uidOf(legacy, { receivedAtMs: 1 })).toBe(uidOf(legacy, { receivedAtMs: 2 }))
    expect(uidOf(timeless, { receivedAtMs: 1 })).toBe(uidOf(timeless, { receivedAtMs: 2 }))
    expect(uidOf({ ...legacy, timestamp: 'soon' }, { receivedAtMs: 1 })).toBe(
      uidOf({ ...legacy, timestamp: 'soon' }, { receivedAtMs: 2 }),
    )
  })

  it.each(Object.keys(legacy))('gets another one when its %s differs', (name) => {
    const others: Fields = { timestamp: '1408710653492', content: '{"content":"hello "}' }
    const other = others[name] ?? `${legacy[name]} `
    expect(uidOf({ ...legacy, [name]: other })).not.toBe(uidOf(legacy))
  })

  it.each([
    ['{"b":[1,{"d":1,"c":2}],"a":"/"}', '{ "a": "\\/", "b": [1, {"c": 2, "d": 1}] }'],
    ['{"id":12345678901234567890}', '{"id": 12345678901234567890}'],
  ])('gets the same one however its JSON is written: %s, %s', (content, other) => {
    expect(uidOf({ ...legacy, content })).toBe(uidOf({ ...legacy, content: other }))
  })

  it('gets another one for numbers that JavaScript takes for the same', () => {
    const [one, other] = ['1', '2'].map((end) =>
      uidOf({ ...legacy, content: `{"id":1234567890123456789${end}}` }),
    )
    expect(one).not.toBe(other)
  })

  it('is had of content that is nested without end', () => {
    const content = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
    expect(uidOf({ ...legacy, content })).toMatch(/^sha256:/)
  })

  it('gets another one in another app', () => {
    expect(uidOf(legacy, { appKey: 'other' })).not.toBe(uidOf(legacy))
  })

  it.each([
    ['timestamp as a number', { timestamp: 1408710653491 }],
    ['timestamp as text', { timestamp: '1408710653491', dateTime: '2014-08-22 20:30:53.491' }],
    ['dateTime alone', { dateTime: '2014-08-22 12:30:53.491' }],
  ])('gets the one that a line of a log with %s gets', (_what, time) => {
    const record = { appId: 'app', fromUserId: 'u1', targetId: 'u2', targetType: 1, classname: 'RC:TxtMsg' }
    const line = JSON.stringify({ ...record, ...time, content: { content: 'hello' } })
    const read = parseLogRecord(line, { appKey: null, receivedAtMs: 0, zone: UTC, hashing })
    expect('message' in read && read.message.msgUID).toBe(uidOf(legacy))
  })
})
