/** What is so at the moment, asked of the store when somebody looks. */
import { countWaiting, findLastCallbackMs } from '../../archive/ingest-health.ts'
import { getSearchProgress } from '../../archive/search-index.ts'
import type { Deps } from '../deps.ts'
import type { Gauge } from './registry.ts'

/** Without what the store or the runtime cannot say; a store that cannot be read is itself something to tell. */
export async function readGauges({
  store,
  eventLoopDelaySeconds,
}: Pick<Deps, 'store' | 'eventLoopDelaySeconds'>): Promise<Gauge[]> {
  const { writesWaiting, lastCommitAtMs } = store.vitals()
  const ofProcess = present([
    { name: 'rongcloud_event_loop_delay_seconds', value: eventLoopDelaySeconds?.() ?? null },
    { name: 'rongcloud_writes_waiting', value: writesWaiting },
    { name: 'rongcloud_last_commit_timestamp_seconds', value: inSeconds(lastCommitAtMs) },
  ])
  const ofDatabase = await readDatabase(store).catch(() => [])
  const isReadable = ofDatabase.length > 0
  return [...ofProcess, { name: 'rongcloud_database_readable', value: Number(isReadable) }, ...ofDatabase]
}

async function readDatabase(store: Deps['store']): Promise<Gauge[]> {
  const [{ bytes, mostBytes }, lastCallbackMs, search, waiting] = await Promise.all([
    store.size(),
    findLastCallbackMs(store),
    getSearchProgress(store),
    countWaiting(store),
  ])
  return [
    ...present([
      { name: 'rongcloud_database_bytes', value: bytes },
      { name: 'rongcloud_database_full_ratio', value: mostBytes && bytes / mostBytes },
      { name: 'rongcloud_last_callback_timestamp_seconds', value: inSeconds(lastCallbackMs) },
      { name: 'rongcloud_search_behind_messages', value: search.newestId - search.indexedUpTo },
    ]),
    ...Object.entries(waiting).map(([reason, value]): Gauge => ({
      name: 'rongcloud_kept_aside_waiting',
      labels: { reason },
      value,
    })),
  ]
}

function present(gauges: readonly (Omit<Gauge, 'value'> & { value: number | null })[]): Gauge[] {
  return gauges.flatMap(({ value, ...gauge }) => (value === null ? [] : [{ ...gauge, value }]))
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
