/** Times as the REST contract writes them, in the archive's time zone (design §8). */
import { Temporal } from 'temporal-polyfill'

/** Everything that a written time covers: `2024-12-19` is a whole day. Both ends inclusive, ms since 1970. */
export type Span = { fromMs: number; untilMs: number }

// Eight digits would be a date without dashes just as well.
const UNIX = /^(\d{1,7}|\d{9,14})$/
const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?:(:\d\d)(\.\d{1,9})?)?(Z|[+\- ]\d\d(?::?\d\d)?)?)?$/i

/**
 * Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:mm[:ss]`, ISO 8601 with a zone, Unix seconds or milliseconds.
 * @returns null when the text is none of these, or no such time exists
 */
export function readTime(text: string, timeZone: string): Span | null {
  if (UNIX.test(text)) return readUnix(text)
  const written = WRITTEN.exec(text)
  try {
    return written && readWritten(written, timeZone)
  } catch {
    return null
  }
}

/** Writes `YYYY-MM-DD HH:mm:ss`. */
export function createTimeWriter(timeZone: string): (ms: number) => string {
  // Swedish writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return (ms) => format.format(ms)
}

// Throws when there is no such day or time.
function readWritten(
  [, date = '', time, seconds = '', fraction = '', zone]: RegExpExecArray,
  timeZone: string,
): Span {
  if (!time) return readDay(date, timeZone)
  const plain = Temporal.PlainDateTime.from(`${date}T${time}${seconds}${fraction.slice(0, 4)}`, {
    overflow: 'reject',
  })
  // In the hour that autumn repeats, a written time covers both.
  const at = (disambiguation: 'earlier' | 'later') =>
    plain.toZonedDateTime(zone ? offsetOf(zone) : timeZone, { disambiguation }).epochMilliseconds
  return { fromMs: at('earlier'), untilMs: at('later') + lengthOf(seconds, fraction) - 1 }
}

function readUnix(digits: string): Span {
  if (digits.length > 11) return { fromMs: Number(digits), untilMs: Number(digits) }
  return { fromMs: Number(digits) * 1000, untilMs: Number(digits) * 1000 + 999 }
}

// A day is not always 24 hours long.
function readDay(date: string, timeZone: string): Span {
  const day = Temporal.PlainDate.from(date, { overflow: 'reject' })
  const startOf = (plain: Temporal.PlainDate) => plain.toZonedDateTime(timeZone).epochMilliseconds
  return { fromMs: startOf(day), untilMs: startOf(day.add({ days: 1 })) - 1 }
}

// A blank is a `+` that the client did not encode.
function offsetOf(zone: string): string {
  return /z/i.test(zone) ? 'UTC' : zone.replace(' ', '+')
}

function lengthOf(seconds: string, fraction: string): number {
  if (fraction) return 10 ** Math.max(4 - fraction.length, 0)
  return seconds ? 1000 : 60_000
}
