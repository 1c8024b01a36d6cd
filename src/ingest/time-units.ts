/**
 * In which unit the callbacks of each app are signed. RongCloud signs nonce and time with nothing between them, so that only
 * times of one length tell where the time begins. It is learned once, kept in the archive, and held (decision 19).
 */
import { listTimeUnits, recordTimeUnits, type SignedTimeUnit } from '../archive/time-units.ts'
import type { Store } from '../archive/store.ts'
import { factsOf } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import type { TimeUnit } from '../domain/time-unit.ts'

// The archive answers in some milliseconds, or has other troubles than this. RongCloud waits for five seconds.
const LOAD_MS = 1000
// Of what is written once in the life of an archive.
const SAVED_AGAIN_AFTER_MS = 60_000

export type Signed = { appKey: string; timeUnit: TimeUnit | null }

export type TimeUnits = {
  /**
   * To be awaited where it matters what was learned before; null once that is known. Never rejects, and ends soon: whoever could
   * not learn of it goes on as if nothing were known.
   */
  loading: () => Promise<void> | null
  /** Whether the app was known to sign in another unit. @param isNear to now is the time: then the unit is learned from it */
  isChanged: (signed: Signed, isNear: boolean) => boolean
  /** Writes down what was learned; null when there is nothing. Never rejects: what cannot be written is kept for the next time. */
  saving: () => Promise<void> | null
}

type Surroundings = {
  store: Store
  now: () => number
  log: Log
  onChange: (signed: Signed, known: TimeUnit) => void
}

export function createTimeUnits({ store, now, log, onChange }: Surroundings): TimeUnits {
  const known = new Map<string, TimeUnit>()
  let learned: SignedTimeUnit[] = []
  let isLoaded = false
  let savedAgainFromMs = Number.NEGATIVE_INFINITY

  return {
    // Each for itself: what one request of a Worker waits for may end with that request.
    loading: () => (isLoaded ? null : soon(load())),
    isChanged: (signed, isNear) => {
      const unit = known.get(signed.appKey)
      if (unit === signed.timeUnit) return false
      if (unit === undefined) {
        // What was learned before, and is not known yet, will stand above it.
        if (isNear && signed.timeUnit !== null) learn(signed.appKey, signed.timeUnit)
        return false
      }
      onChange(signed, unit)
      return true
    },
    saving: () => (learned.length === 0 || now() < savedAgainFromMs ? null : save()),
  }

  function learn(appKey: string, unit: TimeUnit) {
    known.set(appKey, unit)
    learned.push({ appKey, unit, learnedAtMs: now() })
  }

  async function load() {
    try {
      for (const { appKey, unit } of await listTimeUnits(store)) known.set(appKey, unit)
      isLoaded = true
    } catch (error) {
      // As often as callbacks come, which are told of themselves.
      log.debug('units of signed times not read', factsOf(error))
    }
  }

  async function save() {
    const saving = learned
    learned = []
    try {
      await recordTimeUnits(store, saving)
      // Another isolate may have been the first.
      await load()
    } catch (error) {
      learned.push(...saving)
      savedAgainFromMs = now() + SAVED_AGAIN_AFTER_MS
      log.warn('units of signed times not written', factsOf(error))
    }
  }
}

/** No callback waits for it any longer. */
async function soon(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LOAD_MS)))
  await Promise.race([work, late])
  clearTimeout(timer)
}
