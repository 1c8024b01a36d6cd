/** Of which hours it is proven that nothing is missing. */
import { z } from 'zod'
import { GAP_REASONS, HOUR_STATES } from '../../domain/hour-state.ts'
import { readLedger } from '../completeness.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { optional, text } from '../parameters.ts'
import { lastDays, spanParameters } from '../span.ts'

const DAYS_MAX = 31
const USUAL_DAYS = 7

const byArrival = (what: string) => z.int().meta({ description: `${what}, by the hour of their arrival.` })
const count = z.int()

const Completeness = z
  .object({
    items: z.array(
      z.object({
        appKey: z.string(),
        startMs: z.int().meta({ description: 'When the hour begins.' }),
        received: z.int().meta({ description: 'Messages sent in this hour that a callback brought.' }),
        duplicates: byArrival('Callbacks whose message was known'),
        refused: byArrival('Callbacks refused'),
        notStored: byArrival('Callbacks that the archive could not store, so that RongCloud tried again'),
        keptAside: byArrival('Callbacks kept aside'),
        filled: z
          .int()
          .meta({ description: "Messages sent in this hour that RongCloud's log alone brought." }),
        queried: z.int().meta({
          description: "Messages sent in this hour that RongCloud's message history alone brought.",
        }),
        provenAtMs: z.int().nullable().meta({ description: "When RongCloud's log was read to its end." }),
        log: z
          .object({
            read: count,
            known: count,
            filled: count,
            different: count,
            unreadable: count,
            outside: count.meta({ description: 'Records whose time is not in this hour.' }),
          })
          .nullable()
          .meta({ description: 'What was made of its lines.' }),
        state: z.enum(HOUR_STATES),
        reason: z.enum(GAP_REASONS).nullable().meta({ description: 'What makes the hour a gap.' }),
      }),
    ),
    uncounted: z.int().meta({
      description:
        'Of the newest messages so many are not looked at, while an archive is counted for the first time.',
    }),
  })
  .meta({ id: 'Completeness' })

export function completenessEndpoint(deps: Deps) {
  const { settings, now } = deps
  return endpoint({
    method: 'GET',
    path: '/api/v1/completeness',
    tag: 'archive',
    summary: 'What is known of each hour, and whether it is proven complete',
    description: `Of the last ${USUAL_DAYS} days unless asked for others, at most ${DAYS_MAX}; every hour that the range touches, of each app that is set up.`,
    access: { scope: 'read' },
    query: z.strictObject({ appKey: optional(text), ...spanParameters(settings.timeZone) }),
    answer: { description: 'Newest first.', schema: Completeness },
    handle: async ({ c, query: { appKey, ...range } }) => {
      const span = lastDays(range, { nowMs: now(), usual: USUAL_DAYS, most: DAYS_MAX })
      const appKeys = appKey === undefined ? settings.apps.map((app) => app.appKey) : [appKey]
      const { hours, uncounted } = await readLedger({ ...deps, logZone: settings.logZone }, { appKeys, span })
      return c.json({ items: hours, uncounted })
    },
  })
}
