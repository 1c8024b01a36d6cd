/** Requests that nobody would send in earnest: to the callbacks, signed or not, and to every other address. */
import * as fc from 'fast-check'
import { EVENT_KINDS } from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS } from '../../rongcloud/events/elements.ts'
import { KEYS, type ArchiveUnderTest } from '../archive.ts'
import { bearer, messageFields } from '../requests.ts'
import { anyBytes, anyContentType, anyHeaderValue, anyPath, anyText, formOf } from './values.ts'

type Endpoint = ArchiveUnderTest['endpoints'][number]

export type Case = {
  method: string
  path: string
  /** Null: it is to be signed. */
  query: string | null
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
}

const KINDS = ['messages', ...EVENT_KINDS] as const

/** A message with some of its fields spoiled, so that it gets further than bytes do. */
const spoiledMessage = fc
  .dictionary(fc.constantFrom(...Object.keys(messageFields()), 'expansion', 'groupUserIds', 'x'), anyText, {
    maxKeys: 4,
  })
  .chain((changes) => {
    const fields = messageFields(changes)
    return fc.constantFrom(formOf(fields), new TextEncoder().encode(JSON.stringify(fields)))
  })

const spoiledEvent = (kind: (typeof EVENT_KINDS)[number]) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(ELEMENTS[kind])), fc.oneof(anyText, fc.jsonValue()), {
      maxKeys: 3,
    })
    .map((changes) => new TextEncoder().encode(JSON.stringify({ ...ELEMENTS[kind], ...changes })))

const listOfNothing = fc
  .constantFrom('[]', ' [ ] ', '{"profiles":[]}', 'profiles=[]')
  .map((text) => new TextEncoder().encode(text))

const callback = fc.constantFrom(...KINDS).chain((kind) =>
  fc.record({
    method: fc.constant('POST'),
    path: fc.constant(`/callbacks/${kind}`),
    headers: fc.record({ 'Content-Type': anyContentType }),
    body: fc.oneof(anyBytes, listOfNothing, kind === 'messages' ? spoiledMessage : spoiledEvent(kind)),
  }),
)

const signedCallback = callback.map((given): Case => ({ ...given, query: null }))

const SIGNATURE_NAMES = ['appKey', 'signature', 'nonce', 'timestamp', 'signTimestamp', 'rc-signature', '']
const forgedCallback = fc
  .record({ given: callback, query: fc.array(fc.tuple(fc.constantFrom(...SIGNATURE_NAMES), anyText)) })
  .map(({ given, query }): Case => Object.assign({}, given, { query: queryOf(query) }))

/** Names that endpoints know. Not `wait`, which would be obeyed. */
const NAMES =
  `memberId sellerId messageType startTime endTime id page pageSize per-page sender cnt msgUID msg_uid userId appKey
  channelType objectName limit after before order q conversationId busChannel targetId kind reason replayed dryRun per range by date message
  around next password shop_name logo seller_id sort origin recalled state expand fields action`.split(/\s+/)

const anyQuery = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), anyText), anyText), { maxLength: 5 })
const anyHeaders = fc.dictionary(
  fc.constantFrom(
    ...`Accept Accept-Language Cookie Host Origin Idempotency-Key If-None-Match Range X-Forwarded-For X-Forwarded-Host
    X-Forwarded-Proto X-Request-Id HX-Request HX-Target Last-Event-ID Sec-Fetch-Site Content-Length Authorization`.split(
      /\s+/,
    ),
  ),
  anyHeaderValue,
  { maxKeys: 3 },
)

/** To an endpoint of its own method mostly, as somebody who may; else to anywhere as anybody. */
const otherRequest = (endpoints: readonly Endpoint[], cookie: string) =>
  fc
    .record({
      endpoint: fc.constantFrom(...endpoints),
      parameter: fc.oneof(fc.constantFrom('1', 'a', 'u1', '0'), anyText),
      query: anyQuery,
      headers: anyHeaders,
      contentType: anyContentType,
      method: fc.option(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'), {
        freq: 5,
      }),
      path: fc.option(anyPath, { freq: 8 }),
      body: fc.oneof(anyBytes, fc.dictionary(fc.constantFrom(...NAMES), anyText).map(formOf)),
    })
    .map(({ endpoint, parameter, query, headers, contentType, method, path, body }): Case => ({
      method: method ?? endpoint.method,
      path: path === null ? endpoint.path.replaceAll(/:\w+/g, encoded(parameter)) : `/${path}`,
      query: queryOf(query),
      headers: {
        ...bearer(KEYS.all),
        Cookie: cookie,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': contentType,
        ...headers,
      },
      body,
    }))

export function anyCase(endpoints: readonly Endpoint[], cookie: string): fc.Arbitrary<Case> {
  const others = endpoints.filter(({ access }) => access !== 'rongcloud')
  return fc.oneof(
    { weight: 4, arbitrary: signedCallback },
    { weight: 1, arbitrary: forgedCallback },
    { weight: 5, arbitrary: otherRequest(others, cookie) },
  )
}

// Half of them as they are, for a percent sign is as good as anything.
function encoded(text: string): string {
  return text.length % 2 === 0
    ? encodeURIComponent(text.toWellFormed())
    : text.replaceAll(/[\s?#\ud800-\udfff]/g, '')
}

function queryOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
}
