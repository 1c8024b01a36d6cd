/** A range of time as two parameters. */
import { z } from 'zod'
import { optional, text } from './parameters.ts'
import { readTime } from './time.ts'

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
