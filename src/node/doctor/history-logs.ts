/** Whether RongCloud's history logs prove the hours, of the app that is worst off. */
import type Database from 'better-sqlite3'
import type { LogZone } from '../../domain/log-zone.ts'
import { ok, warn, type Finding } from './finding.ts'

// A log is asked for two hours after its hour began, and then every hour: a day without is no accident.
const UNPROVEN_MS = 24 * 3_600_000

/** @param appKeys at least one */
export function findInLogs(
  database: Database.Database,
  { nowMs, appKeys, logZone }: { nowMs: number; appKeys: readonly string[]; logZone: LogZone },
): Finding {
  const { appKey, startMs } = database
    .prepare(
      `SELECT app.value AS appKey, (SELECT max(hour_start_ms) FROM proven_hours
          WHERE app_key = app.value AND zone_ahead_ms = ? AND outside * 2 <= read - unreadable
            AND NOT over_plain_http) AS startMs
        FROM json_each(?) AS app ORDER BY startMs LIMIT 1`,
    )
    .get(logZone.aheadOfUtcMs, JSON.stringify(appKeys)) as { appKey: string; startMs: number | null }
  const todo =
    'archive logs fetch says why; enable history logs (历史消息日志) in the console of RongCloud, or set RONGCLOUD_API=off'
  if (startMs === null) return warn('history logs', `no hour of ${appKey} is proven yet`, todo)
  const what = `newest proven hour of ${appKey}: ${new Date(startMs).toISOString()}`
  return nowMs - startMs > UNPROVEN_MS ? warn('history logs', what, todo) : ok('history logs', what)
}
