import { describe, expect, it } from 'vitest'
import { conversationKeyOf } from '../../src/domain/conversation.ts'
import { createChange } from '../../src/domain/message-change.ts'
import { stateOf } from '../../src/domain/message-state.ts'

const address = { appKey: 'app', channelType: 'GROUP', fromUserId: 'alice', targetId: 'g1', busChannel: '' }
const conversation = conversationKeyOf(address)
const said = { objectName: 'RC:TxtMsg', content: 'first' }
const message = { ...said, appKey: 'app', msgUID: 'm1', conversation, fromUserId: 'alice', sentAtMs: 100 }
const base = { appKey: 'app', msgUID: 'm1', upToMs: null, conversation, byUserId: 'bob', atMs: 200 }
const edit = (msgUID: string, content: string, atMs: number) =>
  createChange({ ...base, atMs, kind: 'edit', data: { msgUID, objectName: 'RC:TxtMsg', content } })

describe('the identity of an edit', () => {
  it('is that of the message that brings it, whatever it says', () => {
    expect(edit('e1', 'x'.repeat(100_000), 1).identity).toBe(edit('e1', 'other', 2).identity)
    expect(edit('e1', 'a', 1).identity).not.toBe(edit('e2', 'a', 1).identity)
  })

  it('is told by what it says where it came under the uid of its message', () => {
    expect(edit('m1', 'a', 1).identity).toBe(edit('m1', 'a', 2).identity)
    expect(edit('m1', 'a', 1).identity).not.toBe(edit('m1', 'b', 1).identity)
  })
})

describe('a message', () => {
  it('has no version that says what the one before it says, in whatever order its JSON is written', () => {
    const { versions } = stateOf({ ...message, content: '{"a":1,"b":2}' }, [
      edit('e1', '{"b":2, "a":1}', 300),
      edit('e2', '{"a":2}', 400),
      edit('e3', '{ "a": 2 }', 500),
      edit('e4', '{"a":1,"b":2}', 600),
    ])
    expect(versions.map(({ msgUID }) => msgUID)).toEqual(['e2', 'e4'])
  })

  it('has a version whose id of nineteen digits alone is another', () => {
    const before = { ...message, content: '{"orderId":1970072392013557230}' }
    const changes = [
      edit('e1', '{ "orderId": 1970072392013557230 }', 300),
      edit('e2', '{"orderId":1970072392013557231}', 400),
    ]
    expect(stateOf(before, changes).versions.map(({ msgUID }) => msgUID)).toEqual(['e2'])
  })

  it('has every version that came under its own uid', () => {
    const changes = [edit('m1', 'third', 400), edit('m1', 'second', 300), edit('m1', 'third', 500)]
    expect(stateOf(message, changes).versions.map(({ content }) => content)).toEqual(['second', 'third'])
  })

  it('has the packets of its own sender, in the order of their times', () => {
    const packet = (msgUID: string, atMs: number, byUserId = 'alice') =>
      createChange({ ...base, byUserId, atMs, kind: 'packet', data: { msgUID, content: String(atMs) } })
    const { packets } = stateOf(message, [packet('p2', 300), packet('p1', 200), packet('p3', 250, 'bob')])
    expect(packets.map(({ content }) => content)).toEqual(['200', '300'])
  })
})
