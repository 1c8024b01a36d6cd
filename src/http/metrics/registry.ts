/** Counters and histograms of this process, and how Prometheus reads them. */
import type { CommitNoter } from '../../archive/store.ts'
import type { Count } from '../../domain/ports.ts'
import { METRICS, type HistogramName, type MetricName } from './definitions.ts'

export type Labels = Record<string, string>

/** A gauge as it is at the moment. */
export type Gauge = { name: MetricName; labels?: Labels; value: number }

export type Metrics = {
  count: Count
  /** Makes the function that notes one value. */
  histogram: (name: HistogramName, labels?: Labels) => (value: number) => void
  /** In the text format 0.0.4. */
  asText: (gauges: readonly Gauge[]) => string
}

/** What a store tells of its commits. */
export function commitNoter({ histogram }: Metrics): CommitNoter {
  const noteSeconds = histogram('rongcloud_commit_seconds')
  const noteUnits = histogram('rongcloud_commit_units')
  return ({ units, ms }) => {
    noteSeconds(ms / 1000)
    noteUnits(units)
  }
}

type Histogram = { upTo: readonly number[]; labels: Labels; counts: number[]; sum: number }
type Sample = readonly [name: string, labels: Labels, value: number]

export function createMetrics(): Metrics {
  const counters = new Map<string, { name: string; labels: Labels; value: number }>()
  const histograms: { name: HistogramName; histogram: Histogram }[] = []

  return {
    count: (name, labels = {}) => {
      // On the way of every callback.
      let key = name
      for (const label in labels) key += `\n${label}=${labels[label]}`
      const counter = counters.get(key)
      if (counter) counter.value++
      else counters.set(key, { name, labels, value: 1 })
    },
    histogram: (name, labels = {}) => {
      const { upTo } = METRICS[name]
      const histogram: Histogram = {
        upTo,
        labels,
        counts: Array(upTo.length + 1).fill(0) as number[],
        sum: 0,
      }
      histograms.push({ name, histogram })
      return (value) => {
        const at = upTo.findIndex((most) => value <= most)
        const bucket = at < 0 ? upTo.length : at
        histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1
        histogram.sum += value
      }
    },
    asText: (gauges) =>
      Object.entries(METRICS)
        .map(([name, { type, help }]) => {
          const samples = [
            ...[...counters.values()].filter((each) => each.name === name).map(toSample),
            ...histograms
              .filter((each) => each.name === name)
              .flatMap(({ histogram }) => toSamples(name, histogram)),
            ...gauges.filter((each) => each.name === name).map(toSample),
          ]
          if (samples.length === 0) return ''
          return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map(toLine).join('')}`
        })
        .join(''),
  }
}

function toSample({ name, labels = {}, value }: { name: string; labels?: Labels; value: number }): Sample {
  return [name, labels, value]
}

/** Each bucket counts what the smaller ones do too. Nothing of one that never noted a value. */
function toSamples(name: string, { upTo, labels, counts, sum }: Histogram): Sample[] {
  let total = 0
  const buckets = counts.map((count, i): Sample => {
    total += count
    return [`${name}_bucket`, { ...labels, le: String(upTo[i] ?? '+Inf') }, total]
  })
  return total === 0 ? [] : [...buckets, [`${name}_sum`, labels, sum], [`${name}_count`, labels, total]]
}

function toLine([name, labels, value]: Sample): string {
  return `${seriesOf(name, labels)} ${value}\n`
}

function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name
}

function escaped(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
}
