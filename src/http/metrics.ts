/** Counters of this process, as Prometheus reads them. */
import { z } from 'zod'
import type { Count } from '../domain/ports.ts'
import { endpoint } from './endpoint.ts'

export type Counters = { count: Count; asPrometheus: () => string }

export function createCounters(): Counters {
  const values = new Map<string, number>()
  return {
    count: (name, labels = {}) => {
      const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      const series = pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name
      values.set(series, (values.get(series) ?? 0) + 1)
    },
    asPrometheus: () =>
      [...values]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([series, value]) => `${series} ${value}\n`)
        .join(''),
  }
}

export function metricsEndpoint({ asPrometheus }: Counters) {
  return endpoint({
    method: 'GET',
    path: '/metrics',
    tag: 'running it',
    summary: 'Counters of this process, as Prometheus text',
    access: { scope: 'metrics' },
    query: z.strictObject({}),
    answer: {
      description: 'rongcloud_callbacks_total by kind, outcome and reason.',
      contentType: 'text/plain',
    },
    handle: ({ c }) =>
      c.text(asPrometheus(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  })
}
