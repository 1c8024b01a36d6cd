import { z } from 'zod'
import { listContext, listMessages, type ArchivedMessage } from '../../archive/messages.ts'
import { findChanges } from '../../archive/changes.ts'
import { listOtherTexts } from '../../archive/deliveries.ts'
import { CHANNEL_TYPES } from '../../domain/channel-type.ts'
import { ORIGINS } from '../../domain/message.ts'
import { readOtherTexts, type OtherText as Other } from '../../ingest/read-other-texts.ts'
import { textOf } from '../../rongcloud/message-types/index.ts'
import { storeDepsOf, type Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer, optional, quantity, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'
import { getMessage, MessageChange, messageChangesEndpoint, toChangeItem } from './message-changes.ts'
import { MessageItem, toMessageItem } from './message-item.ts'

const MSG_UIDS_MAX = 100

const uidList = text
  .transform((list) => list.split(',').map((uid) => uid.trim()))
  .refine((uids) => uids.length <= MSG_UIDS_MAX, `takes up to ${MSG_UIDS_MAX}, separated by commas`)

const listQuery = (timeZone: string) =>
  z.strictObject({
    appKey: optional(text),
    conversationId: optional(integer),
    channelType: optional(text).meta({ description: `One of ${CHANNEL_TYPES.join(', ')}, or a newer one.` }),
    userId: optional(text).meta({
      description: 'Sent by this user, or to them in a one-to-one conversation.',
    }),
    objectName: optional(text).meta({ example: 'RC:TxtMsg' }),
    ...spanParameters(timeZone),
    origin: optional(z.enum(ORIGINS, { error: `must be one of ${ORIGINS.join(', ')}` })),
    msgUID: optional(uidList).meta({ description: `Up to ${MSG_UIDS_MAX}, separated by commas.` }),
    problem: optional(z.enum(['true', 'false'], { error: 'must be true or false' })).meta({
      description: 'Only messages that do not fit their type, or only those that do.',
    }),
    cursor: cursorOf(z.tuple([z.int(), z.string(), z.string()])),
    limit: quantity({ usual: 100, most: 500 }),
  })

const neighbours = quantity({ usual: 20, least: 0, most: 200 }).meta({
  description: 'How many neighbours on this side.',
})

const IdPath = z.object({ id: integer.meta({ description: 'Integer id of the message.' }) })

const OtherText = z.object({
  deliveryId: z.int().meta({ description: 'The callback kept aside, which may be settled as an edit.' }),
  content: z.string().meta({ description: 'Exactly as received.' }),
  text: z.string().nullable(),
  sentAtMs: z.int(),
  receivedAtMs: z.int(),
  nonceReused: z.boolean().meta({ description: 'Its signature had come before with another body.' }),
})

const MessageDetail = MessageItem.extend({
  readBy: z.array(z.object({ userId: z.string(), atMs: z.int() })),
  changes: z.array(MessageChange).meta({
    description:
      'What happened to it afterwards, in the order in which the archive learned of it. Of many long ones the newest: ' +
      '`/api/v1/messages/:id/changes` has all.',
  }),
  otherTexts: z.array(OtherText).meta({
    description: 'Other texts that came under its msgUID and are kept aside, newest first.',
  }),
}).meta({ id: 'MessageDetail' })

const MessageContext = z
  .object({
    before: z.array(MessageItem),
    message: MessageItem,
    after: z.array(MessageItem),
    more: z
      .object({ before: z.boolean(), after: z.boolean() })
      .meta({ description: 'Whether the conversation goes on beyond these, on either side.' }),
  })
  .meta({ id: 'MessageContext' })

const about = { tag: 'archive', access: { scope: 'read' } } as const

export function messageEndpoints(deps: Deps) {
  const { store, settings } = deps
  return [
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/messages',
      summary: 'Messages of the whole archive, newest first',
      query: listQuery(settings.timeZone),
      answer: { description: 'One page.', schema: pageSchema(MessageItem, 'MessagePage') },
      handle: async ({ c, query }) => {
        const { startTime, endTime, msgUID: msgUIDs, problem, ...same } = query
        const hasProblem = problem === undefined ? undefined : problem === 'true'
        const filter = { ...same, msgUIDs, hasProblem, fromMs: startTime?.fromMs, untilMs: endTime?.untilMs }
        const [sentAtMs, appKey, msgUID] = query.cursor ?? []
        const after =
          sentAtMs === undefined ? null : { sentAtMs, appKey: String(appKey), msgUID: String(msgUID) }
        const messages = await listMessages(store, filter, { after, limit: query.limit })
        return c.json(toAnswer(messages, { positionOf, toItem: toMessageItem }))
      },
    }),
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/messages/:id',
      summary: 'One message and what happened to it',
      pathParameters: IdPath,
      query: z.strictObject({}),
      answer: { description: 'The message.', schema: MessageDetail },
      handle: async ({ c, path }) => {
        const message = await getMessage(store, path.id)
        const [{ changes, state }, deliveries] = await Promise.all([
          findChanges(store.db, message),
          listOtherTexts(store, [message.id]),
        ])
        return c.json({
          ...toMessageItem({ ...message, state }),
          readBy: state.readBy,
          changes: changes.map(toChangeItem),
          otherTexts: readOtherTexts(storeDepsOf(deps), deliveries, [{ id: message.id, state }]).map(
            toOtherText,
          ),
        })
      },
    }),
    messageChangesEndpoint(deps),
    endpoint({
      ...about,
      method: 'GET',
      path: '/api/v1/messages/:id/context',
      summary: 'A message between its neighbours in the conversation, oldest first',
      pathParameters: IdPath,
      query: z.strictObject({ before: neighbours, after: neighbours }),
      answer: { description: 'The message and its neighbours.', schema: MessageContext },
      handle: async ({ c, path, query }) => {
        const message = await getMessage(store, path.id)
        const { before, after } = await listContext(store, message, query)
        return c.json({
          before: before.rows.map(toMessageItem),
          message: toMessageItem(message),
          after: after.rows.map(toMessageItem),
          more: { before: before.more, after: after.more },
        })
      },
    }),
  ]
}

function toOtherText({ deliveryId, message, nonceReused, receivedAtMs }: Other): z.output<typeof OtherText> {
  const { objectName, content, sentAtMs } = message
  return { deliveryId, content, text: textOf(objectName, content), sentAtMs, receivedAtMs, nonceReused }
}

function positionOf({ sentAtMs, appKey, msgUID }: ArchivedMessage) {
  return [sentAtMs, appKey, msgUID]
}
