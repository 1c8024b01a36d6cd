import { z } from 'zod'
import { listEvents, type ArchivedEvent } from '../../archive/events.ts'
import { describeEvent, EVENT_KINDS, type EventKind } from '../../rongcloud/events/index.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { optional, quantity, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const listQuery = (timeZone: string) =>
  z
    .strictObject({
      appKey: optional(text),
      kind: optional(z.enum(EVENT_KINDS, { error: `must be one of ${EVENT_KINDS.join(', ')}` })).meta({
        description: 'The address it came to.',
      }),
      userId: optional(text).meta({ description: 'Who did it or whom it is about.' }),
      targetId: optional(text).meta({ description: 'The group, room or peer it is about.' }),
      msgUID: optional(text),
      problem: optional(z.enum(['true', 'false'], { error: 'must be true or false' })).meta({
        description: 'Only events that do not fit their kind, or only those that do.',
      }),
      ...spanParameters(timeZone),
      cursor: cursorOf(z.tuple([z.int()])),
      limit: quantity({ usual: 50, most: 500 }),
    })
    .superRefine(refuseWideSpan)

// Events are in the order of their arrival, and no index knows when they happened.
function refuseWideSpan(query: Record<string, unknown>, context: z.core.$RefinementCtx) {
  if (['userId', 'targetId', 'msgUID'].some((name) => query[name] !== undefined)) return
  for (const name of ['startTime', 'endTime'])
    if (query[name] !== undefined)
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'needs userId, targetId or msgUID beside it',
      })
}

const EventItem = z
  .object({
    id: z.int(),
    appKey: z.string(),
    kind: z.string().meta({ description: 'The address it came to.', example: 'online-status' }),
    description: z
      .string()
      .meta({ description: 'What happened, in a few words.', example: 'offline on iOS' }),
    body: z.string().meta({ description: 'Exactly as received: one element where a list came.' }),
    data: z.unknown().meta({ description: 'The same parsed, when it is JSON; else null.' }),
    occurredAtMs: z.int().nullable().meta({ description: 'Null when the body does not say.' }),
    receivedAtMs: z.int(),
    userId: z.string().nullable(),
    targetId: z.string().nullable(),
    msgUID: z.string().nullable(),
    problem: z.string().nullable().meta({ description: 'Why it does not fit its kind, null when it does.' }),
    nonceReused: z.boolean().meta({ description: 'Its signature had come before with another body.' }),
  })
  .meta({ id: 'Event' })

export function eventEndpoints({ store, settings }: Deps) {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/events',
      tag: 'archive',
      summary: 'What else RongCloud told, newest first',
      description:
        'Each event of the callbacks that are no messages, once, in the order of arrival. `startTime` and `endTime` ' +
        'ask for when it happened (when it came in, where it does not say).',
      access: { scope: 'read' },
      query: listQuery(settings.timeZone),
      answer: { description: 'One page.', schema: pageSchema(EventItem, 'EventPage') },
      handle: async ({ c, query }) => {
        const { startTime, endTime, problem, ...same } = query
        const hasProblem = problem === undefined ? undefined : problem === 'true'
        const filter = { ...same, hasProblem, fromMs: startTime?.fromMs, untilMs: endTime?.untilMs }
        const [before = null] = query.cursor ?? []
        const events = await listEvents(store, filter, { before, limit: query.limit })
        return c.json(toAnswer(events, { positionOf: ({ id }) => [id], toItem }))
      },
    }),
  ]
}

function toItem(event: ArchivedEvent): z.output<typeof EventItem> {
  const { kind, body } = event
  // Nothing else is ever recorded.
  const description = describeEvent({ kind: kind as EventKind, body })
  return { ...event, description, data: parsed(body) }
}

// What nests deeper than anybody writes cannot be printed again.
const DEPTH_MAX = 100

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return isWithin(DEPTH_MAX, value) ? value : null
  } catch {
    return null
  }
}

function isWithin(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((member) => isWithin(depth - 1, member))
}
