/** How many messages were sent when, and whether they come in as they should. */
import { z } from 'zod'
import { DELIVERY_REASONS } from '../../archive/deliveries.ts'
import { WAITING_MAX } from '../../archive/ingest-health.ts'
import { countMessages } from '../../archive/message-counts.ts'
import { ORIGINS } from '../../domain/message.ts'
import { daysOf, hoursOf } from '../buckets.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { RATE_MINUTES, readIngestHealth } from '../ingest-health.ts'
import { optional, text } from '../parameters.ts'
import { lastDays, spanParameters } from '../span.ts'
import { ObjectName, toObjectNameItem } from './object-names.ts'

// A bounded answer: some ten thousand items where many types are in use.
const DAYS_MAX = { hour: 31, day: 366 } as const
const USUAL_DAYS = 7

const statsQuery = (timeZone: string) =>
  z.strictObject({
    appKey: optional(text),
    ...spanParameters(timeZone),
    per: optional(z.enum(['hour', 'day'], { error: 'must be hour or day' })).meta({
      description: `\`hour\` (the default, at most ${DAYS_MAX.hour} days) or \`day\` (at most ${DAYS_MAX.day} days) of the archive's time zone.`,
    }),
  })

const Stats = z
  .object({
    items: z.array(
      z.object({
        startMs: z.int().meta({ description: 'When the hour or day begins.' }),
        objectName: z.string().meta({ example: 'RC:TxtMsg' }),
        channelType: z.string().meta({ example: 'PERSON' }),
        origin: z.enum(ORIGINS),
        messages: z.int(),
      }),
    ),
    uncounted: z.int().meta({
      description:
        'Of the newest messages so many are not looked at, while an archive is counted for the first time.',
    }),
  })
  .meta({ id: 'Stats' })

const waiting = z.int().meta({ description: `${WAITING_MAX}: so many or more.` })

const IngestStats = z
  .object({
    newestMessage: z.object({ id: z.int(), sentAtMs: z.int(), receivedAtMs: z.int() }).nullable(),
    lastCallbackAtMs: z.int().nullable().meta({ description: 'The last callback that brought a row.' }),
    messagesPerMinute: z.number().meta({ description: `Over the last ${RATE_MINUTES} minutes.` }),
    callbacks: z
      .object({
        sinceMs: z.int(),
        counts: z.array(z.object({ outcome: z.string(), reason: z.string(), callbacks: z.int() })),
      })
      .meta({
        description:
          'Callbacks that brought no new message or event, over the last day; up to ten seconds old.',
      }),
    keptAside: z
      .object(Object.fromEntries(DELIVERY_REASONS.map((reason) => [reason, waiting])))
      .meta({ description: 'Never replayed.' }),
    newestMisaddressedPath: z.string().nullable().meta({
      description: 'Where the newest callback came that was sent to an address that does not exist.',
    }),
    unconfiguredApps: z.array(z.string()).meta({
      description: 'App keys that messages of the archive are of and RONGCLOUD_APPS does not have.',
    }),
    newObjectNames: z
      .array(ObjectName)
      .meta({ description: 'Unknown types first seen in the last 30 days.' }),
    newestId: z.int(),
    countedUpTo: z.int(),
    indexedUpTo: z.int(),
  })
  .meta({ id: 'IngestStats' })

const about = { method: 'GET', tag: 'archive', access: { scope: 'read' } } as const

export function statsEndpoints(deps: Deps) {
  const { store, settings, now } = deps
  return [
    endpoint({
      ...about,
      path: '/api/v1/stats',
      summary: 'How many messages were sent in each hour or day, by type, channel and origin',
      description:
        'Of the last seven days unless asked for others; whole hours or days that the range touches.',
      query: statsQuery(settings.timeZone),
      answer: { description: 'Earliest first; nothing where there are none.', schema: Stats },
      handle: async ({ c, query: { appKey, startTime, endTime, per = 'hour' } }) => {
        const span = lastDays(
          { startTime, endTime },
          { nowMs: now(), usual: USUAL_DAYS, most: DAYS_MAX[per], per },
        )
        const buckets = per === 'hour' ? hoursOf(span) : daysOf(span, settings.timeZone)
        const by = ['objectName', 'channelType', 'origin'] as const
        const { counts, uncounted } = await countMessages(store, { buckets, appKey, by })
        return c.json({ items: counts, uncounted })
      },
    }),
    endpoint({
      ...about,
      path: '/api/v1/stats/ingest',
      summary: 'Whether messages come in as they should',
      query: z.strictObject({}),
      answer: { description: 'As of now.', schema: IngestStats },
      handle: async ({ c }) => {
        const health = await readIngestHealth(deps)
        return c.json({ ...health, newObjectNames: health.newObjectNames.map(toObjectNameItem) })
      },
    }),
  ]
}
