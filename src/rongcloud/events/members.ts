// Members of callbacks: how they are found and what they may look like. One name comes as `userid`, `userId` and `user_id`, one
// number as 1 and "1", one object as an object and as its JSON text; a form has nothing but text.
import { z } from 'zod'
import { isObject, type JsonObject } from '../message-types/readable-text.ts'
import { whole } from '../message-types/shared.ts'
import { toMilliseconds } from '../time.ts'
import { readJson } from './json.ts'

/** Follows names joined by dots, into JSON text too; the right spelling wins over one in another case or with underscores. */
export function memberAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((parent, name) => memberOf(toObject(parent), name), value)
}

function toObject(value: unknown): JsonObject | undefined {
  const parsed = typeof value === 'string' ? readJson(value) : value
  return isObject(parsed) ? parsed : undefined
}

function memberOf(parent: JsonObject | undefined, name: string): unknown {
  if (parent === undefined) return undefined
  if (Object.hasOwn(parent, name)) return parent[name]
  const lowerCase = name.toLowerCase()
  const spelling = Object.keys(parent).find((key) => isSpelling(key, lowerCase))
  return spelling === undefined ? undefined : parent[spelling]
}

const MOST_UNDERSCORES = 3

// The lengths come first, for a body may have very many keys.
function isSpelling(key: string, lowerCase: string): boolean {
  const underscores = key.length - lowerCase.length
  if (underscores < 0 || underscores > MOST_UNDERSCORES) return false
  return (underscores === 0 ? key : key.replaceAll('_', '')).toLowerCase() === lowerCase
}

/** The schema of an object with these members, however their names are spelled; what else it has is not looked at. */
export function members<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z.preprocess((value) => {
    const given = toObject(value)
    return given ? Object.fromEntries(names.map((name) => [name, memberOf(given, name)])) : value
  }, z.object(shape))
}

/** Any object, whatever its members. */
export const object = z.preprocess(
  (value) => toObject(value) ?? value,
  z.custom<Record<string, unknown>>(isObject, 'expected an object'),
)

const number = z.number().transform(String)

export const id = z.union([z.string().min(1), number], 'expected an id')
export const text = z.union([z.string(), number], 'expected a text')

/** A whole number with a meaning for each of its values. */
export function code<const Values extends readonly number[]>(...values: Values) {
  return whole.pipe(z.literal(values, `expected one of ${values.join(', ')}`))
}

/** Milliseconds or seconds; gives milliseconds. */
export const time = z
  .union([z.string(), z.number()], 'expected a time')
  .transform((value) => toMilliseconds(String(value)))
  .pipe(z.number('expected a time in milliseconds or seconds'))

/** Ids in a list, or a text that may hold several. One issue for the whole list, however long it is. */
export const ids = z.custom<unknown>(
  (value) => isId(value) || (Array.isArray(value) && value.every(isId)),
  'expected a list of ids',
)

function isId(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

/**
 * What may be left out: not there, null, an empty text, or whatever else a sender writes for nothing.
 * All of them read as null.
 */
export function maybe<Schema extends z.ZodType>(schema: Schema, ...nothing: readonly unknown[]) {
  const isLeftOut = (value: unknown) => value === undefined || value === '' || nothing.includes(value)
  return z.preprocess((value) => (isLeftOut(value) ? null : value), schema.nullable())
}

export const maybeTime = maybe(time, 0, '0')
