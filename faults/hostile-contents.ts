/** Contents of every known type at their largest: with texts that cost much, with long lists, wide and deep. */
import { createRandom, type Random } from '../simulator/random.ts'
import { simulateMessages } from '../simulator/traffic.ts'
import { KNOWN_OBJECT_NAMES } from '../src/rongcloud/message-types/index.ts'
import type { TextMaker } from './hostile-texts.ts'

/** How large a content is: bytes of its words, and elements of each list. */
export type Largest = { bytes: number; elements: number }

/** `content` as it stands in the callback. */
export type HostileContent = { objectName: string; content: string }

type Json = null | boolean | number | string | Json[] | { [member: string]: Json }

/** A usual content of each known type. */
export function usualContents(seed: number): HostileContent[] {
  const usual = new Map<string, string>()
  const startMs = Date.parse('2025-01-01T00:00:00Z')
  const templates = { member: '{id}', seller: '{id}' }
  const isKnown = new Set(KNOWN_OBJECT_NAMES)
  for (const { objectName, content } of simulateMessages({ seed, startMs, templates })) {
    if (isKnown.has(objectName) && !usual.has(objectName)) usual.set(objectName, content)
    if (usual.size === isKnown.size) break
  }
  return Array.from(usual, ([objectName, content]) => ({ objectName, content }))
}

/** Each string of it has its share of a long text. */
export function wordy(
  { objectName, content }: HostileContent,
  makeText: TextMaker,
  random: Random,
  { bytes }: Largest,
): HostileContent {
  const value = JSON.parse(content) as Json
  const share = Math.floor(bytes / Math.max(1, stringsIn(value)))
  // A type of numbers alone has the text where every type may have one.
  const grown = stringsIn(value) > 0 ? withStrings(value, () => makeText(random, share)) : value
  const extra = stringsIn(value) > 0 ? {} : { extra: makeText(random, bytes) }
  return { objectName, content: JSON.stringify({ ...(grown as object), ...extra }) }
}

/** Each list of it has as many elements as there may be, and it mentions as many users. */
export function listed({ objectName, content }: HostileContent, { elements }: Largest): HostileContent {
  const value = withLists(readNested(JSON.parse(content) as Json), elements)
  const mentionedInfo = { type: 2, userIdList: idsOf('u', elements), mentionedContent: '' }
  return { objectName, content: JSON.stringify({ ...(value as object), mentionedInfo }) }
}

/** Lists within lists within its `extra`. Put together as text, for nothing writes it in one piece. */
export function deep({ objectName, content }: HostileContent, { bytes }: Largest): HostileContent {
  const depth = Math.floor(bytes / 2)
  const nested = '['.repeat(depth) + ']'.repeat(depth)
  return { objectName, content: `{"extra":${nested},${content.slice(content.indexOf('{') + 1)}` }
}

/** Contents that no usual one grows into. @param msgUID of a message that some of them are about */
export function unusualContents(
  seed: number,
  msgUID: string,
  { bytes, elements }: Largest,
): HostileContent[] {
  const random = createRandom(seed)
  const names = idsOf('name', elements)
  const put = Object.fromEntries(names.map((name) => [name, random.digits(3)]))
  const quotes = Math.floor(bytes / 60)
  const quote = '{"content":"a","referMsgUserId":"u","objName":"RC:ReferenceMsg","referMsg":'
  const group = { targetUserIds: idsOf('u', elements), targetUserDisplayNames: names }
  const notice = { operatorUserId: 'u1', message: 'come in', data: JSON.stringify(group) }
  const article = { title: 'a', digest: 'b', url: 'http://a.example' }
  return [
    { objectName: 'app:Wide', content: JSON.stringify(put) },
    { objectName: 'app:Deep', content: '['.repeat(bytes / 2) + ']'.repeat(bytes / 2) },
    { objectName: 'app:Deep', content: '{"a":'.repeat(bytes / 6) + '1' + '}'.repeat(bytes / 6) },
    { objectName: 'RC:IWNormalMsg', content: JSON.stringify({ msgType: 'app:Wide', msgFields: put }) },
    { objectName: 'RC:MsgExMsg', content: JSON.stringify({ mid: msgUID, put }) },
    {
      objectName: 'RC:RRRspMsg',
      content: JSON.stringify({ receiptMessageDic: { u1: [msgUID, ...idsOf('uid', elements)] } }),
    },
    { objectName: 'RC:GrpNtf', content: JSON.stringify({ ...notice, operation: 'Add' }) },
    {
      objectName: 'RC:PSMultiImgTxtMsg',
      content: JSON.stringify({ richContentMessages: Array.from({ length: elements / 2 }, () => article) }),
    },
    { objectName: 'RC:ReferenceMsg', content: quote.repeat(quotes) + '{"content":"a"}' + '}'.repeat(quotes) },
  ]
}

export function idsOf(start: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${start}${i}`)
}

function stringsIn(value: Json): number {
  if (typeof value === 'string') return 1
  if (value === null || typeof value !== 'object') return 0
  return Object.values(value).reduce<number>((sum, each) => sum + stringsIn(each), 0)
}

function withStrings(value: Json, make: () => string): Json {
  if (typeof value === 'string') return make()
  if (Array.isArray(value)) return value.map((each) => withStrings(each, make))
  return value === null || typeof value !== 'object'
    ? value
    : mapped(value, (each) => withStrings(each, make))
}

// As many as there may be of the shortest; of larger ones as many as a callback holds.
const LIST_MAX_BYTES = 80_000

function withLists(value: Json, elements: number): Json {
  if (value === null || typeof value !== 'object') return value
  if (!Array.isArray(value)) return mapped(value, (each) => withLists(each, elements))
  const element = value[0] ?? 'a'
  if (typeof element === 'string') return idsOf(element.slice(0, 1), elements)
  const count = Math.min(elements, Math.floor(LIST_MAX_BYTES / JSON.stringify(element).length))
  return Array<Json>(count).fill(element)
}

/** JSON in a string, as some types have it, as what it says. */
function readNested(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return mapped(value, (each) => {
    if (typeof each !== 'string' || !/^[[{]/.test(each)) return each
    try {
      return JSON.parse(each) as Json
    } catch {
      return each
    }
  })
}

function mapped(value: { [member: string]: Json }, change: (each: Json) => Json): Json {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]))
}
