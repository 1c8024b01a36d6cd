/** Counts as lines of a plot: the largest by name, the rest as one. */
import type { Bucket } from '../../../archive/message-counts.ts'

export type Count = { startMs: number; name: string; messages: number }

/** `name` null: all that are not among the largest. `values`: one for each bucket. */
export type Series = { name: string | null; total: number; values: number[] }

const LARGEST = 8

export function seriesOf(counts: readonly Count[], buckets: readonly Bucket[]): Series[] {
  const placeOf = new Map(buckets.map(([startMs], place) => [startMs, place]))
  const all = [...Map.groupBy(counts, ({ name }) => name)]
    .map(([name, own]) => summed(name, own))
    .toSorted((one, other) => other.total - one.total || (one.name < other.name ? -1 : 1))
  // A rest of one has a name.
  const named = all.length === LARGEST + 1 ? all : all.slice(0, LARGEST)
  const rest = new Set(all.slice(named.length).map(({ name }) => name))
  if (rest.size === 0) return named
  return [
    ...named,
    summed(
      null,
      counts.filter(({ name }) => rest.has(name)),
    ),
  ]

  function summed<Name>(name: Name, own: readonly Count[]) {
    const values = buckets.map(() => 0)
    for (const { startMs, messages } of own) {
      const place = placeOf.get(startMs)
      if (place !== undefined) values[place] = (values[place] ?? 0) + messages
    }
    return { name, total: values.reduce((sum, value) => sum + value, 0), values }
  }
}
