import { keepWholeNumbers } from './exact-json.ts'

/** True when both texts are the same, or JSON of the same value, in whatever order and with whatever blanks it is written. */
export function isSameJson(one: string, other: string): boolean {
  if (one === other) return true
  // Nearly all texts that differ begin to do so with what they say: only an object or a list can be written in two ways.
  if (!/^\s*[[{]/.test(one) || !/^\s*[[{]/.test(other)) return false
  try {
    return isSame(parseExactly(one), parseExactly(other))
  } catch {
    return false
  }
}

/** Ids of nineteen digits are told apart to the last of them. */
function parseExactly(json: string): unknown {
  return /\d{16}/.test(json) ? JSON.parse(json, keepWholeNumbers) : JSON.parse(json)
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [names, otherNames] = [Object.keys(one), Object.keys(other)]
  return (
    names.length === otherNames.length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
    )
  )
}
