/** A range of time as two parameters. */
import { z } from 'zod'
import { invalidFields } from '../domain/errors.ts'
import { DAY_MS } from './buckets.ts'
import { optional, text } from './parameters.ts'
import { readTime, type Span } from './time.ts'

const WAYS = 'YYYY-MM-DD, YYYY-MM-DD HH:mm[:ss], ISO 8601 with a zone, Unix seconds or milliseconds'

/** `startTime` and `endTime`, each read as the {@link Span} that it covers. */
export function spanParameters(timeZone: string) {
  const time = text.transform((written, context) => {
    const span = readTime(written, timeZone)
    if (span) return span
    context.addIssue(`is not a time: use ${WAYS}`)
    return z.NEVER
  })
  return {
    startTime: optional(time).meta({ description: `From, inclusive: ${WAYS}.`, example: '2024-12-19' }),
    endTime: optional(time).meta({
      description: `Until, inclusive to the precision written: ${WAYS}.`,
      example: '2024-12-19 16:00',
    }),
  }
}

/** From start to end, or as many days as usual up to the end; the end is now unless there is one. @throws when too long */
export function lastDays(
  { startTime, endTime }: { startTime?: Span | undefined; endTime?: Span | undefined },
  { nowMs, usual, most, per }: { nowMs: number; usual: number; most: number; per?: string },
): Span {
  const untilMs = endTime?.untilMs ?? nowMs
  const fromMs = startTime?.fromMs ?? untilMs - usual * DAY_MS
  if (Math.floor((untilMs - fromMs) / DAY_MS) <= most) return { fromMs, untilMs }
  const asked = per ? ` when asked per ${per}` : ''
  const message = `must be at most ${most} days before the end${asked}`
  throw invalidFields([{ field: 'startTime', message }])
}
