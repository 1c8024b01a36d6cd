/** Parameters as they travel: text in queries and forms, text or numbers in JSON. */
import { z } from 'zod'
import { invalidFields, type FieldError } from '../domain/errors.ts'
import { LONG_ID_MAX, readLongId } from '../domain/long-id.ts'

/** An integer, written as digits; ids are never negative. */
export const integer = z
  .union([z.string(), z.number()], { error: given('must be an integer') })
  .transform((value, context) => {
    const number = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (Number.isSafeInteger(number) && number >= 0) return number
    context.addIssue('must be an integer')
    return z.NEVER
  })
  .meta(documentedAs({ type: 'integer', minimum: 0 }))

const A_LONG_ID = `must be an integer from 0 to ${LONG_ID_MAX}, written in digits`

/** An id of up to 64 bits, written as digits; in JSON text or a number, which is read exactly. */
export const longId = z
  .union([z.string(), z.number(), z.bigint()], { error: given(A_LONG_ID) })
  .transform((value, context) => {
    const id = readLongId(value)
    if (id !== null) return id
    context.addIssue(A_LONG_ID)
    return z.NEVER
  })
  .meta(
    documentedAs({ type: ['integer', 'string'], format: 'int64', minimum: 0, pattern: String.raw`^\d+$` }),
  )

/** A text that says something. */
export const text = z.string({ error: given('must be a text') }).min(1, 'cannot be blank')

/** Yes or no: a word in queries and forms, JSON's own in JSON. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: given('must be true or false') })
  .transform((value) => value === true || value === 'true')
  .meta(documentedAs({ type: 'boolean' }))

/** A parameter that may be left out; left empty means the same. */
export function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess(blankIsNone, schema.optional()).optional()
}

function blankIsNone(value: unknown): unknown {
  return value === '' ? undefined : value
}

/** A number of items, bounded on both sides. */
export function quantity({ usual, least = 1, most }: { usual: number; least?: number; most: number }) {
  const bounded = integer.refine(
    (value) => value >= least && value <= most,
    `must be between ${least} and ${most}`,
  )
  return z
    .preprocess(blankIsNone, bounded.default(usual))
    .optional()
    .transform((value) => value ?? usual)
    .meta(documentedAs({ type: 'integer', minimum: least, maximum: most, default: usual }))
}

/** Describes a parameter in `/openapi.json` by what it means, not by the texts that it may be written as. */
function documentedAs(meaning: Record<string, unknown>) {
  return {
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema.anyOf
      Object.assign(jsonSchema, meaning)
    },
  }
}

function given(otherwise: string) {
  return ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : otherwise)
}

/** Of a repeated query parameter the last counts, as in PHP. */
export function lastOfEach(queries: Record<string, string[]>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(queries).map(([name, values]) => [name, values.at(-1)]))
}

/** @throws ArchiveError `invalid_request` naming every field that is wrong */
export function parseParameters<T extends z.ZodType>(schema: T | undefined, values: unknown): z.output<T> {
  if (!schema) return undefined as z.output<T>
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  throw invalidFields(parsed.error.issues.flatMap(toFieldErrors))
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      message: 'is not a parameter of this endpoint',
    }))
  return [{ field: issue.path.join('.') || 'body', message: issue.message }]
}
