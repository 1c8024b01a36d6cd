// What content objects have in common: the members of protocol section 5.1 and the loose spellings of values.
// Whatever may be left out may be null too.
import { z } from 'zod'

export const maybeString = z.string().nullish()

const EXPECTED_NUMERIC = 'expected a number or a numeric string'

/** The documents say String, the SDKs write a Number, and the other way round (protocol sections 12 and 15.3). */
export const numeric = z.union(
  [z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, EXPECTED_NUMERIC)],
  EXPECTED_NUMERIC,
)
export const maybeNumeric = numeric.nullish()

export const whole = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ],
  'expected a whole number',
)
export const maybeWhole = whole.nullish()

export const flag = z.union(
  [
    z.boolean(),
    z
      .literal([0, 1, '0', '1', 'false', 'true'])
      .transform((value) => value === 1 || value === '1' || value === 'true'),
  ],
  'expected true, false, 0 or 1',
)
export const maybeFlag = flag.nullish()

// One issue for the whole list: zod would make one for each of tens of thousands, while callbacks wait.
export const strings = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'expected a list of strings',
)
export const maybeStrings = strings.nullish()

/** Named in the protocol without a type: present or not, nothing to judge. */
export const anything = z.unknown().optional()

/** PHP writes an empty object as an empty list. */
export function fromPhp<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? {} : value), schema)
}

/** An object with these members and any others. */
export function object<Members extends z.ZodRawShape>(members: Members) {
  return fromPhp(z.looseObject(members))
}

/** JSON written inside JSON as a string, or directly as an object: sources disagree (protocol section 12). */
export const stringOrObject = z.union([z.string(), object({})], 'expected a string or an object')

const sender = object({
  id: maybeString,
  name: maybeString,
  portrait: maybeString,
  portraitUri: maybeString,
  icon: maybeString,
  alias: maybeString,
  userType: maybeNumeric,
  extra: stringOrObject.nullish(),
})

const mention = object({
  type: maybeNumeric,
  userIdList: maybeStrings,
  mentionedContent: maybeString,
})

const SHARED_MEMBERS = {
  user: sender.nullish(),
  mentionedInfo: mention.nullish(),
  extra: stringOrObject.nullish(),
  burnDuration: maybeNumeric,
  audit: object({ auditType: maybeNumeric, project: maybeString, strategy: maybeString }).nullish(),
  translateInfo: object({ targetLanguage: maybeString, translatedText: maybeString }).nullish(),
  sttInfo: object({ status: maybeNumeric, text: maybeString }).nullish(),
}

/** The schema of a content object that has these members besides the shared ones. */
export function contentObject<Members extends z.ZodRawShape>(members: Members) {
  return z.looseObject({ ...SHARED_MEMBERS, ...members })
}

/** For types of which only the name is known: any JSON object. */
export const unknownMembers = contentObject({})
