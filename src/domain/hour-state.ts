/** What is known of an hour of an app: whether the archive has all that was said in it. */

export const HOUR_STATES = ['proven', 'open', 'gap', 'too_old'] as const

/**
 * `proven`: RongCloud's log of the hour was read to its end, and every message in it is in the archive.
 * `open`: not proven, but RongCloud has or will have the log; this includes the hour that is not over.
 * `gap`: there are signs that something is missing, see {@link GAP_REASONS}.
 * `too_old`: never proven, and RongCloud has forgotten the log; no sign that anything is missing, and no proof that all is there.
 */
export type HourState = (typeof HOUR_STATES)[number]

/** What makes an hour a gap; of several the first. */
export const GAP_REASONS = [
  'times of the log do not fit its hour',
  'the log came over plain http from a host that is not allowed',
  'lines of the log could not be read',
  'callbacks were turned away, and the log is forgotten',
] as const

export type GapReason = (typeof GAP_REASONS)[number]

/**
 * What was made of a log, in records and lines of it. `unreadable`: kept aside. `outside`: readable, with a time that is not
 * in the hour of the log.
 */
export type LogOfHour = { read: number; unreadable: number; outside: number }

/** `overPlainHttp`: anybody on the way could have put another log in its place. */
export type ReadLog = LogOfHour & { overPlainHttp: boolean }

/** Whether it is known to be RongCloud's log of the very hour, so that its lines prove that hour. */
export function isProof(log: ReadLog): boolean {
  return !isMisfit(log) && !log.overPlainHttp
}

/** Whether most of the records are of other times: then the log is of another hour, and proves nothing of its own. */
export function isMisfit({ read, unreadable, outside }: LogOfHour): boolean {
  return outside * 2 > read - unreadable
}

export type HourFacts = {
  startMs: number
  /** Null when the log was not read to its end. */
  proof: ReadLog | null
  /** Callbacks that came in this hour and are not in the archive: refused, not stored, or kept aside to this day. */
  turnedAway: number
}

const HOUR_MS = 3_600_000

/** RongCloud keeps the log of an hour for so long after the hour has begun (protocol §7.1). */
export const LOG_KEPT_MS = 72 * HOUR_MS

// The file of an hour is ready within the next.
const READY_AFTER_MS = 2 * HOUR_MS

export function hourStateOf(facts: HourFacts, nowMs: number): HourState {
  if (gapReasonOf(facts, nowMs)) return 'gap'
  if (facts.proof) return 'proven'
  return isForgotten(facts, nowMs) ? 'too_old' : 'open'
}

/** Null when the hour is no gap. */
export function gapReasonOf(facts: HourFacts, nowMs: number): GapReason | null {
  const { proof, turnedAway } = facts
  const [misfit, plain, unread, turned] = GAP_REASONS
  if (proof && isMisfit(proof)) return misfit
  if (proof?.overPlainHttp) return plain
  if (proof) return proof.unreadable > 0 ? unread : null
  return turnedAway > 0 && isForgotten(facts, nowMs) ? turned : null
}

function isForgotten({ startMs }: HourFacts, nowMs: number): boolean {
  return nowMs - startMs > LOG_KEPT_MS
}

/** When each hour begins whose log RongCloud has finished and still keeps; oldest first, for those are forgotten first. */
export function hoursToProve(nowMs: number): number[] {
  const last = Math.floor((nowMs - READY_AFTER_MS) / HOUR_MS) * HOUR_MS
  const first = Math.ceil((nowMs - LOG_KEPT_MS) / HOUR_MS) * HOUR_MS
  return Array.from({ length: (last - first) / HOUR_MS + 1 }, (_, i) => first + i * HOUR_MS)
}

/** When each hour begins that no log will prove any more, or whose log could not be read to the last line. */
export function hoursNotProven(
  proofs: readonly (ReadLog & { hourStartMs: number })[],
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
  nowMs: number,
): number[] {
  const byHour = new Map(proofs.map((proof) => [proof.hourStartMs, proof]))
  const first = Math.floor(fromMs / HOUR_MS)
  const count = Math.max(Math.ceil(Math.min(untilMs, nowMs) / HOUR_MS) - first, 0)
  const hours = Array.from({ length: count }, (_, i) => (first + i) * HOUR_MS)
  return hours.filter((startMs) => {
    const state = hourStateOf({ startMs, proof: byHour.get(startMs) ?? null, turnedAway: 0 }, nowMs)
    return state === 'gap' || state === 'too_old'
  })
}

const SOON_MS = 24 * HOUR_MS

/** `expiring`: hours whose log will be gone within a day. `oldestMs`: when the oldest began; null when all are proven. */
export type Unproven = { expiring: number; oldestMs: number | null }

/** Of the hours that could be proven now. @param proven when each proven hour begins */
export function unprovenOf(proven: ReadonlySet<number>, nowMs: number): Unproven {
  const open = hoursToProve(nowMs).filter((startMs) => !proven.has(startMs))
  return {
    expiring: open.filter((startMs) => startMs + LOG_KEPT_MS - nowMs <= SOON_MS).length,
    oldestMs: open[0] ?? null,
  }
}
