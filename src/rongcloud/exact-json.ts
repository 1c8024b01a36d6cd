/** JSON of RongCloud's servers, read so that no number comes out as another one. */
import { keepAsWritten } from '../domain/exact-json.ts'
import { isObject, type JsonObject } from './message-types/readable-text.ts'

// Where a number may stand: digits within a word are left alone, for asking about every value takes ten times as long.
const LONG_NUMBER = /(?:^|[:,[])\s*-?[\d.]{16}/

/** The reviver that this JSON needs: none, unless a number in it has more digits than JavaScript. */
export function reviverFor(json: string): Reviver | undefined {
  return LONG_NUMBER.test(json) ? keepAsWritten : undefined
}

/** A number of more digits than JavaScript has comes out as it is written. Undefined when the text is not JSON. */
export function parseExactJson(text: string): unknown {
  try {
    return JSON.parse(text, reviverFor(text))
  } catch (error) {
    // JSON is read at any depth, and numbers are kept at a bounded one.
    return error instanceof RangeError ? JSON.parse(text) : undefined
  }
}

export type Reviver = typeof keepAsWritten

/** A value as text, whether it is written as a text, a number or a flag; '' when it is none of them. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // An exact number that JavaScript has no value for.
  return isObject(value) && 'rawJSON' in value ? String(value.rawJSON) : ''
}

export function textAt(record: JsonObject, name: string): string {
  return textOf(record[name])
}
