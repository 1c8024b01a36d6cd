/** The hours and times of history logs, which are Beijing's and say so nowhere (protocol §7.1). */
const AHEAD_OF_UTC_MS = 8 * 3_600_000

/** `yyyyMMddHH`, the hour that begins then. */
export function writeHour(startMs: number): string {
  return new Date(startMs + AHEAD_OF_UTC_MS).toISOString().replace(/\D/g, '').slice(0, 10)
}

/** Null when it is no hour that ever was. */
export function readHour(text: string): number | null {
  const [, year, month, day, hour] = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  return toMs([year, month, day, hour, '00', '00', '000'])
}

/** `yyyy-MM-dd HH:mm:ss.SSS`, also without the blank; null when it is no time. */
export function readLogTime(text: string): number | null {
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})-(\d\d)-(\d\d)[ T]?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?$/.exec(text) ?? []
  return toMs([year, month, day, hour, minute, second, fraction.padEnd(3, '0')])
}

function toMs(parts: readonly (string | undefined)[]): number | null {
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
  return isReal ? date.getTime() - AHEAD_OF_UTC_MS : null
}
