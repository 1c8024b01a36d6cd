/** JSON in which no number becomes another one, such as an id of 19 digits, which JavaScript would round. */

// Not yet in TypeScript's library; Node 22 and workerd have it.
const { rawJSON } = JSON as unknown as { rawJSON: (source: string) => unknown }

/** For `JSON.parse`. A number that JavaScript would write in another way is kept as it was written. */
export function keepAsWritten(_name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value
}

// Longer ones are no ids, and a megabyte of digits would take long to read.
const LONG = /^-?\d{16,40}$/

/**
 * For `JSON.parse`. A whole number that JavaScript would round becomes a `bigint`; one that is written in another way, such as
 * `1e18`, stays the number that it was.
 */
export function keepWholeNumbers(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return LONG.test(source) ? BigInt(source) : value
}

/** Writes a `bigint` as its digits. */
export function writeExactJson(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'bigint' ? rawJSON(String(each)) : each,
  )
}
