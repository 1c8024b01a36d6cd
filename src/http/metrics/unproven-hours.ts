/** Hours that are about to become unprovable, as measured when somebody asks. */
import { listRecentProofs } from '../../archive/completeness.ts'
import { factsOf } from '../../domain/errors.ts'
import { hoursToProve, unprovenOf } from '../../domain/hour-state.ts'
import type { Gauge } from './registry.ts'
import type { Deps } from '../deps.ts'

/**
 * Of each app that has logs: one of which no hour was ever proven has not got them enabled, and is left out. None where
 * RongCloud is not asked for logs, or the archive cannot be.
 */
export async function unprovenGauges({
  store,
  settings: { apps, serverApi },
  now,
  log,
}: Pick<Deps, 'store' | 'settings' | 'now' | 'log'>): Promise<Gauge[]> {
  if (serverApi === null) return []
  const nowMs = now()
  const appKeys = apps.map(({ appKey }) => appKey)
  const fromMs = hoursToProve(nowMs)[0] ?? nowMs
  try {
    const proofs = await listRecentProofs(store, { appKeys, fromMs })
    return [...Map.groupBy(proofs, ({ appKey }) => appKey)].flatMap(([appKey, ofApp]) =>
      gaugesOf(appKey, new Set(ofApp.map(({ hourStartMs }) => hourStartMs)), nowMs),
    )
  } catch (error) {
    // The counters are wanted most when the archive cannot be read.
    log.warn('unproven hours not counted', factsOf(error))
    return []
  }
}

function gaugesOf(appKey: string, proven: ReadonlySet<number>, nowMs: number): Gauge[] {
  const { expiring, oldestMs } = unprovenOf(proven, nowMs)
  const labels = { app_key: appKey }
  const ageSeconds = oldestMs === null ? 0 : Math.round((nowMs - oldestMs) / 1000)
  return [
    { name: 'rongcloud_unproven_hours_expiring', labels, value: expiring },
    { name: 'rongcloud_oldest_unproven_hour_age_seconds', labels, value: ageSeconds },
  ]
}
