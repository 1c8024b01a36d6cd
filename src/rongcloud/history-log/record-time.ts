/** When a message of a log was sent: real lines have an exact `timestamp` beside the `dateTime` without a zone (protocol §15.1). */
import type { LogZone } from '../../domain/log-zone.ts'
import { toMilliseconds } from '../time.ts'
import { readLogTime } from './hours.ts'
import { clip, textAt, type RecordMembers } from './record-members.ts'

const TIMESTAMP_NAMES = ['timestamp', 'msgTimestamp'] as const
export const TIME_NAMES: readonly string[] = [...TIMESTAMP_NAMES, 'dateTime']

/** `ms` null: the record has none. `text`: as an identity is made of it. */
export type RecordTime = { ms: number | null; text: string; problems: string[] }

export function timeOf(record: RecordMembers, zone: LogZone): RecordTime {
  const timestamps = TIMESTAMP_NAMES.map((name) => textAt(record, name)).filter((text) => text !== '')
  const dateTime = textAt(record, 'dateTime')
  const exactMs = timestamps.map(toMilliseconds).find((ms) => ms !== null) ?? null
  const dateTimeMs = readLogTime(dateTime, zone)
  const difference = differenceOf(exactMs, dateTimeMs, zone)
  const ms = exactMs ?? dateTimeMs
  // Two messages may have one timestamp and yet be two; which zone was thought of must make no difference.
  const text = difference?.isOfZone === false ? `${ms} ${dateTime}` : String(ms ?? dateTime)
  const missing = timestamps.length + dateTime.length === 0 ? 'dateTime is missing' : ''
  const problems = [
    exactMs === null ? noTime('timestamp', timestamps[0] ?? '') : '',
    dateTimeMs === null ? noTime('dateTime', dateTime) : '',
    missing,
    difference?.problem ?? '',
  ]
  return { ms, text, problems: problems.filter((problem) => problem !== '') }
}

function noTime(name: string, text: string): string {
  return text && `${name} is no time: ${clip(text)}`
}

/** Whether a member says the time to the millisecond. */
export function isTime(name: string, text: string, ms: number, zone: LogZone): boolean {
  if (name !== 'dateTime') return toMilliseconds(text) === ms
  return readLogTime(text, zone) === ms && !/[.,]\d{4}/.test(text)
}

const SECOND_MS = 1000
const HOUR_MS = 3_600_000
const FARTHEST_HOURS = 14

/** `isOfZone`: it may be that of another zone. Null for what is no more than a second. */
function differenceOf(exactMs: number | null, dateTimeMs: number | null, zone: LogZone) {
  const difference = exactMs === null || dateTimeMs === null ? 0 : dateTimeMs - exactMs
  if (Math.abs(difference) <= SECOND_MS) return null
  const hours = Math.round(difference / HOUR_MS)
  const ahead = zone.aheadOfUtcMs / HOUR_MS + hours
  const isOfZone = Math.abs(difference - hours * HOUR_MS) <= SECOND_MS && Math.abs(ahead) <= FARTHEST_HOURS
  const problem = isOfZone
    ? `dateTime is ${Math.abs(hours)} hours from timestamp, which counts: it is that of ${nameOf(ahead)}, not of ${zone.name} (RONGCLOUD_LOG_ZONE)`
    : `dateTime is ${Math.round(Math.abs(difference) / SECOND_MS)} seconds from timestamp, which counts`
  return { isOfZone, problem }
}

function nameOf(aheadHours: number): string {
  if (aheadHours === 0) return 'UTC'
  return `UTC${aheadHours > 0 ? '+' : ''}${aheadHours}`
}
