// What content objects have in common: the members of protocol section 5.1 and the loose spellings of values.
// Whatever may be left out may be null too.
import { z } from 'zod'

export const maybeString = z.string().nullish()
export const maybeNumber = z.number().nullish()
export const maybeWhole = z.int().nullish()
export const maybeFlag = z.boolean().nullish()

// One issue for the whole list: zod would make one for each of tens of thousands, while callbacks wait.
export const strings = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'expected a list of strings',
)
export const maybeStrings = strings.nullish()

/** Named in the protocol without a type: present or not, nothing to judge. */
export const anything = z.unknown().optional()

const EXPECTED_NUMERIC = 'expected a number or a numeric string'
const digits = z.string().regex(/^\d+(\.\d+)?$/, EXPECTED_NUMERIC)

/** The documents say String, the SDKs write a Number (protocol section 12). */
export const numeric = z.union([z.number(), digits], EXPECTED_NUMERIC)

/** JSON written inside JSON as a string, or directly as an object: sources disagree (protocol section 12). */
export const stringOrObject = z.union([z.string(), z.looseObject({})], 'expected a string or an object')

const sender = z.looseObject({
  id: maybeString,
  name: maybeString,
  portrait: maybeString,
  portraitUri: maybeString,
  icon: maybeString,
  alias: maybeString,
  userType: maybeNumber,
  extra: stringOrObject.nullish(),
})

const mention = z.looseObject({
  type: maybeNumber,
  userIdList: maybeStrings,
  mentionedContent: maybeString,
})

const SHARED_MEMBERS = {
  user: sender.nullish(),
  mentionedInfo: mention.nullish(),
  extra: stringOrObject.nullish(),
  burnDuration: maybeNumber,
  audit: z.looseObject({ auditType: maybeNumber, project: maybeString, strategy: maybeString }).nullish(),
  translateInfo: z.looseObject({ targetLanguage: maybeString, translatedText: maybeString }).nullish(),
  sttInfo: z.looseObject({ status: maybeNumber, text: maybeString }).nullish(),
}

/** The schema of a content object that has these members besides the shared ones. */
export function contentObject<Members extends z.ZodRawShape>(members: Members) {
  return z.looseObject({ ...SHARED_MEMBERS, ...members })
}

/** For types of which only the name is known: any JSON object. */
export const unknownMembers = contentObject({})
