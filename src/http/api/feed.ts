/** The archive as a feed: whatever arrives, in the order of arrival, for other systems to follow. */
import { z } from 'zod'
import { FEED_START, listFeed, type Arrived, type FeedPosition } from '../../archive/feed.ts'
import { CHANGE_KINDS } from '../../domain/message-change.ts'
import { ORIGINS } from '../../domain/message.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { optional, quantity, text } from '../parameters.ts'
import { overAfter, readWaiting } from '../waiting.ts'
import { cursorOf, writeCursor } from './cursor.ts'
import { MessageItem, toMessageItem } from './message-item.ts'

// Shorter than the patience of most proxies.
const WAIT_MAX_SECONDS = 30

const id = z.int().min(0)

const FeedQuery = z.strictObject({
  appKey: optional(text),
  after: cursorOf(z.tuple([id, id])).meta({
    description: 'The `next` of the answer before; from the very beginning when left out.',
  }),
  limit: quantity({ usual: 100, most: 500 }),
  wait: quantity({ usual: 0, least: 0, most: WAIT_MAX_SECONDS }).meta({
    description: 'Seconds to hold an empty answer back for something to arrive.',
  }),
})

const FeedChange = z
  .object({
    id: z.int(),
    appKey: z.string(),
    msgUID: z
      .string()
      .nullable()
      .meta({ description: 'The message; null for all of a conversation up to `upToMs`.' }),
    upToMs: z.int().nullable(),
    kind: z.enum(CHANGE_KINDS),
    channelType: z
      .string()
      .nullable()
      .meta({ description: 'With the next three the conversation it counts for; null when none was named.' }),
    userId: z.string().nullable(),
    targetId: z.string().nullable(),
    busChannel: z.string().nullable(),
    byUserId: z.string(),
    atMs: z.int(),
    data: z.record(z.string(), z.unknown()).nullable(),
    identity: z.string(),
    receivedAtMs: z.int(),
    origin: z.enum(ORIGINS),
    afterMessageId: z.int().meta({ description: 'The newest message when it arrived.' }),
  })
  .meta({ id: 'FeedChange' })

const FeedPage = z
  .object({
    items: z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('message'), message: MessageItem }),
        z.object({ type: z.literal('change'), change: FeedChange }),
      ]),
    ),
    next: z
      .string()
      .meta({ description: 'The `after` to go on with; always there, as the feed has no end.' }),
  })
  .meta({ id: 'FeedPage' })

export function feedEndpoint({ store, stopping }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/changes',
    tag: 'archive',
    summary: 'Messages and what happened to them, in the order of arrival',
    access: { scope: 'read' },
    query: FeedQuery,
    answer: { description: 'What has arrived since.', schema: FeedPage },
    place: ({ wait }) => (wait === 0 ? 'page' : 'poll'),
    handle: async ({ c, query: { appKey, after, limit, wait } }) => {
      const [messageId, changeId] = after ?? []
      const position =
        messageId === undefined || changeId === undefined ? FEED_START : { messageId, changeId }
      const over = overAfter(wait * 1000, c.req.raw.signal, stopping)
      const read = (from: FeedPosition) => listFeed(store, { appKey }, { after: from, limit })
      const { arrived, end } = await (wait === 0 ? read(position) : readWaiting(read, position, over))
      return c.json({ items: arrived.map(toItem), next: writeCursor([end.messageId, end.changeId]) })
    },
  })
}

function toItem(arrived: Arrived): z.output<typeof FeedPage>['items'][number] {
  if (arrived.type === 'message') return { type: 'message', message: toMessageItem(arrived.message) }
  const { data, ...change } = arrived.change
  const parsed = data === null ? null : (JSON.parse(data) as Record<string, unknown>)
  return { type: 'change', change: { ...change, data: parsed } }
}
