/**
 * Ids of up to 64 bits: whole numbers from 0 to 2^63 - 1, such as the snowflakes of 19 digits that many back ends give
 * their members. JavaScript's numbers are exact below 2^53 only, so the program holds such an id as canonical decimal
 * text: two ids are the same when their texts are, and a template is filled with the text.
 */
export type LongId = `${bigint}`

export const LONG_ID_MAX = '9223372036854775807'

const CANONICAL_DECIMAL = /^(?:0|[1-9]\d{0,18})$/

/** Whether a text is an id as this program writes it, without sign and leading zeros. */
export function isLongId(text: string): text is LongId {
  // The order of texts of the same length is that of their numbers.
  return CANONICAL_DECIMAL.test(text) && (text.length < LONG_ID_MAX.length || text <= LONG_ID_MAX)
}

/** The id that a client wrote as digits, or as a number that was read exactly; null when it wrote none. */
export function readLongId(written: unknown): LongId | null {
  const isExact = typeof written === 'bigint' || Number.isSafeInteger(written)
  const digits = isExact || typeof written === 'string' ? String(written).replace(/^0+(?=\d)/, '') : ''
  return isLongId(digits) ? digits : null
}

/** How ids are given out in JSON, whose readers may round a number beyond 2^53. */
export const IDS_AS = ['number', 'string'] as const
export type IdsAs = (typeof IDS_AS)[number]

/** As a `number` while that is exact. */
export function toJsonId(id: LongId, as: IdsAs): number | string {
  return as === 'number' && Number.isSafeInteger(Number(id)) ? Number(id) : id
}
