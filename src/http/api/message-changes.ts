/** What happened to one message, also where there is too much of it for one answer. */
import { z } from 'zod'
import { listChangesOfOne, type ArchivedChange } from '../../archive/changes.ts'
import { findMessage, type ArchivedMessage } from '../../archive/messages.ts'
import type { Store } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { CHANGE_KINDS } from '../../domain/message-change.ts'
import { ORIGINS } from '../../domain/message.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer, quantity } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const ChangesQuery = z.strictObject({
  cursor: cursorOf(z.tuple([z.int()])),
  limit: quantity({ usual: 100, most: 500 }),
})

export const MessageChange = z.object({
  id: z.int(),
  kind: z.enum(CHANGE_KINDS),
  upToMs: z.int().nullable().meta({
    description: 'Set when it is about all of the conversation until then, of each user the first.',
  }),
  byUserId: z.string(),
  atMs: z.int(),
  data: z.unknown().meta({ description: 'What the kind tells besides, such as the content of an edit.' }),
  receivedAtMs: z.int(),
  origin: z.enum(ORIGINS),
})

export function messageChangesEndpoint({ store }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/messages/:id/changes',
    tag: 'archive',
    summary: 'All that happened to one message, in the order in which the archive learned of it',
    access: { scope: 'read' },
    pathParameters: z.object({ id: integer.meta({ description: 'Integer id of the message.' }) }),
    query: ChangesQuery,
    answer: { description: 'One page.', schema: pageSchema(MessageChange, 'MessageChangePage') },
    handle: async ({ c, path, query: { cursor: [afterId = 0] = [], limit } }) => {
      const message = await getMessage(store, path.id)
      const page = await listChangesOfOne(store.db, message, { afterId, limit })
      return c.json(toAnswer(page, { positionOf: ({ id }) => [id], toItem: toChangeItem }))
    },
  })
}

export function toChangeItem(change: ArchivedChange): z.output<typeof MessageChange> {
  const { id, kind, upToMs, byUserId, atMs, data, receivedAtMs, origin } = change
  return { id, kind, upToMs, byUserId, atMs, data: data && JSON.parse(data), receivedAtMs, origin }
}

/** @throws ArchiveError `not_found` */
export async function getMessage(store: Store, id: number): Promise<ArchivedMessage> {
  const message = await findMessage(store, id)
  if (!message) throw new ArchiveError('not_found', `there is no message ${id}`)
  return message
}
