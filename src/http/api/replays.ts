/** Kept-aside callbacks given to the archive again. */
import { z } from 'zod'
import { DELIVERY_REASONS, findDelivery, listDeliveriesFrom } from '../../archive/deliveries.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { replayDelivery, type Replayed } from '../../ingest/replay.ts'
import { OUTCOMES } from '../../ingest/store-callback.ts'
import { storeDepsOf, type Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { flag, integer, optional, quantity, text } from '../parameters.ts'

// Whoever wants it for real says so.
const dryRun = optional(flag).meta({
  description: 'Tells what would happen and writes nothing, unless it is false.',
})

const OneBody = z.strictObject({ dryRun })

const ManyBody = z.strictObject({
  appKey: optional(text),
  kind: optional(text).meta({ description: 'The address they came to.', example: 'messages' }),
  reason: optional(z.enum(DELIVERY_REASONS, { error: `must be one of ${DELIVERY_REASONS.join(', ')}` })),
  replayed: optional(flag).meta({
    description: 'Only those that were replayed, or only those that never were.',
  }),
  after: optional(integer).meta({ description: 'Those with a greater id: the `next` of the answer before.' }),
  limit: quantity({ usual: 100, most: 500 }),
  dryRun,
})

const Replay = z
  .object({
    id: z.int().meta({ description: 'Of the delivery.' }),
    reason: z.enum(DELIVERY_REASONS).meta({ description: 'Why it was kept aside.' }),
    outcome: z.enum(OUTCOMES),
    detail: z.string().meta({ description: 'Which message it is or conflicts with, or what is wrong.' }),
    messageId: z.int().nullable().meta({ description: 'That message; null when there is none.' }),
  })
  .meta({ id: 'Replay' })

const ReplayPage = z
  .object({
    dryRun: z.boolean(),
    items: z.array(Replay),
    next: z
      .int()
      .nullable()
      .meta({ description: 'The `after` to go on with, null when these were the last.' }),
  })
  .meta({ id: 'ReplayPage' })

const about = { tag: 'archive', access: { scope: 'admin' }, query: z.strictObject({}) } as const

export function replayEndpoints(deps: Deps) {
  return [replayOne(deps), replayMany(deps)]
}

function replayOne(deps: Deps) {
  return endpoint({
    ...about,
    method: 'POST',
    path: '/api/v1/deliveries/:id/replay',
    summary: 'Give a kept-aside callback to the archive again',
    description: 'A dry run unless `dryRun` is false. The delivery stays, and notes what became of it.',
    pathParameters: z.object({ id: integer.meta({ description: 'Id of the delivery.' }) }),
    body: OneBody,
    answer: { description: 'What became of it, or would.', schema: Replay },
    handle: async ({ c, path, body }) => {
      const delivery = await findDelivery(deps.store, path.id)
      if (!delivery) throw new ArchiveError('not_found', `there is no delivery ${path.id}`)
      const replayDeps = { ...storeDepsOf(deps), now: deps.now }
      return c.json(await replayDelivery(replayDeps, delivery, { dryRun: body.dryRun !== false }))
    },
  })
}

function replayMany(deps: Deps) {
  return endpoint({
    ...about,
    method: 'POST',
    path: '/api/v1/deliveries/replay',
    summary: 'Give many kept-aside callbacks to the archive again, oldest first',
    description:
      'A dry run unless `dryRun` is false; it looks at each by itself, as if the others had not been replayed.',
    body: ManyBody,
    answer: { description: 'What became of each, or would.', schema: ReplayPage },
    handle: async ({ c, body: { after = 0, limit, dryRun: isDry = true, ...filter } }) => {
      const found = await listDeliveriesFrom(deps.store, filter, { after, limit })
      const replayDeps = { ...storeDepsOf(deps), now: deps.now }
      const items: Replayed[] = []
      // One after the other: of two with the same msgUID the first to come is the message.
      for (const delivery of found.rows)
        items.push(await replayDelivery(replayDeps, delivery, { dryRun: isDry }))
      const next = found.more ? (items.at(-1)?.id ?? null) : null
      return c.json({ dryRun: isDry, items, next })
    },
  })
}
