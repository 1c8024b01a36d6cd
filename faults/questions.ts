/** What can be asked of the archive: every endpoint that `/openapi.json` tells of, and every page of the console. */
import { CREDENTIALS } from '../bench/processes.ts'
import type { Random } from '../simulator/random.ts'
import { CONVERSATION_OF, DELIVERY_OF, MESSAGE_OF } from './hostile-callbacks.ts'
import { GROUP, MEMBER, SELLER } from './hostile-requests.ts'

/** `name`: method and path as declared. */
export type Question = {
  name: string
  method: string
  address: string
  body: string | null
  contentType: string | null
}

/** Not in `/openapi.json`. */
const PAGES = [
  'GET /console/sign-in',
  'POST /console/sign-in',
  'GET /console',
  'GET /console/conversations/{id}',
  'GET /console/search',
  'GET /console/messages/{id}',
  'GET /console/messages/{id}/voice',
  'GET /console/messages/{id}/content',
  'GET /console/live',
  'GET /console/live/stream',
  'GET /console/overview',
  'GET /console/completeness',
  'GET /console/deliveries',
  'GET /console/deliveries/{id}',
  'POST /console/deliveries/{id}/replay',
  'POST /console/deliveries/{id}/settle',
  'GET /console/accesses',
  'GET /console/assets/{file}',
  'POST /console/sign-out',
]

type Given = {
  /** Values for the parameter of the path; without them it is the id of any message. */
  parameters?: readonly (string | number)[]
  queries?: readonly string[]
  forms?: readonly Record<string, string>[]
  json?: readonly unknown[]
}

// Words that all messages of a crowd have, that some have, and that none has.
const WORDS = ['a', 'a a a', 'صلى', '4e00', '1212', '的', '👨‍👩‍👧‍👦', 'nothing-of-the-kind', 'packet', 'b&amp;']
const SEARCHES = WORDS.flatMap((word) => [
  `q=${encodeURIComponent(word)}`,
  `q=${encodeURIComponent(word)}&order=relevance`,
])
const CHAT = { memberId: MEMBER, sellerId: SELLER }
const CHAT_QUERY = new URLSearchParams(CHAT).toString()
const SPAN = 'startTime=2025-06-01&endTime=2025-06-02'
const CONVERSATIONS = Object.values(CONVERSATION_OF)

const SEEKING = SEARCHES.map((query) => `${query}&limit=100`)
const LISTING = [
  'limit=500',
  'limit=500&conversationId=1',
  'limit=500&problem=true',
  `limit=500&userId=${MEMBER}`,
  `limit=500&${SPAN}`,
]

