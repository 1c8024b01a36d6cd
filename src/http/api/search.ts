import { z } from 'zod'
import { findConversation } from '../../archive/conversations.ts'
import { findMessages } from '../../archive/messages.ts'
import { getSearchProgress } from '../../archive/search-index.ts'
import { invalidFields } from '../../domain/errors.ts'
import { userIdsOf } from '../../domain/parties.ts'
import { parseQuery, type SearchTerms } from '../../domain/search-query.ts'
import { snippetOf } from '../../domain/snippet.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer, optional, quantity, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'
import { cursorOf, pageSchema, writeCursor } from './cursor.ts'
import { MessageItem, toMessageItem } from './message-item.ts'
import { searchByTime, searchByRelevance, type Match, type Search } from './search-matches.ts'

const QUERY_MAX = 200
const ORDERS = ['newest', 'relevance'] as const

const terms = text
  .max(QUERY_MAX, `is longer than ${QUERY_MAX} characters`)
  .transform(parseQuery)
  .refine((parsed) => parsed.length > 0, 'holds nothing to look for')
  .meta({
    description:
      'Words that must all occur; "in quotation marks" a phrase. Chinese is found anywhere, Latin words and numbers from their beginning.',
    example: '订单 20241219',
  })

const searchQuery = (timeZone: string) =>
  z.strictObject({
    q: terms,
    appKey: optional(text),
    memberId: optional(integer),
    sellerId: optional(text),
    userId: optional(text).meta({
      description: 'Sent by this user, or to them in a one-to-one conversation.',
    }),
    conversationId: optional(integer),
    objectName: optional(text).meta({ example: 'RC:TxtMsg' }),
    ...spanParameters(timeZone),
    order: optional(z.enum(ORDERS, { error: `must be one of ${ORDERS.join(', ')}` })).meta({
      description:
        'newest (default), or relevance: the newest 1,000 matches, those first that say most of it.',
    }),
    cursor: cursorOf(z.union([z.tuple([z.int(), z.string(), z.string()]), z.tuple([z.int().min(0)])])),
    limit: quantity({ usual: 20, most: 100 }),
  })

const Snippet = z
  .object({
    text: z.string(),
    marks: z.array(z.object({ start: z.int(), length: z.int() })).meta({
      description: 'What matches, in UTF-16 code units of this text.',
    }),
  })
  .meta({ description: 'The text around the first hit.' })

const SearchItem = MessageItem.extend({ snippet: Snippet }).meta({ id: 'SearchItem' })

const SearchProgress = z
  .object({
    indexedUpTo: z.int().meta({ description: 'Id of the message up to which the index has come.' }),
    newestId: z.int().meta({ description: 'Id of the newest message.' }),
  })
  .meta({ id: 'SearchProgress' })

const about = { method: 'GET', tag: 'archive', access: { scope: 'read' } } as const

export function searchEndpoints({ store, settings }: Deps) {
  return [
    endpoint({
      ...about,
      path: '/api/v1/search',
      summary: 'Messages by their words',
      description:
        'Looks through texts, quoted and forwarded messages, file names, places, titles and addresses.',
      query: searchQuery(settings.timeZone),
      answer: {
        description: 'One page, which may be short or empty while `next` is not null.',
        schema: pageSchema(SearchItem, 'SearchPage'),
      },
      handle: async ({ c, query }) => {
        const { q, memberId, sellerId, userId, startTime, endTime, cursor, order, limit, ...same } = query
        const userIds = [
          ...userIdsOf(settings.templates, { memberId, sellerId }),
          ...(userId ? [userId] : []),
        ]
        const filter = { ...same, userIds, fromMs: startTime?.fromMs, untilMs: endTime?.untilMs }
        const search: Search = { terms: q, filter, parties: await partiesOf(same.conversationId), limit }
        const { matches, next } =
          order === 'relevance'
            ? await searchByRelevance(store, search, offsetIn(cursor))
            : await searchByTime(store, search, positionIn(cursor))
        return c.json({ items: await toItems(matches, q), next: next && writeCursor(next) })
      },
    }),
    endpoint({
      ...about,
      path: '/api/v1/search/progress',
      summary: 'How far the full-text index has come',
      description: 'What it has not come to is searched all the same, but slowly.',
      query: z.strictObject({}),
      answer: { description: 'Two ids of messages.', schema: SearchProgress },
      handle: async ({ c }) => {
        const { indexedUpTo, newestId } = await getSearchProgress(store)
        return c.json({ indexedUpTo, newestId })
      },
    }),
  ]

  /** Whom every message of the conversation is about, which the index knows, unlike the conversation. */
  async function partiesOf(conversationId: number | undefined): Promise<string[]> {
    if (conversationId === undefined) return []
    const conversation = await findConversation(store, conversationId)
    return [conversation?.userId ?? '', conversation?.targetId ?? ''].filter((userId) => userId !== '')
  }

  async function toItems(matches: readonly Match[], searched: SearchTerms) {
    const found = await findMessages(
      store,
      matches.map(({ id }) => id),
    )
    const byId = new Map(found.map((message) => [message.id, message]))
    return matches.flatMap(({ id, text: whole }) => {
      const message = byId.get(id)
      return message ? [{ ...toMessageItem(message), snippet: snippetOf(whole, searched) }] : []
    })
  }
}

type Cursor = readonly (string | number)[] | undefined

function positionIn(cursor: Cursor) {
  const [sentAtMs, appKey, msgUID] = cursor ?? []
  if (sentAtMs === undefined) return null
  if (appKey === undefined) throw ofOtherOrder()
  return { sentAtMs: Number(sentAtMs), appKey: String(appKey), msgUID: String(msgUID) }
}

function offsetIn(cursor: Cursor): number {
  if (cursor && cursor.length > 1) throw ofOtherOrder()
  return Number(cursor?.[0] ?? 0)
}

function ofOtherOrder() {
  return invalidFields([{ field: 'cursor', message: 'is of a search in another order' }])
}
