/** Units in which RongCloud writes the time that it signs: seconds of 10 digits, or milliseconds of 13. */
export const TIME_UNITS = ['s', 'ms'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** Null when it is neither. */
export function timeUnitOf(digits: number): TimeUnit | null {
  return digits === 13 ? 'ms' : digits === 10 ? 's' : null
}
