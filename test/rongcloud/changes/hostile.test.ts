import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANGE_KINDS, type MessageChange } from '../../../src/domain/message-change.ts'
import { stateOf } from '../../../src/domain/message-state.ts'
import { changesOfBotEvent, changesOfMessage } from '../../../src/rongcloud/changes/index.ts'
import { messageSamples } from '../../support/samples.ts'
import { hashing } from '../../support/hashing.ts'
import { readForm } from '../../../src/rongcloud/form.ts'
import { parseRoutedMessage } from '../../../src/rongcloud/routed-message.ts'
import { aMessage } from './messages.ts'

const SIGNALS = [
  'RC:RcCmd',
  'RC:MsgExMsg',
  'RC:ReadNtf',
  'RC:RRReqMsg',
  'RC:RRRspMsg',
  'RC:RcNtf',
  'RC:StreamMsg',
]
const MEMBERS = `messageUId uId msgUID conversationType targetId channelId isAdmin isDelete originalFromUserId mid put del
  clear lastMessageSendTime receiptMessageDic objectName content fromUserId toUserId channelType __proto__`

const names = fc.constantFrom(...SIGNALS, 'RC:TxtMsg', '__proto__')
const places = fc.constantFrom('PERSON', 'GROUP', 'ULTRAGROUP', 'NOTIFY', 'FUTURE')
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    names,
    fc.constantFrom('M1', '1', 'true', 3, 1734595201456),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom(...MEMBERS.split(/\s+/)), tie('value'), { maxKeys: 8 }),
}))

function expectWhole(changes: readonly MessageChange[]) {
  for (const change of changes) {
    expect(CHANGE_KINDS).toContain(change.kind)
    expect(change.appKey).toBe('app')
    expect((change.msgUID === null) !== (change.upToMs === null)).toBe(true)
    expect(JSON.parse(change.identity)).toHaveProperty('0', change.kind)
    if (change.msgUID === null || change.conversation === null) continue
    const { msgUID, conversation } = change
    const said = { objectName: 'RC:StreamMsg', content: '{"content":"first"}' }
    const message = { ...said, appKey: 'app', msgUID, conversation, fromUserId: 'someone', sentAtMs: 0 }
    expect(() => stateOf(message, changes)).not.toThrow()
  }
}

describe('hostile content', () => {
  it('of any shape changes something or nothing, without throwing', () => {
    fc.assert(
      fc.property(names, places, value, value, (objectName, channelType, content, named) => {
        const fields = JSON.stringify({ originalMsgUID: named })
        const message = aMessage({ objectName, channelType, fields, content: JSON.stringify(content) })
        expectWhole(changesOfMessage(message))
      }),
      { numRuns: 3000 },
    )
  })

  it('that is any string at all changes something or nothing, without throwing', () => {
    fc.assert(
      fc.property(names, fc.string({ unit: 'binary' }), (objectName, content) => {
        expectWhole(changesOfMessage(aMessage({ objectName, content, fields: content })))
      }),
    )
  })

  it('of an event of a bot does no harm either', () => {
    const types = fc.constantFrom(
      'message:private_recall',
      'message:group_read',
      'message:group_mentioned_recall',
    )
    fc.assert(
      fc.property(types, fc.oneof(value, fc.anything()), (type, data) => {
        expectWhole(changesOfBotEvent({ type, atMs: 1, botUserId: 'bot', data: data as never }, 'app'))
      }),
      { numRuns: 3000 },
    )
  })

  it.each(SIGNALS)('nested a hundred thousand deep does no harm as %s', (objectName) => {
    const arrays = '['.repeat(100_000) + ']'.repeat(100_000)
    const objects = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)
    for (const deep of [arrays, objects]) {
      const content = `{"messageUId":"M1","mid":"M1","targetId":${deep},"user":${deep},"put":{"a":${deep},"b":"1"},
        "del":${deep},"receiptMessageDic":{"u":${deep}},"lastMessageSendTime":${deep}}`
      expect(() => changesOfMessage(aMessage({ objectName, content }))).not.toThrow()
      expect(() => changesOfMessage(aMessage({ objectName, content: deep }))).not.toThrow()
    }
  })
})

describe('the samples', () => {
  it('change what their notes say', () => {
    const changes = messageSamples.flatMap(({ name, body }) => {
      const form = readForm(new TextEncoder().encode(body))
      const parsed = parseRoutedMessage(form, { appKey: 'app', receivedAtMs: 0, hashing })
      if ('unreadable' in parsed) return []
      return changesOfMessage(parsed.message).map(({ kind, msgUID, upToMs }) => [
        name,
        kind,
        msgUID ?? upToMs,
      ])
    })
    expect(changes).toEqual([
      ['group-recall-command', 'recall', '6A1F-Q2PK-8CF0-01AD'],
      ['person-read-receipt', 'read', 1734595201456],
      ['group-receipt-request', 'receipt_request', '6A1F-Q2PK-8CF0-01AE'],
      ['ultragroup-expansion-update', 'expansion', '6A1F-Q2PK-8CF0-01AQ'],
    ])
  })
})
