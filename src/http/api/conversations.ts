import { z } from 'zod'
import {
  findConversation,
  listConversations,
  type ArchivedConversation,
} from '../../archive/conversations.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { textOf } from '../../rongcloud/message-types/index.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer, optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toPage } from './cursor.ts'

const ListQuery = z.strictObject({
  appKey: optional(text),
  channelType: optional(text),
  userId: optional(text).meta({
    description: 'One end of a one-to-one conversation, or who wrote in any other.',
  }),
  targetId: optional(text).meta({ description: 'The group, room or service.' }),
  cursor: cursorOf(z.tuple([z.int(), z.int()])),
  limit: quantity({ usual: 50, most: 500 }),
})

const Conversation = z
  .object({
    id: z.int(),
    appKey: z.string(),
    channelType: z.string(),
    userIds: z
      .array(z.string())
      .meta({ description: 'The two users of a one-to-one conversation, else empty.' }),
    targetId: z
      .string()
      .nullable()
      .meta({ description: 'The group, room or service; null when one-to-one.' }),
    name: z.string().nullable().meta({
      description: 'What the group is called, where an event or a notice has said so; else null.',
    }),
    busChannel: z.string(),
    memberId: z
      .int()
      .nullable()
      .meta({ description: 'Set with sellerId when it is one between a member and a seller.' }),
    sellerId: z.string().nullable(),
    messageCount: z.int(),
    lastSentAtMs: z.int(),
    lastMessage: z.object({
      id: z.int(),
      fromUserId: z.string(),
      objectName: z.string(),
      text: z.string().nullable(),
    }),
  })
  .meta({ id: 'Conversation' })

const about = { tag: 'archive', access: { scope: 'read' } } as const

export function conversationEndpoints({ store }: Deps) {
  return [
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/conversations',
      summary: 'Conversations, newest last message first',
      description:
        'A conversation that gets a message while you page moves to the front: read again from the start to meet it.',
      query: ListQuery,
      answer: { description: 'One page.', schema: pageSchema(Conversation, 'ConversationPage') },
      handle: async ({ c, query }) => {
        const [lastSentAtMs, id] = query.cursor ?? []
        const after = lastSentAtMs === undefined || id === undefined ? null : { lastSentAtMs, id }
        const conversations = await listConversations(store, query, { after, limit: query.limit + 1 })
        return c.json(toPage(conversations, query.limit, { positionOf, toItem }))
      },
    }),
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/conversations/:id',
      summary: 'One conversation',
      pathParameters: z.object({ id: integer }),
      query: z.strictObject({}),
      answer: { description: 'The conversation.', schema: Conversation },
      handle: async ({ c, path }) => {
        const conversation = await findConversation(store, path.id)
        if (!conversation) throw new ArchiveError('not_found', `there is no conversation ${path.id}`)
        return c.json(toItem(conversation))
      },
    }),
  ]
}

function positionOf({ lastSentAtMs, id }: ArchivedConversation) {
  return [lastSentAtMs, id]
}

function toItem(row: ArchivedConversation): z.output<typeof Conversation> {
  const { userId, targetId, lastMessageId, lastFromUserId, lastObjectName, lastContent, ...conversation } =
    row
  return {
    ...conversation,
    userIds: userId === '' ? [] : [userId, targetId],
    targetId: userId === '' ? targetId : null,
    lastMessage: {
      id: lastMessageId,
      fromUserId: lastFromUserId,
      objectName: lastObjectName,
      text: textOf(lastObjectName, lastContent),
    },
  }
}
