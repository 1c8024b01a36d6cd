import { z } from 'zod'
import { listUnknownObjectNames, type UnknownObjectName } from '../../archive/object-names.ts'
import { firstOf } from '../../archive/page.ts'
import { isReservedName } from '../../rongcloud/message-types/index.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const ListQuery = z.strictObject({
  appKey: optional(text),
  cursor: cursorOf(z.tuple([z.int(), z.string(), z.string(), z.string()])),
  limit: quantity({ usual: 50, most: 500 }),
})

export const ObjectName = z
  .object({
    appKey: z.string(),
    objectName: z.string().meta({ example: 'app:Order' }),
    msgType: z.string().nullable().meta({
      description:
        "The app's own name of the type, where a wrapper library sent it under an object name of RongCloud's.",
      example: null,
    }),
    reserved: z
      .boolean()
      .meta({ description: "Begins with RC: and so is RongCloud's, newer than this program." }),
    messageCount: z.int(),
    firstReceivedAtMs: z.int(),
    lastReceivedAtMs: z.int(),
    exampleMsgUID: z.string().meta({ description: 'The last message of this type.' }),
  })
  .meta({ id: 'ObjectName' })

export function objectNamesEndpoint({ store }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/object-names',
    tag: 'archive',
    summary: 'Message types that this program does not know, the newest first',
    description:
      'Custom types of the app, also those that the libraries for Flutter, React Native, Unity and uni-app wrap, and new ' +
      'ones of RongCloud. Their messages are archived like all others.',
    access: { scope: 'read' },
    query: ListQuery,
    answer: { description: 'One page.', schema: pageSchema(ObjectName, 'ObjectNamePage') },
    handle: async ({ c, query }) => {
      const after = query.cursor ? positionIn(query.cursor) : null
      const names = await listUnknownObjectNames(store, query, { after, limit: query.limit + 1 })
      return c.json(toAnswer(firstOf(names, query.limit), { positionOf, toItem: toObjectNameItem }))
    },
  })
}

function positionOf({ firstReceivedAtMs, appKey, objectName, msgType }: UnknownObjectName) {
  return [firstReceivedAtMs, appKey, objectName, msgType]
}

function positionIn([firstReceivedAtMs, appKey, objectName, msgType]: [number, string, string, string]) {
  return { firstReceivedAtMs, appKey, objectName, msgType }
}

export function toObjectNameItem(name: UnknownObjectName): z.output<typeof ObjectName> {
  const isWrapped = name.msgType !== ''
  return {
    ...name,
    msgType: isWrapped ? name.msgType : null,
    reserved: !isWrapped && isReservedName(name.objectName),
  }
}
