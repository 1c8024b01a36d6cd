import { describe, expect, it } from 'vitest'
import { EVENT_KINDS } from '../../../src/rongcloud/events/index.ts'
import { kindFitting, kindNamedBy } from '../../../src/rongcloud/events/which-kind.ts'
import { bytesOf, ELEMENTS } from './examples.ts'

describe('the kind of a callback whose address does not tell', () => {
  it.each(EVENT_KINDS)('is known by the members of its body: %s', (kind) => {
    const told = kind.startsWith('rtc-') ? 'rtc-rooms' : kind
    expect(kindFitting(bytesOf(JSON.stringify(ELEMENTS[kind])))).toBe(told)
    expect(kindFitting(bytesOf(JSON.stringify([ELEMENTS[kind], ELEMENTS[kind]])))).toBe(told)
  })

  it.each(['', 'hello', '{}', '[]', 'a=1', '{"never":"heard of"}', '<x/>'])('is unknown of %j', (body) => {
    expect(kindFitting(bytesOf(body))).toBe(null)
  })

  it.each([
    ['/callback/online-status', 'online-status'],
    ['/im/onlineStatus/notify', 'online-status'],
    ['/callbacks/pre_message', 'pre-messages'],
    ['/Callbacks/CHATROOM-STATUS/v2', 'chatroom-status'],
    ['/callbacks/friend', 'friends'],
    ['/rongcloud/callbacks/bots', 'bots'],
  ])('is named by a part of the path %s', (path, kind) => {
    expect(kindNamedBy(path)).toBe(kind)
  })

  it.each(['/', '/callbacks/messages', '/callback', '/online', '/%E4%BD%A0', '///'])(
    'is not named by %s',
    (path) => {
      expect(kindNamedBy(path)).toBe(null)
    },
  )
})
