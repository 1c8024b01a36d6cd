/** Apps whose messages the archive has and whose secret it was not given: their callbacks are refused. */
import { listAppKeys } from '../archive/app-keys.ts'
import type { AppDeps } from './deps.ts'

// Anybody may ask, and it changes with the first message of an app alone.
const HOLDS_MS = 60_000

/** Their app keys. Never rejects: none while the archive cannot be read. */
export type UnconfiguredApps = () => Promise<readonly string[]>

/** What is found is logged when it changes. */
export function createUnconfiguredApps({
  store,
  settings,
  now,
  log,
}: Pick<AppDeps, 'store' | 'settings' | 'now' | 'log'>): UnconfiguredApps {
  let known: readonly string[] | null = null
  let askedAtMs = Number.NEGATIVE_INFINITY

  return async () => {
    const isOld = Math.abs(now() - askedAtMs) >= HOLDS_MS
    if (isOld) askedAtMs = now()
    if (known === null) return find()
    // Nobody waits for a change that hardly ever comes.
    if (isOld) void find()
    return known
  }

  async function find() {
    try {
      const configured = new Set(settings.apps.map(({ appKey }) => appKey))
      const appKeys = (await listAppKeys(store)).filter((appKey) => !configured.has(appKey))
      if (appKeys.length > 0 && appKeys.join() !== known?.join())
        log.warn('apps of the archive are not configured', { appKeys, setting: 'RONGCLOUD_APPS' })
      known = appKeys
      return appKeys
    } catch {
      return []
    }
  }
}
