/** Requests that nobody would send in earnest: to the callbacks, signed or not, and to every other address. */
import * as fc from 'fast-check'
import { EVENT_KINDS } from '../../../src/rongcloud/events/index.ts'
import { ELEMENTS } from '../../rongcloud/events/elements.ts'
import type { ArchiveUnderTest } from '../archive.ts'
import { messageFields } from '../requests.ts'
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

const likelyText = fc.constantFrom(
  ...`1 2 10 0 u1 shop_a shop_b uwd1c0sxdlx2 6A1F-Q2PK-8CF0-01AB RC:TxtMsg PERSON GROUP text true false 1734595200123 2024-12-19
  2024-12-20T00:00:00Z messages online-status unreadable conflict 你好`.split(/\s+/),
)
const anyValue = fc.oneof({ weight: 3, arbitrary: likelyText }, { weight: 1, arbitrary: anyText })
const anyJsonValue = fc.oneof(anyValue, fc.boolean(), fc.nat(20), fc.jsonValue({ maxDepth: 2 }))

/** By the names that a schema has. */
function fieldsFor<T>(schema: Endpoint['body'], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  const { shape = {} } = (schema ?? {}) as { shape?: object }
  const names = Object.keys(shape).filter((name) => name !== 'wait')
  if (names.length === 0) return fc.constant({})
  return fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
}

const jsonOf = (fields: object) => new TextEncoder().encode(JSON.stringify(fields))

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

type Credentials = fc.Arbitrary<Record<string, string>>

/** To an endpoint, mostly with its own method and names; else to anywhere. */
const requestTo = (endpoint: Endpoint, credentials: Credentials) =>
  fc
    .record({
      parameter: anyValue,
      query: fc.oneof(
        { weight: 2, arbitrary: fieldsFor(endpoint.query, anyValue).map(Object.entries<string>) },
        { weight: 1, arbitrary: anyQuery },
      ),
      credential: credentials,
      headers: anyHeaders,
      contentType: anyContentType,
      method: seldom(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD')),
      path: seldom(anyPath),
      body: fc.oneof(
        anyBytes,
        fieldsFor(endpoint.body, anyValue).map(formOf),
        fieldsFor(endpoint.body, anyJsonValue).map(jsonOf),
      ),
    })
    .map(({ parameter, query, credential, headers, contentType, method, path, body }): Case => ({
      method: method ?? endpoint.method,
      path: path === null ? endpoint.path.replaceAll(/:\w+/g, encoded(parameter)) : `/${path}`,
      query: queryOf(query),
      headers: {
        ...credential,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': contentType,
        ...headers,
      },
      body,
    }))

export function anyCase(endpoints: readonly Endpoint[], credentials: Credentials): fc.Arbitrary<Case> {
  const others = endpoints
    .filter(({ access }) => access !== 'rongcloud')
    .map((endpoint) => requestTo(endpoint, credentials))
  return fc.oneof(
    { weight: 4, arbitrary: signedCallback },
    { weight: 1, arbitrary: forgedCallback },
    { weight: 5, arbitrary: fc.oneof(...others) },
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
