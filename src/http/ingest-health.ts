/** Whether messages come in as they should, for `/api/v1/stats/ingest` and for the console. */
import { sumCallbackCounts } from '../archive/callback-counts.ts'
import {
  countArrivedSince,
  countWaiting,
  findLastCallbackMs,
  findNewestMessage,
  findNewestMisaddressed,
} from '../archive/ingest-health.ts'
import { getCountProgress } from '../archive/message-counts.ts'
import { listUnknownObjectNames } from '../archive/object-names.ts'
import { getSearchProgress } from '../archive/search-index.ts'
import { DAY_MS, HOUR_MS } from './buckets.ts'
import type { Deps } from './deps.ts'

export const RATE_MINUTES = 5
const NAMES_DAYS = 30
const NAMES_MAX = 20

export type IngestHealth = Awaited<ReturnType<typeof readIngestHealth>>

export async function readIngestHealth({
  store,
  now,
  unconfiguredApps,
}: Pick<Deps, 'store' | 'now' | 'unconfiguredApps'>) {
  const nowMs = now()
  const sinceMs = Math.floor((nowMs - DAY_MS) / HOUR_MS) * HOUR_MS
  const namesFirst = { after: null, limit: NAMES_MAX }
  const [
    newestMessage,
    lastCallbackAtMs,
    arrived,
    counts,
    keptAside,
    misaddressed,
    appKeys,
    names,
    counted,
    indexed,
  ] = await Promise.all([
    findNewestMessage(store),
    findLastCallbackMs(store),
    countArrivedSince(store, nowMs - RATE_MINUTES * 60_000),
    sumCallbackCounts(store, { fromMs: sinceMs }),
    countWaiting(store),
    findNewestMisaddressed(store),
    unconfiguredApps(),
    listUnknownObjectNames(store, {}, namesFirst),
    getCountProgress(store),
    getSearchProgress(store),
  ])
  return {
    newestMessage,
    lastCallbackAtMs,
    messagesPerMinute: arrived / RATE_MINUTES,
    callbacks: { sinceMs, counts },
    keptAside,
    newestMisaddressedPath: misaddressed,
    unconfiguredApps: appKeys,
    newObjectNames: names.filter(({ firstReceivedAtMs }) => firstReceivedAtMs >= nowMs - NAMES_DAYS * DAY_MS),
    newestId: indexed.newestId,
    countedUpTo: counted.countedUpTo,
    indexedUpTo: indexed.indexedUpTo,
  }
}
