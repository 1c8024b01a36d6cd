import { describe, expect, it } from 'vitest'
import { deliveriesOf } from '../../simulator/deliveries.ts'
import type { JsonObject } from '../../simulator/message.ts'
import { conversationKeyOf } from '../../src/domain/conversation.ts'
import { pairOfConversation } from '../../src/domain/parties.ts'
import { findContentProblem, KNOWN_OBJECT_NAMES, textOf } from '../../src/rongcloud/message-types/index.ts'
import { firstMessages, TRAFFIC } from './runs.ts'

const CONTENT_MAX_BYTES = 131_072
const messages = firstMessages(5000)
const byUID = new Map(messages.map((message) => [message.msgUID, message]))
const ofType = (objectName: string) => messages.filter((message) => message.objectName === objectName)
const contentOf = ({ content }: { content: string }) => JSON.parse(content) as JsonObject

const bodiesOf = (seed: number, events: boolean) =>
  deliveriesOf(firstMessages(300, { seed }), { seed, messages: 300, events, appKey: 'a' })
    .map(({ request }) => `${request.path} ${request.body}`)
    .toArray()

describe('the traffic', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(bodiesOf(7, true)).toEqual(bodiesOf(7, true))
    const other = new Set(bodiesOf(8, false))
    expect(bodiesOf(7, false).filter((body) => other.has(body))).toEqual([])
  })

  it('is no other for being longer, or for the callbacks between its messages', () => {
    expect(messages.slice(0, 300)).toEqual(firstMessages(300))
    const isMessage = (body: string) => body.startsWith('/callbacks/messages ')
    expect(bodiesOf(7, true).filter(isMessage)).toEqual(bodiesOf(7, false))
  })

  it.each([1, 2, 3])('has every known type in the first thousand messages (seed %i)', (seed) => {
    const sent = new Set(firstMessages(1000, { seed }).map(({ objectName }) => objectName))
    expect(KNOWN_OBJECT_NAMES.filter((name) => !sent.has(name))).toEqual([])
  })

  it('has content that fits its type and RongCloud’s limit', () => {
    const problems = messages.map(({ objectName, content }) => findContentProblem(objectName, content))
    expect(problems.filter((problem) => problem !== null)).toEqual([])
    const sizes = messages.map(({ content }) => Buffer.byteLength(content))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(CONTENT_MAX_BYTES)
  })

  it('is mostly text, with pictures, files, voices and the app’s own types between', () => {
    const share = (objectName: RegExp) =>
      messages.filter((message) => objectName.test(message.objectName)).length / messages.length
    expect(share(/^RC:TxtMsg$/)).toBeGreaterThan(0.6)
    expect(share(/^RC:TxtMsg$/)).toBeLessThan(0.8)
    for (const type of [
      /^RC:ImgMsg$/,
      /^RC:FileMsg$/,
      /^RC:(HQ)?V(C|c)Msg$/,
      /^RC:VC[A-Z]/,
      /^RC:RcCmd$/,
      /^(shop|app):/,
    ])
      expect(share(type)).toBeGreaterThan(0.005)
  })

  it('leaves no hole in what people say', () => {
    const texts = messages.map(({ objectName, content }) => textOf(objectName, content) ?? '')
    expect(texts.filter((text) => /\{\w+\}|undefined|NaN/.test(text))).toEqual([])
  })

  it('goes through all kinds of conversation', () => {
    const kinds = new Set(messages.map(({ channelType }) => channelType))
    expect([...kinds].toSorted()).toEqual(
      'CUSTOMERSERVICE GROUP MC MP NOTIFY PERSON PERSONS TEMPGROUP ULTRAGROUP'.split(' '),
    )
  })

  it('is by half or more between members and sellers, whom the archive’s templates tell apart', () => {
    const pairs = messages.filter((message) =>
      pairOfConversation(TRAFFIC.templates, conversationKeyOf({ ...message, appKey: 'a' })),
    )
    expect(pairs.length / messages.length).toBeGreaterThan(0.5)
  })

  it('tells who somebody is in a share of messages, rightly', () => {
    const told = messages.filter(({ content }) => content.startsWith('{') && 'user' in JSON.parse(content))
    expect(told.length / messages.length).toBeGreaterThan(0.2)
    for (const message of told) expect(contentOf(message)['user']).toMatchObject({ id: message.fromUserId })
  })

  it('has times that go on and ids that go with them', () => {
    const times = messages.map(({ sentAtMs }) => sentAtMs)
    expect(times.toSorted((one, other) => one - other)).toEqual(times)
    const msgUIDs = messages.map(({ msgUID }) => msgUID)
    expect(msgUIDs.toSorted()).toEqual(msgUIDs)
    expect(byUID.size).toBe(messages.length)
  })
})

describe('a message about another', () => {
  it.each([
    ['RC:RcCmd', 'messageUId'],
    ['RC:MsgExMsg', 'mid'],
    ['RC:ReferenceMsg', 'referMsgUid'],
    ['RC:ReadNtf', 'messageUId'],
  ])('%s is about an earlier one of its conversation', (objectName, member) => {
    expect(ofType(objectName).length).toBeGreaterThan(10)
    for (const message of ofType(objectName)) {
      const about = byUID.get(String(contentOf(message)[member]))
      expect(about?.index).toBeLessThan(message.index)
      expect(conversationKeyOf({ ...message, appKey: 'a' })).toEqual(
        about && conversationKeyOf({ ...about, appKey: 'a' }),
      )
    }
  })

  it('is taken back by nobody but its author', () => {
    for (const recall of ofType('RC:RcCmd'))
      expect(byUID.get(String(contentOf(recall)['messageUId']))?.fromUserId).toBe(recall.fromUserId)
  })

  it('is changed by its author, in ultra groups alone', () => {
    const edits = messages.filter(({ originalMsgUID }) => originalMsgUID !== null)
    expect(edits.length).toBeGreaterThan(5)
    for (const { originalMsgUID, fromUserId, busChannel } of edits)
      expect(byUID.get(originalMsgUID ?? '')).toMatchObject({
        fromUserId,
        busChannel,
        channelType: 'ULTRAGROUP',
      })
  })
})

describe('the deliveries', () => {
  const options = { seed: 1, messages: 5000, events: true, appKey: 'a' }
  const deliveries = deliveriesOf(messages, options).toArray()
  const indexes = deliveries.flatMap(({ index }) => (index === null ? [] : [index]))

  it('hold every message, some twice', () => {
    expect(new Set(indexes).size).toBe(messages.length)
    const again = indexes.length - messages.length
    expect(again).toBeGreaterThan(messages.length * 0.005)
    expect(again).toBeLessThan(messages.length * 0.03)
  })

  it('hold other callbacks in a small share', () => {
    const share = 1 - indexes.length / deliveries.length
    expect(share).toBeGreaterThan(0.03)
    expect(share).toBeLessThan(0.1)
  })
})
