import { z } from 'zod'
import { DELIVERY_REASONS, listDeliveries, type Delivery } from '../../archive/deliveries.ts'
import { withoutSignature } from '../../rongcloud/signature.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { flag, optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const ListQuery = z.strictObject({
  appKey: optional(text),
  kind: optional(text).meta({ description: 'The address it came to.', example: 'messages' }),
  reason: optional(z.enum(DELIVERY_REASONS, { error: `must be one of ${DELIVERY_REASONS.join(', ')}` })),
  replayed: optional(flag).meta({
    description: 'Only those that were replayed, or only those that never were.',
  }),
  cursor: cursorOf(z.tuple([z.int()])),
  limit: quantity({ usual: 50, most: 500 }),
})

const DeliveryItem = z
  .object({
    id: z.int(),
    appKey: z.string(),
    kind: z.string(),
    reason: z.enum(DELIVERY_REASONS),
    detail: z.string().meta({ description: 'What exactly was wrong.' }),
    query: z.string().meta({ description: 'Query of its URL, as received but for the signature.' }),
    contentType: z.string().nullable(),
    body: z.string(),
    bodyEncoding: z
      .enum(['utf8', 'base64'])
      .meta({ description: 'base64 when the bytes are not UTF-8 text.' }),
    bodySha256: z.string(),
    remoteAddress: z.string().nullable(),
    nonceReused: z.boolean(),
    receivedAtMs: z.int(),
    replayedAtMs: z.int().nullable().meta({ description: 'When it was replayed last, null when never.' }),
    replayOutcome: z
      .string()
      .nullable()
      .meta({ description: 'What became of it then.', example: 'recorded' }),
    otherTextOf: z.int().nullable().meta({
      description:
        'Of a conflict that differs in its content alone: the message whose other text it is. It may be settled as an edit.',
    }),
  })
  .meta({ id: 'Delivery' })

export function deliveryEndpoints({ store }: Deps) {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/deliveries',
      tag: 'archive',
      summary: 'Callbacks kept aside, newest first',
      description: 'Whole bodies that could not be read, or conflict with an archived message.',
      access: { scope: 'read' },
      query: ListQuery,
      answer: { description: 'One page.', schema: pageSchema(DeliveryItem, 'DeliveryPage') },
      handle: async ({ c, query }) => {
        const [before = null] = query.cursor ?? []
        const deliveries = await listDeliveries(store, query, { before, limit: query.limit })
        return c.json(
          toAnswer(deliveries, {
            positionOf: ({ id }: Delivery) => [id],
            // Rows of older versions have it.
            toItem: (delivery) => ({ ...delivery, query: withoutSignature(delivery.query) }),
          }),
        )
      },
    }),
  ]
}
