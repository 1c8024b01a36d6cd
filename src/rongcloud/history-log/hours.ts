/** The hours and times of history logs, which say nowhere of which zone they are (protocol §7.1, §15.1). */
import type { LogZone } from '../../domain/log-zone.ts'
import { toMilliseconds } from '../time.ts'

/** `yyyyMMddHH`, the hour that begins then. */
export function writeHour(startMs: number, { aheadOfUtcMs }: LogZone): string {
  return new Date(startMs + aheadOfUtcMs).toISOString().replace(/\D/g, '').slice(0, 10)
}

/** Null when it is no hour that ever was. */
export function readHour(text: string, zone: LogZone): number | null {
  const [, year, month, day, hour] = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  return toMs([year, month, day, hour, '00', '00', '000'], zone.aheadOfUtcMs)
}

const LOG_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[ T]?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(?:(Z)|([+-]\d\d):?(\d\d))?$/

/**
 * `yyyy-MM-dd HH:mm:ss.SSS`, also without the blank, or with a zone of its own; or digits, as `toMilliseconds` takes them.
 * Null when it is no time.
 */
export function readLogTime(text: string, zone: LogZone): number | null {
  const [, year, month, day, hour, minute, second, fraction = '', utc, ahead, minutes] =
    LOG_TIME.exec(text) ?? []
  if (year === undefined) return toMilliseconds(text)
  const own = ahead && (Number(ahead) * 60 + Number(`${ahead[0]}${minutes}`)) * 60_000
  const millisecond = fraction.padEnd(3, '0').slice(0, 3)
  return toMs(
    [year, month, day, hour, minute, second, millisecond],
    utc ? 0 : own === undefined || own === '' ? zone.aheadOfUtcMs : own,
  )
}

function toMs(parts: readonly (string | undefined)[], aheadOfUtcMs: number): number | null {
  const [year, month, day, hour, minute, second, millisecond] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond))
  // The 31st of a shorter month, or hour 25, would be a time of another day.
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && minute < 60 && second < 60
  return isReal ? date.getTime() - aheadOfUtcMs : null
}
