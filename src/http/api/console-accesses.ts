import { z } from 'zod'
import { CONSOLE_ACTIONS, listConsoleAccesses } from '../../archive/console-accesses.ts'
import { firstOf } from '../../archive/page.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { integer, optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const ListQuery = z.strictObject({
  action: optional(z.enum(CONSOLE_ACTIONS, { error: `must be one of ${CONSOLE_ACTIONS.join(', ')}` })),
  subjectId: optional(integer).meta({ description: 'Id of the conversation, message or delivery.' }),
  sessionId: optional(text),
  cursor: cursorOf(z.tuple([z.int()])),
  limit: quantity({ usual: 100, most: 500 }),
})

const ConsoleAccessItem = z
  .object({
    id: z.int(),
    sessionId: z.string().meta({ description: 'Of one sign-in.' }),
    remoteAddress: z.string().nullable(),
    atMs: z.int(),
    action: z.enum(CONSOLE_ACTIONS),
    subjectId: z.int().nullable().meta({ description: 'Of the conversation, message or delivery.' }),
    detail: z.string().nullable().meta({ description: 'What was asked for besides, as a query.' }),
  })
  .meta({ id: 'ConsoleAccess' })

export function consoleAccessesEndpoint({ store }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/console-accesses',
    tag: 'running it',
    summary: 'Who was shown what in the console, newest first',
    access: { scope: 'admin' },
    query: ListQuery,
    answer: { description: 'One page.', schema: pageSchema(ConsoleAccessItem, 'ConsoleAccessPage') },
    handle: async ({ c, query }) => {
      const [before = null] = query.cursor ?? []
      const found = await listConsoleAccesses(store, query, { before, limit: query.limit + 1 })
      return c.json(
        toAnswer(firstOf(found, query.limit), { positionOf: ({ id }) => [id], toItem: (item) => item }),
      )
    },
  })
}
