/** What can be asked of a search, by programs and by people. */
import { z } from 'zod'
import { parseQuery } from '../../domain/search-query.ts'
import { cursorOf } from '../api/cursor.ts'
import { integer, longId, optional, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'

export const QUERY_MAX = 200
const ORDERS = ['newest', 'relevance'] as const

const terms = text
  .max(QUERY_MAX, `is longer than ${QUERY_MAX} characters`)
  .transform(parseQuery)
  .refine((parsed) => parsed.length > 0, 'holds nothing to look for')
  .meta({
    description:
      'Words that must all occur; "in quotation marks" a phrase. Chinese is found anywhere, Latin words and numbers from their beginning, four digits and more also at the end of a number.',
    example: '订单 20241219',
  })

export const searchParameters = (timeZone: string) => ({
  q: terms,
  appKey: optional(text),
  memberId: optional(longId),
  sellerId: optional(text),
  userId: optional(text).meta({
    description: 'Sent by this user, or to them in a one-to-one conversation.',
  }),
  conversationId: optional(integer),
  objectName: optional(text).meta({ example: 'RC:TxtMsg' }),
  ...spanParameters(timeZone),
  order: optional(z.enum(ORDERS, { error: `must be one of ${ORDERS.join(', ')}` })).meta({
    description:
      'newest (default), or relevance: of the newest 1,000 matches that one request comes to, those first that say most of it.',
  }),
  cursor: cursorOf(z.union([z.tuple([z.int(), z.string(), z.string()]), z.tuple([z.int().min(0)])])),
})

export type SearchQuery = z.output<z.ZodObject<ReturnType<typeof searchParameters>>>
