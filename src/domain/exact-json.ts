/**
 * JSON with the whole numbers that JavaScript would round, such as ids of 19 digits: they are read as `bigint`, and
 * written as digits.
 */

// Not yet in TypeScript's library; Node 22 and workerd have it.
const { rawJSON } = JSON as unknown as { rawJSON: (source: string) => unknown }

// Longer ones are no ids, and a megabyte of digits would take long to read.
const LONG = /^-?\d{16,40}$/

/** For `JSON.parse`. A number that is written in another way, such as `1e18`, stays the number that it was. */
export function keepWholeNumbers(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return LONG.test(source) ? BigInt(source) : value
}

export function writeExactJson(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'bigint' ? rawJSON(String(each)) : each,
  )
}
