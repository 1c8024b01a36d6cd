/** Hours and days of the archive's time zone, as counts are asked for. */
import { Temporal } from 'temporal-polyfill'
import type { Bucket } from '../archive/message-counts.ts'
import type { Span } from './time.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** All hours of UTC that have something of the span, as most time zones have them too. */
export function hoursOf({ fromMs, untilMs }: Span): Bucket[] {
  const firstMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS
  const count = Math.max(Math.floor(untilMs / HOUR_MS) - Math.floor(fromMs / HOUR_MS) + 1, 0)
  return Array.from({ length: count }, (_, i) => [firstMs + i * HOUR_MS, firstMs + (i + 1) * HOUR_MS])
}

/** All days that have something of the span. Where days begin within an hour of UTC, it counts for the day before. */
export function daysOf({ fromMs, untilMs }: Span, timeZone: string): Bucket[] {
  const days: Bucket[] = []
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate()
  const startOf = (day: Temporal.PlainDate) =>
    Math.ceil(day.toZonedDateTime(timeZone).epochMilliseconds / HOUR_MS) * HOUR_MS
  for (let day = dayOf(fromMs), startMs = startOf(day); startMs <= untilMs;) {
    day = day.add({ days: 1 })
    const nextMs = startOf(day)
    days.push([startMs, nextMs])
    startMs = nextMs
  }
  return days
}
