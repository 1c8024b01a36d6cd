/** Requests as RongCloud and the app's back end send them. */
import { sign } from 'hono/jwt'
import { APP, KEYS, MEMBER_TOKEN_SECRET, type ArchiveUnderTest } from './archive.ts'

type Form = Record<string, string>

/** Whatever answers requests, in this process or beyond a socket. */
export type Asked = Pick<ArchiveUnderTest, 'request'>

let lastNonce = 0

/** The signature parameters of the current protocol, for a nonce that no other call gets. */
export async function signedQuery(
  app: { appKey: string; secret: string } = APP,
  { nonce = `${++lastNonce}.5`, time = '1734595200000' }: { nonce?: string; time?: string } = {},
): Promise<string> {
  const signature = await sha1Hex(app.secret + nonce + time)
  return new URLSearchParams({ appKey: app.appKey, timestamp: time, nonce, signature }).toString()
}

export async function sha1Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Form fields of a text from member u1 to seller shop_a, unless told otherwise. */
export function messageFields(given: Form = {}): Form {
  return {
    fromUserId: 'u1',
    toUserId: 'shop_a',
    objectName: 'RC:TxtMsg',
    content: '{"content":"你好"}',
    channelType: 'PERSON',
    msgTimestamp: '1734595200123',
    msgUID: '6A1F-Q2PK-8CF0-01AB',
    sensitiveType: '0',
    source: 'iOS',
    ...given,
  }
}

/** Delivers a body to a callback address, signed. */
export async function deliver(
  archive: Asked,
  body: string | Uint8Array<ArrayBuffer>,
  {
    path = '/callbacks/messages',
    query,
    contentType = 'application/x-www-form-urlencoded',
  }: {
    path?: string
    query?: string
    contentType?: string
  } = {},
): Promise<Response> {
  return archive.request(`${path}?${query ?? (await signedQuery())}`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
  })
}

/** Delivers one message, signed by `app`. */
export async function deliverMessage(
  archive: Asked,
  fields: Form = {},
  app: { appKey: string; secret: string } = APP,
): Promise<Response> {
  return deliver(archive, new URLSearchParams(messageFields(fields)).toString(), {
    query: await signedQuery(app),
  })
}

export const bearer = (credential: string) => ({ Authorization: `Bearer ${credential}` })

/** Asks as the back end does. */
export async function get(archive: Asked, path: string, credential: string = KEYS.all): Promise<Response> {
  return archive.request(path, { headers: bearer(credential) })
}

/** The JSON that an answer of the given status holds. */
export async function getJson<T = Record<string, unknown>>(
  archive: Asked,
  path: string,
  credential?: string,
) {
  const answer = await get(archive, path, credential)
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Sends a form, or JSON when `body` is a string. */
export async function post(
  archive: Asked,
  path: string,
  body: Form | string,
  headers: Record<string, string> = bearer(KEYS.all),
  method = 'POST',
): Promise<Response> {
  const isJson = typeof body === 'string'
  return archive.request(path, {
    method,
    headers: {
      'Content-Type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: isJson ? body : new URLSearchParams(body).toString(),
  })
}

/** A token as the app's back end signs it for a member's device, of the first app and valid for an hour unless told otherwise. */
export function memberToken(claims: Record<string, unknown>, secret = MEMBER_TOKEN_SECRET): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 3600
  return sign({ exp, appKey: APP.appKey, ...claims }, secret, 'HS256')
}