/** What an endpoint is given to do as much as it does for anybody. Without an entry it is asked without parameters. */
const GIVEN: Record<string, Given> = {
  'GET /chat-records/list': {
    queries: [`${CHAT_QUERY}&pageSize=500`, `${CHAT_QUERY}&pageSize=500&page=9999`],
  },
  'GET /chat-records/chat-list': { queries: [`memberId=${MEMBER}`] },
  'POST /chat-records/create': { forms: [{ ...CHAT, messageType: 'RC:TxtMsg', cnt: 'a '.repeat(5000) }] },
  'POST /chat-records/delete': { forms: [{ memberId: MEMBER, id: String(MESSAGE_OF.voice) }] },
  'GET /api/v1/messages': { queries: LISTING },
  'GET /api/v1/messages/{id}/context': { queries: ['before=200&after=200'] },
  'GET /api/v1/conversations': { queries: ['limit=500', `limit=500&targetId=${GROUP}`] },
  'GET /api/v1/conversations/{id}': { parameters: CONVERSATIONS },
  'GET /api/v1/export': {
    queries: ['format=ndjson', 'format=csv', 'format=html&conversationId=1', `format=csv&${CHAT_QUERY}`],
  },
  'GET /api/v1/changes': { queries: ['limit=500', 'limit=500&appKey=nobody&wait=1'] },
  'GET /api/v1/search': { queries: SEEKING },
  'GET /api/v1/deliveries': {
    queries: ['limit=500', 'limit=500&reason=conflict', 'limit=500&reason=unreadable'],
  },
  'POST /api/v1/deliveries/{id}/replay': { parameters: Object.values(DELIVERY_OF), json: [{ dryRun: true }] },
  'POST /api/v1/deliveries/replay': { json: [{ limit: 500 }, { limit: 500, reason: 'conflict' }] },
  'POST /api/v1/deliveries/{id}/settle': { parameters: [DELIVERY_OF.otherText], json: [{ as: 'edit' }] },
  'GET /api/v1/events': {
    queries: ['limit=500', 'limit=500&kind=chatroom-status', 'limit=500&userId=user1'],
  },
  'GET /api/v1/stats': { queries: [SPAN, `${SPAN}&per=day`] },
  'GET /api/v1/completeness': { queries: ['', SPAN] },
  'GET /api/v1/users/{id}': { parameters: [MEMBER] },
  'PUT /api/v1/sellers/{sellerId}': { parameters: [SELLER], json: [{ shop_name: '店', logo: null }] },
  'PUT /api/v1/sellers': { json: [[{ seller_id: SELLER, shop_name: '店', logo: null }]] },
  'GET /api/v1/sellers/{sellerId}': { parameters: [SELLER] },
  'GET /api/v1/sellers': { queries: ['limit=500'] },
  'GET /api/v1/console-accesses': { queries: ['limit=500'] },
  'GET /docs/{file}': { parameters: ['swagger-ui-bundle.js'] },
  'POST /console/sign-in': { forms: [{ password: CREDENTIALS.CONSOLE_PASSWORD }] },
  'POST /console/sign-out': { forms: [{}] },
  'GET /console/conversations/{id}': {
    parameters: [...CONVERSATIONS, 1, 1, 1],
    queries: ['', '', 'message=1', 'message=2', 'date=2025-06-01'],
  },
  'GET /console/search': { queries: SEARCHES },
  'GET /console/messages/{id}/voice': { parameters: [MESSAGE_OF.voice] },
  'GET /console/overview': { queries: ['range=24h', 'range=1y&by=channel'] },
  'GET /console/deliveries': { queries: ['', 'reason=conflict', 'reason=unreadable'] },
  'GET /console/deliveries/{id}': { parameters: Object.values(DELIVERY_OF) },
  'POST /console/deliveries/{id}/replay': { parameters: Object.values(DELIVERY_OF), forms: [{}] },
  'POST /console/deliveries/{id}/settle': { parameters: [DELIVERY_OF.otherText], forms: [{ as: 'edit' }] },
  'GET /console/assets/{file}': { parameters: ['console.css'] },
}

type OpenApi = { paths: Record<string, Record<string, unknown>> }

/** Callbacks themselves are sent, not asked. */
export function namesOf({ paths }: OpenApi): string[] {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  return [...described.filter((name) => !name.startsWith('POST /callbacks/')), ...PAGES]
}

/** As often as there are ways of asking for it. */
export function inAllWays(name: string): { name: string; way: number }[] {
  const { parameters = [], queries = [], forms = [], json = [] }: Given = GIVEN[name] ?? {}
  const ways = Math.max(1, ...[parameters, queries, forms, json].map(({ length }) => length))
  return Array.from({ length: ways }, (_, way) => ({ name, way }))
}

/** @param ids of messages */
export function questionTo(
  { name, way }: { name: string; way: number },
  random: Random,
  ids: readonly number[],
): Question {
  const [method = '', path = ''] = name.split(' ')
  const { parameters, queries = [''], forms, json }: Given = GIVEN[name] ?? {}
  const one = <T>(list: readonly T[]) => list[way % list.length] as T
  const parameter = parameters ? one(parameters) : random.pick(ids)
  const query = one(queries)
  const address = path.replace(/\{\w+\}/, String(parameter)) + (query && `?${query}`)
  if (json) return { name, method, address, body: JSON.stringify(one(json)), contentType: 'application/json' }
  if (!forms) return { name, method, address, body: null, contentType: null }
  const body = new URLSearchParams(one(forms)).toString()
  return { name, method, address, body, contentType: 'application/x-www-form-urlencoded' }
}
