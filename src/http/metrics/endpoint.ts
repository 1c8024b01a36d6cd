import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { readGauges } from './gauges.ts'
import { unprovenGauges } from './unproven-hours.ts'

export function metricsEndpoint(deps: Deps) {
  const { metrics } = deps
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
    handle: async ({ c }) => {
      const gauges = await Promise.all([readGauges(deps), unprovenGauges(deps)])
      const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }
      return c.text(metrics.asText(gauges.flat()), 200, headers)
    },
  })
}
