/** How many messages were sent when, and whether they come in as they should. */
import { z } from 'zod'
import { countMessages } from '../../../archive/message-counts.ts'
import { endpoint } from '../../endpoint.ts'
import { readIngestHealth } from '../../ingest-health.ts'
import { optional, text } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { healthOf, newTypesOf } from '../overview/health.ts'
import { DIMENSIONS, plotOf } from '../overview/plot.ts'
import { bucketsOf, RANGES } from '../overview/range.ts'
import { seriesOf } from '../overview/series.ts'
import { pageViewOf } from '../page-view.ts'

const COLUMNS = { type: 'objectName', channel: 'channelType' } as const
const FILES = ['uPlot.min.css', 'uPlot.iife.min.js', 'overview.js']

export function overviewEndpoint(deps: ConsoleDeps) {
  const { store, settings, now, note } = deps
  return endpoint({
    method: 'GET',
    path: '/console/overview',
    tag: 'console',
    summary: 'Messages per hour or day, and whether they come in as they should',
    access: 'operator',
    errorShape: 'page',
    query: z.object({
      appKey: optional(text),
      range: optional(z.enum(RANGES)),
      by: optional(z.enum(DIMENSIONS)),
    }),
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'overview', detail: askedFor(c) })
      const { appKey, range = '7d', by = 'type' } = query
      const nowMs = now()
      const buckets = bucketsOf(range, nowMs, settings.timeZone)
      const column = COLUMNS[by]
      const [{ counts, uncounted }, health] = await Promise.all([
        countMessages(store, { buckets, appKey, by: [column] }),
        readIngestHealth(deps),
      ])
      const named = counts.map(({ startMs, messages, [column]: name }) => ({ startMs, messages, name }))
      const view = pageViewOf(c, settings.timeZone)
      const plot = plotOf({ range, by, buckets, series: seriesOf(named, buckets), uncounted }, view)
      const main = [plot, healthOf(health, nowMs, view), newTypesOf(health, view)]
      const { title } = view.pages.overview
      return answerPage(c, { title, section: 'overview', main, files: FILES }, view)
    },
  })
}
