/**
 * The zone that history logs are written in: the hour that a log is of, and the times in it that name none. It is a whole
 * number of hours from UTC all year, so that each of its hours is one of UTC and has a name of its own.
 */
export type LogZone = { name: string; aheadOfUtcMs: number }

const HOUR_MS = 3_600_000

/** Of RongCloud's data centre in Beijing, and of those overseas. */
export const BEIJING: LogZone = { name: 'Asia/Shanghai', aheadOfUtcMs: 8 * HOUR_MS }
export const UTC: LogZone = { name: 'UTC', aheadOfUtcMs: 0 }

const SEASONS = ['2026-01-15T00:00Z', '2026-07-15T00:00Z'] as const

/** @param name an IANA name, or an offset such as `UTC+8` or `+08:00`; null when it cannot be the zone of logs */
export function logZoneOf(name: string): LogZone | null {
  const [, sign, hours] = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?00)?$/i.exec(name) ?? []
  if (sign !== undefined)
    return Number(hours) > 14 ? null : { name, aheadOfUtcMs: Number(sign + hours) * HOUR_MS }
  const [winter, summer] = SEASONS.map((moment) => aheadOfUtcMs(name, moment))
  if (winter === undefined || winter !== summer || winter % HOUR_MS !== 0) return null
  return { name, aheadOfUtcMs: winter }
}

function aheadOfUtcMs(timeZone: string, moment: string): number {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
      new Date(moment),
    )
    const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? []
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000
  } catch {
    return Number.NaN
  }
}
