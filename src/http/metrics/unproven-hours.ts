/** Hours that are about to become unprovable, as measured when somebody asks. */
import { listProofs } from '../../archive/completeness.ts'
import { listPausedApps } from '../../archive/history-logs.ts'
import { factsOf } from '../../domain/errors.ts'
import { hoursToProve, isProof, unprovenOf } from '../../domain/hour-state.ts'
import { NOT_ENABLED_DETAIL } from '../../rongcloud/history-log/server-api.ts'
import type { Gauge } from './registry.ts'
import { HOUR_MS } from '../buckets.ts'
import type { Deps } from '../deps.ts'

// An app without logs is asked again within the hour after its pause, and has no number meanwhile.
const ASKED_AGAIN_MS = 2 * HOUR_MS

/**
 * Of each app, unless RongCloud said last that its logs are not enabled. None where RongCloud is not asked for logs, or
 * the archive cannot be.
 */
export async function unprovenGauges({
  store,
  settings: { apps, serverApi, logZone },
  now,
  log,
}: Pick<Deps, 'store' | 'settings' | 'now' | 'log'>): Promise<Gauge[]> {
  if (serverApi === null) return []
  const nowMs = now()
  const appKeys = apps.map(({ appKey }) => appKey)
  const fromMs = hoursToProve(nowMs)[0] ?? nowMs
  try {
    const read = await listProofs(store, { appKeys, fromMs, untilMs: nowMs }, logZone.aheadOfUtcMs)
    const proofs = read.filter(isProof)
    const withoutLogs = await listPausedApps(store, NOT_ENABLED_DETAIL, nowMs - ASKED_AGAIN_MS)
    return appKeys
      .filter((appKey) => !withoutLogs.includes(appKey))
      .flatMap((appKey) => {
        const ofApp = proofs.filter((proof) => proof.appKey === appKey)
        return gaugesOf(appKey, new Set(ofApp.map(({ hourStartMs }) => hourStartMs)), nowMs)
      })
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
