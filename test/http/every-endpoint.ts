/** A request to each endpoint that would succeed with the right credential, for tables over all of them. */
import type { ArchiveUnderTest } from '../support/archive.ts'
import { deliver, deliverMessage, post } from '../support/requests.ts'
import { ORIGIN } from './console/signed-in.ts'

/** What a request brings to be let in. */
export type Credential = { headers?: Record<string, string>; query?: string; form?: Record<string, string> }

type Endpoint = ArchiveUnderTest['endpoints'][number]
type Given = { id?: string; query?: string; form?: Record<string, string>; json?: unknown }

const MEMBER_AND_SELLER = { memberId: '1', sellerId: 'a' }
const SELLER = { shop_name: 'A', logo: 'https://shop.example/a.png' }

/** What an endpoint is given besides its path, `1` for each parameter of it. */
const GIVEN: Record<string, Given> = {
  'GET /chat-records/list': { query: 'memberId=1&sellerId=a' },
  'POST /chat-records/create': {
    form: { ...MEMBER_AND_SELLER, messageType: 'RC:TxtMsg', cnt: '{"content":"hi"}' },
  },
  'POST /chat-records/delete': { form: { memberId: '1', id: '1' } },
  'GET /chat-records/chat-list': { query: 'memberId=1' },
  'GET /api/v1/search': { query: 'q=voice' },
  'GET /api/v1/stats': { query: 'startTime=2024-12-19&endTime=2024-12-20' },
  'POST /api/v1/deliveries/:id/replay': { json: { dryRun: true } },
  'POST /api/v1/deliveries/:id/settle': { json: { as: 'edit' } },
  'POST /api/v1/deliveries/replay': { json: { dryRun: true } },
  'GET /api/v1/users/:id': { id: 'u1' },
  'PUT /api/v1/sellers': { json: [{ seller_id: 'a', ...SELLER }] },
  'GET /api/v1/sellers/:sellerId': { id: 'a' },
  'PUT /api/v1/sellers/:sellerId': { id: 'a', json: SELLER },
  'GET /docs/:file': { id: 'start.js' },
  'GET /console/assets/:file': { id: 'console.css' },
  'POST /console/sign-in': { form: { password: 'not the password' } },
  'POST /console/sign-out': { form: {} },
  'POST /console/deliveries/:id/replay': { form: {} },
  'POST /console/deliveries/:id/settle': { form: { as: 'edit' } },
}

export const nameOf = ({ method, path }: Pick<Endpoint, 'method' | 'path'>) => `${method} ${path}`

/** The names in {@link GIVEN}, for whoever makes sure that each is an endpoint. */
export const NAMES_GIVEN = Object.keys(GIVEN)

/** Asks an endpoint; an answer that never ends is left at once. */
export async function ask(
  archive: ArchiveUnderTest,
  endpoint: Pick<Endpoint, 'method' | 'path'>,
  { headers = {}, query = '', form = {} }: Credential = {},
): Promise<Response> {
  const given = GIVEN[nameOf(endpoint)] ?? {}
  const path = endpoint.path.replaceAll(/:\w+/g, given.id ?? '1')
  const search = [given.query, query].filter(Boolean).join('&')
  const answer = await archive.request(search ? `${path}?${search}` : path, {
    method: endpoint.method,
    headers: { Origin: ORIGIN, 'Content-Type': contentTypeOf(given), ...headers },
    ...(endpoint.method !== 'GET' && { body: bodyOf(given, form) }),
  })
  if (answer.headers.get('Content-Type')?.startsWith('text/event-stream')) await answer.body?.cancel()
  return answer
}

function bodyOf({ json, form }: Given, added: Record<string, string>): string {
  return json === undefined ? new URLSearchParams({ ...form, ...added }).toString() : JSON.stringify(json)
}

function contentTypeOf({ json }: Given): string {
  return json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
}

/** Message 1, a voice from member 1 to seller `a`; a delivery 1; the seller's name. */
export async function fill(archive: ArchiveUnderTest): Promise<void> {
  await deliverMessage(archive, { objectName: 'RC:VcMsg', content: '{"content":"IyFBTVIK","duration":3}' })
  await deliver(archive, 'what is no message')
  await post(archive, '/api/v1/sellers/a', JSON.stringify(SELLER), undefined, 'PUT')
}
