/** Kept-aside callbacks of which an operator says what they are. */
import { z } from 'zod'
import { findDelivery } from '../../archive/deliveries.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { SETTLEMENTS, settleDelivery } from '../../ingest/settle.ts'
import { OUTCOMES } from '../../ingest/store-callback.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer } from '../parameters.ts'

const Body = z.strictObject({
  as: z.enum(SETTLEMENTS, { error: `must be ${SETTLEMENTS.join(' or ')}` }).meta({
    description: 'edit: the next version of the message under whose msgUID it came.',
  }),
})

const Settlement = z
  .object({
    id: z.int().meta({ description: 'Of the delivery.' }),
    as: z.enum(SETTLEMENTS),
    outcome: z.enum(OUTCOMES).meta({ description: 'change; known when it was one before.' }),
    detail: z.string(),
    messageId: z.int().nullable().meta({ description: 'The message that it is a change of.' }),
  })
  .meta({ id: 'Settlement' })

export function settlementEndpoint({ store, hashing, settings, now }: Deps) {
  return endpoint({
    method: 'POST',
    path: '/api/v1/deliveries/:id/settle',
    tag: 'archive',
    summary: 'Say what a kept-aside callback is',
    description:
      'Of another text that came under the msgUID of an archived message: that it is an edit. 422 with the reason when ' +
      'it cannot be one. Repeating it is harmless.',
    access: { scope: 'admin' },
    query: z.strictObject({}),
    pathParameters: z.object({ id: integer.meta({ description: 'Id of the delivery.' }) }),
    body: Body,
    answer: { description: 'What became of it.', schema: Settlement },
    handle: async ({ c, path, body }) => {
      const delivery = await findDelivery(store, path.id)
      if (!delivery) throw new ArchiveError('not_found', `there is no delivery ${path.id}`)
      return c.json(await settleDelivery({ ...settings, store, hashing, now }, delivery, body.as))
    },
  })
}
