/** Numbers as Prometheus reads them: counters of this process, and what is measured when it asks. */
import { z } from 'zod'
import type { Count } from '../domain/ports.ts'
import type { Deps } from './deps.ts'
import { endpoint } from './endpoint.ts'
import { unprovenGauges } from './unproven-hours.ts'

export type Counters = { count: Count; asPrometheus: () => string }

export function createCounters(): Counters {
  const values = new Map<string, number>()
  return {
    count: (name, labels = {}) => {
      const series = seriesOf(name, labels)
      values.set(series, (values.get(series) ?? 0) + 1)
    },
    asPrometheus: () =>
      [...values]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([series, value]) => `${series} ${value}\n`)
        .join(''),
  }
}

function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name
}

/** What is measured when somebody asks. */
export type Gauge = { name: string; labels: Readonly<Record<string, string>>; value: number }

export function metricsEndpoint({ asPrometheus }: Counters, deps: Deps) {
  return endpoint({
    method: 'GET',
    path: '/metrics',
    tag: 'running it',
    summary: 'Counters of this process and hours not proven, as Prometheus text',
    access: { scope: 'metrics' },
    query: z.strictObject({}),
    answer: {
      description:
        'rongcloud_callbacks_total by kind, outcome and reason; rongcloud_unproven_hours_expiring by app_key.',
      contentType: 'text/plain',
    },
    handle: async ({ c }) => {
      const gauges = await unprovenGauges(deps)
      const measured = gauges.map(({ name, labels, value }) => `${seriesOf(name, labels)} ${value}\n`)
      const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }
      return c.text(asPrometheus() + measured.join(''), 200, headers)
    },
  })
}
