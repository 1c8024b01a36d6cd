import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { readGauges } from './gauges.ts'

export function metricsEndpoint({ metrics, store }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/metrics',
    tag: 'running it',
    summary: 'What the service is doing, as Prometheus text',
    access: { scope: 'metrics' },
    query: z.strictObject({}),
    answer: {
      description: 'Counters and histograms of this process, and the state of its database.',
      contentType: 'text/plain',
    },
    handle: async ({ c }) =>
      c.text(metrics.asText(await readGauges(store)), 200, {
        'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      }),
  })
}
