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
// Of what is read once in the life of a process, and written once in the life of an archive.
const SAVED_AGAIN_AFTER_MS = 60_000

export type Signed = { appKey: string; timeUnit: TimeUnit | null }

export type TimeUnits = {
  /**
   * To be awaited where it matters what was learned before; null once that is known, or was waited for long enough. Never
   * rejects, and ends soon: whoever could not learn of it goes on as if nothing were known.
   */
  loading: () => Promise<void> | null
  /** Whether the app was known to sign in another unit. @param isNear to now is the time: then the unit is learned from it */
  isChanged: (signed: Signed, isNear: boolean) => boolean
  /**
   * Writes down what was learned, and reads what was before if nobody has; null when there is nothing to do. Never rejects: what
   * cannot be written is kept for the next time.
   */
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
  let waitedForUntilMs: number | undefined
  let savedAgainFromMs = Number.NEGATIVE_INFINITY

  return {
    loading: () => {
      waitedForUntilMs ??= now() + LOAD_MS
      // Each for itself: what one request of a Worker waits for may end with that request.
      return isLoaded || now() >= waitedForUntilMs ? null : soon(load())
    },
    isChanged: (signed, isNear) => {
      const unit = known.get(signed.appKey)
      if (unit === signed.timeUnit) return false
      if (unit === undefined) {
        // What was learned before, and is not known yet, will stand above it.
        if (isNear && signed.timeUnit !== null) learn(signed.appKey, signed.timeUnit)
        return false
      }
      // The archive may know better than what was learned here.
      if (!isLoaded) return false
      onChange(signed, unit)
      return true
    },
    saving: () => ((isLoaded && learned.length === 0) || now() < savedAgainFromMs ? null : save()),
  }

  function learn(appKey: string, unit: TimeUnit) {
    known.set(appKey, unit)
    learned.push({ appKey, unit, learnedAtMs: now() })
  }

  async function load() {
    for (const { appKey, unit } of await listTimeUnits(store)) known.set(appKey, unit)
    isLoaded = true
  }

  async function save() {
    const saving = learned
    learned = []
    // Meanwhile the callbacks that come do not have it done again.
    savedAgainFromMs = now() + SAVED_AGAIN_AFTER_MS
    try {
      if (saving.length > 0) await recordTimeUnits(store, saving)
      // Another isolate may have been the first.
      await load()
      savedAgainFromMs = Number.NEGATIVE_INFINITY
    } catch (error) {
      learned.push(...saving)
      log.warn('units of signed times neither written nor read', factsOf(error))
    }
  }

  /** No callback waits for it any longer. */
  async function soon(work: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LOAD_MS)))
    // It is tried again after the answer, and told of there.
    const tried = work.catch((error: unknown) => log.debug('units of signed times not read', factsOf(error)))
    await Promise.race([tried, late])
    clearTimeout(timer)
  }
}
