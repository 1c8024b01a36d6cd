export type Latencies = { p50Ms: number; p99Ms: number }

/** @param tookMs one time for each request, in any order */
export function latenciesOf(tookMs: readonly number[]): Latencies {
  const sorted = tookMs.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}
