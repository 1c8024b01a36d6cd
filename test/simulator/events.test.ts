import { describe, expect, it } from 'vitest'
import { deliveriesOf } from '../../simulator/deliveries.ts'
import { sign } from '../../simulator/sign.ts'
import type { CallbackRequest } from '../../simulator/wire.ts'
import { verifySignature } from '../../src/rongcloud/signature.ts'
import { APP } from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'
import { firstMessages } from './runs.ts'

const KINDS =
  `pre-messages message-operations online-status chatroom-status chatroom-kv user-deactivations audit-results
  hosted-moderation group-info group-operations user-profiles friends bots public-service rtc-rooms
  rtc-recordings rtc-players rtc-cdn-pushes rtc-screenshots rtc-moderation`.split(/\s+/)

const options = { seed: 1, messages: 1000, events: true, appKey: APP.appKey }
const requests = deliveriesOf(firstMessages(1000), options)
  .filter(({ index }) => index === null)
  .map(({ request }) => request)
  .toArray()
const requestsTo = (kind: string) => requests.filter(({ path }) => path === `/callbacks/${kind}`)
const jsonOf = ({ body }: CallbackRequest) => JSON.parse(body) as Record<string, unknown>

describe('the other callbacks', () => {
  it('go to all addresses there are, several times in a thousand messages', () => {
    const paths = new Set(requests.map(({ path }) => path))
    expect(paths).toEqual(new Set(KINDS.map((kind) => `/callbacks/${kind}`)))
    for (const kind of KINDS) expect(requestsTo(kind).length).toBeGreaterThan(2)
  })

  it.each(KINDS)('to %s can be verified', (kind) => {
    const [request] = requestsTo(kind)
    const { query, headers } = sign(APP, request!.carrier, { timeMs: 1_734_595_200_123 })
    const callback = { query: query.replace('?', ''), header: (name: string) => headers[name] }
    const apps = [{ appKey: APP.appKey, secrets: [APP.secret] }]
    expect(verifySignature(apps, hashing, callback)).toMatchObject({ appKey: APP.appKey })
  })

  it('come in the shape of their kind', () => {
    for (const kind of ['online-status', 'chatroom-status', 'chatroom-kv', 'group-info', 'group-operations'])
      for (const request of requestsTo(kind)) expect(Array.isArray(jsonOf(request))).toBe(true)
    for (const kind of ['pre-messages', 'user-deactivations'])
      for (const { contentType } of requestsTo(kind))
        expect(contentType).toBe('application/x-www-form-urlencoded')
    for (const { contentType, body } of requestsTo('public-service'))
      expect([contentType, body]).toEqual(['text/xml', expect.stringMatching(/^<xml>.*<\/xml>$/)])
  })

  it('carry the signature of moderation results in headers, and no app key in the query of pre-messages', () => {
    expect(requestsTo('audit-results').map(({ carrier }) => carrier)).toContain('headers')
    const [pre] = requestsTo('pre-messages')
    expect(pre?.carrier).toBe('query-without-app-key')
    expect(new URLSearchParams(pre?.body).get('appKey')).toBe(APP.appKey)
  })

  it('name messages that were sent', () => {
    const known = new Set(firstMessages(1000).map(({ msgUID }) => msgUID))
    for (const request of requestsTo('audit-results')) expect(known).toContain(jsonOf(request)['msgUID'])
    for (const request of requestsTo('message-operations'))
      expect(known).toContain((jsonOf(request)['originalMsgInfo'] as { messageId: string }).messageId)
  })
})
