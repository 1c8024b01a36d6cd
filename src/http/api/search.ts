import { z } from 'zod'
import { getSearchProgress } from '../../archive/search-index.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { quantity } from '../parameters.ts'
import { searchParameters } from '../search/parameters.ts'
import { pageSchema, writeCursor } from './cursor.ts'
import { MessageItem, toMessageItem } from './message-item.ts'

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

export function searchEndpoints(deps: Deps) {
  const { store, settings, find } = deps
  return [
    endpoint({
      ...about,
      path: '/api/v1/search',
      summary: 'Messages by their words',
      description:
        'Looks through texts, quoted and forwarded messages, file names, places, titles and addresses.',
      query: z.strictObject({
        ...searchParameters(settings.timeZone),
        limit: quantity({ usual: 20, most: 100 }),
      }),
      answer: {
        description:
          'One page, which may be short or empty while `next` is not null: long messages fill it sooner.',
        schema: pageSchema(SearchItem, 'SearchPage'),
      },
      place: () => 'search',
      handle: async ({ c, query: { limit, ...query } }) => {
        const { items: found, next } = await find(query, limit)
        const items = found.map(({ message, snippet }) => Object.assign(toMessageItem(message), { snippet }))
        return c.json({ items, next: next && writeCursor(next) })
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
}
