/** RongCloud's message history as the protocol has it (§7.2, §15.8). */

/** `kind`: the part of the address that says which sort of conversation it is of. */
export type HistoryItem = Record<string, unknown> & { kind?: string; msgTime: number }

export type HistoryQueryBody = {
  kind: string
  userId?: string
  targetId: string
  busChannel?: string
  startTime: number
  endTime: number
  pageSize: number
  includeStart: boolean
}

export type FakeHistory = {
  items: HistoryItem[]
  /** Each verified question so far. */
  queries: HistoryQueryBody[]
  /** Of groups; whoever else asks about one of these is refused. */
  members: Map<string, string[]>
  /** Makes something else of what is to be answered. */
  answer: ((items: unknown[], query: HistoryQueryBody) => Response | unknown[]) | null
}

// When the messages that `messageFields` makes were sent.
const SENT_MS = 1734595200123

const DAY_MS = 24 * 3_600_000
const REFUSED = { code: 1002, errorMessage: 'invalid parameter' }

export async function answerQuery(history: FakeHistory, request: Request): Promise<Response> {
  const kind = /\/v3\/message\/(\w+)\/query\.json$/.exec(request.url)?.[1] ?? ''
  const query = { kind, ...((await request.json()) as Omit<HistoryQueryBody, 'kind'>) }
  history.queries.push(query)
  if (request.headers.get('content-type') !== 'application/json' || !isAllowed(history, query))
    return Response.json(REFUSED, { status: 400 })
  const found = history.items
    .filter((item) => isAsked(item, query))
    .toSorted((one, other) => other.msgTime - one.msgTime)
    .slice(0, query.pageSize)
    .map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'kind')))
  const given = history.answer ? history.answer(found, query) : found
  return given instanceof Response ? given : Response.json({ code: 200, data: given })
}

function isAllowed({ members }: FakeHistory, query: HistoryQueryBody): boolean {
  const { kind, userId, targetId, startTime, endTime, pageSize, includeStart } = query
  const isMember = members.get(targetId)?.includes(userId ?? '') ?? true
  return (
    (kind === 'chatroom') === (userId === undefined) &&
    (kind !== 'group' || isMember) &&
    typeof includeStart === 'boolean' &&
    startTime - endTime <= 14 * DAY_MS &&
    pageSize >= 1 &&
    pageSize <= 100
  )
}

function isAsked(item: HistoryItem, query: HistoryQueryBody): boolean {
  const { kind, userId, targetId, busChannel = '', startTime, endTime, includeStart } = query
  const ends = new Set([item.fromUserId, item.targetId])
  const isOfConversation =
    kind === 'private' ? ends.has(userId) && ends.has(targetId) : item.targetId === targetId
  return (
    (item.kind ?? 'private') === kind &&
    isOfConversation &&
    (kind !== 'ultragroup' || (item.busChannel ?? '') === busChannel) &&
    (includeStart ? item.msgTime <= startTime : item.msgTime < startTime) &&
    item.msgTime >= endTime
  )
}

/** An item of the documented form, of the conversation of the messages that `messageFields` makes. */
export function anItem(
  given: Record<string, unknown> & { msgTime?: number; kind?: string } = {},
): HistoryItem {
  return {
    targetId: 'shop_a',
    fromUserId: 'u1',
    busChannel: '',
    messageUID: 'HIST-0000-0000-0001',
    msgTime: SENT_MS,
    objectName: 'RC:TxtMsg',
    content: '{"content":"你好"}',
    expansion: false,
    extraContent: '',
    ...given,
  }
}

/** Of the conversation of u1 and shop_a, one a minute from the first on. */
export const itemsOf = (count: number, given: Partial<HistoryItem> = {}): HistoryItem[] =>
  Array.from({ length: count }, (_, i) =>
    anItem({ messageUID: `H-${i}`, msgTime: SENT_MS - i * 60_000, content: `{"content":"${i}"}`, ...given }),
  )
