/** The hours and times of history logs, which are written without a zone (protocol §7.1). */
const HOUR_MS = 3_600_000

/** Ahead of UTC, in hours: 8 in China. RongCloud's data centres elsewhere write UTC, says its own SDK. */
export type LogZone = 0 | 8

/** `yyyyMMddHH`, the hour that begins then. */
export function writeHour(startMs: number, zone: LogZone): string {
  return new Date(startMs + zone * HOUR_MS).toISOString().replace(/\D/g, '').slice(0, 10)
}

/** Null when it is no hour that ever was. */
export function readHour(text: string, zone: LogZone): number | null {
  const [, year, month, day, hour] = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  return toMs(`${year}-${month}-${day}T${hour}:00:00.000Z`, zone)
}

/** `yyyy-MM-dd HH:mm:ss.SSS`, also without the blank; null when it is no time. */
export function readLogTime(text: string, zone: LogZone): number | null {
  const [, day, time, fraction = ''] =
    /^(\d{4}-\d\d-\d\d)[ T]?(\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?$/.exec(text) ?? []
  return toMs(`${day}T${time}.${fraction.padEnd(3, '0')}Z`, zone)
}

function toMs(iso: string, zone: LogZone): number | null {
  const ms = Date.parse(iso)
  // The 31st of a shorter month is read as the first of the next.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== iso) return null
  return ms - zone * HOUR_MS
}
