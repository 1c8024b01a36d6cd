import { factsOf } from '../../domain/errors.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { requestOf } from '../errors.ts'
import { writeExport } from '../export/format.ts'
import { exportQuery, planExport } from '../export/plan.ts'
import { streamOf } from '../stream.ts'

export function exportEndpoint({ store, settings, hashing, log, inTurn }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/export',
    tag: 'archive',
    summary: 'The archive, or part of it, as one file',
    description:
      'Streamed, however large. The last line tells the count and the SHA-256 of every byte before it: ' +
      'a file without one is cut, and `after` goes on behind it.',
    access: { scope: 'read' },
    query: exportQuery(settings.timeZone),
    answer: { description: 'The file.', contentType: 'application/x-ndjson' },
    place: () => 'export',
    handle: async ({ c, query }) => {
      const { format, name, pages } = await planExport({ store, settings }, query)
      c.header('Content-Type', format.contentType)
      c.header('Content-Disposition', `attachment; filename="${name}"`)
      // A proxy that keeps it all until its end would run full.
      c.header('X-Accel-Buffering', 'no')
      return c.body(
        streamOf(writeExport({ format, pages, hashing }), {
          inTurn,
          onError: (error) => log.error('export failed', { ...requestOf(c), ...factsOf(error) }),
        }),
      )
    },
  })
}
