import { z } from 'zod'
import {
  findConversation,
  listConversations,
  type ArchivedConversation,
} from '../../archive/conversations.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { toJsonId, type IdsAs } from '../../domain/long-id.ts'
import { ORIGINS } from '../../domain/message.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { findLastTexts } from '../last-texts.ts'
import { idsAs, MemberIdOut } from '../member-ids.ts'
import { integer, optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const ListQuery = z.strictObject({
  appKey: optional(text),
  channelType: optional(text),
  userId: optional(text).meta({
    description: 'One end of a one-to-one conversation, or who wrote in any other.',
  }),
  targetId: optional(text).meta({ description: 'The group, room or service.' }),
  idsAs,
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
    memberId: MemberIdOut.nullable().meta({
      description: 'Set with sellerId when it is one between a member and a seller.',
    }),
    sellerId: z.string().nullable(),
    messageCount: z.int(),
    lastSentAtMs: z.int(),
    lastMessage: z.object({
      id: z.int(),
      fromUserId: z.string(),
      objectName: z.string(),
      text: z.string().nullable(),
      origin: z.enum(ORIGINS),
    }),
  })
  .meta({ id: 'Conversation' })

const about = { tag: 'archive', access: { scope: 'read' } } as const

export function conversationEndpoints({ store, settings }: Deps) {
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
        const page = await listConversations(store, query, { after, limit: query.limit })
        const lastText = await findLastTexts(store, page.rows)
        const toItem = (row: ArchivedConversation) =>
          conversationItem(row, lastText(row), query.idsAs ?? settings.idsAs)
        return c.json(toAnswer(page, { positionOf, toItem }))
      },
    }),
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/conversations/:id',
      summary: 'One conversation',
      pathParameters: z.object({ id: integer }),
      query: z.strictObject({ idsAs }),
      answer: { description: 'The conversation.', schema: Conversation },
      handle: async ({ c, path, query }) => {
        const conversation = await findConversation(store, path.id)
        if (!conversation) throw new ArchiveError('not_found', `there is no conversation ${path.id}`)
        const lastText = await findLastTexts(store, [conversation])
        return c.json(conversationItem(conversation, lastText(conversation), query.idsAs ?? settings.idsAs))
      },
    }),
  ]
}

function positionOf({ lastSentAtMs, id }: ArchivedConversation) {
  return [lastSentAtMs, id]
}

function conversationItem(
  row: ArchivedConversation,
  lastText: string | null,
  as: IdsAs,
): z.output<typeof Conversation> {
  const {
    userId,
    targetId,
    lastMessageId,
    lastFromUserId,
    lastObjectName,
    lastContent: _,
    lastOrigin,
    ...conversation
  } = row
  return {
    ...conversation,
    memberId: conversation.memberId && toJsonId(conversation.memberId, as),
    userIds: userId === '' ? [] : [userId, targetId],
    targetId: userId === '' ? targetId : null,
    lastMessage: {
      id: lastMessageId,
      fromUserId: lastFromUserId,
      objectName: lastObjectName,
      text: lastText,
      origin: lastOrigin,
    },
  }
}
