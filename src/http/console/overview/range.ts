/** The ranges that the overview can show; each is whole hours or days up to now. */
import type { Bucket } from '../../../archive/message-counts.ts'
import { DAY_MS, daysOf, HOUR_MS, hoursOf } from '../../buckets.ts'

export const RANGES = ['24h', '7d', '30d', '1y'] as const
export type Range = (typeof RANGES)[number]

export function bucketsOf(range: Range, nowMs: number, timeZone: string): Bucket[] {
  if (range === '24h') return hoursOf({ fromMs: nowMs - 23 * HOUR_MS, untilMs: nowMs })
  const days = daysOf({ fromMs: nowMs - 366 * DAY_MS, untilMs: nowMs }, timeZone)
  if (range !== '7d') return days.slice(range === '30d' ? -30 : -365)
  // From a midnight on, so that days can be told.
  return hoursOf({ fromMs: days.at(-7)?.[0] ?? nowMs, untilMs: nowMs })
}

export function isByDay(range: Range): boolean {
  return range === '30d' || range === '1y'
}
