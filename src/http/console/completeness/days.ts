/** The days that a calendar shows. */
import type { Bucket } from '../../../archive/message-counts.ts'
import { DAY_MS, daysOf } from '../../buckets.ts'

const DAYS = 14

/** The day of that moment, and those before it; earliest first. */
export function daysUntil(untilMs: number, timeZone: string): Bucket[] {
  return daysOf({ fromMs: untilMs - DAYS * DAY_MS, untilMs }, timeZone).slice(-DAYS)
}
