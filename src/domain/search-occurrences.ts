/** Where a term stands in a searched text. */
import { JOINT, UNSPACED } from './search-text.ts'

export type Occurrence = { from: number; to: number }

// The least digits that say which number is meant.
const ENDING_MIN = 4
const NUMBER = new RegExp(`^\\p{Nd}{${ENDING_MIN},}$`, 'u')
const DIGITS = new RegExp(`\\p{Nd}{${ENDING_MIN},}`, 'gu')
const STARTS_AMID_WORD = new RegExp(`^[^${UNSPACED}\\p{S} ${JOINT}]{2}$`, 'u')

/** Whether it is found at the end of a number too. */
export function isNumber(term: string): boolean {
  return NUMBER.test(term)
}

/**
 * Every place where `term`, which has no joints, stands in `searched`. Unspaced characters and symbols are found
 * anywhere; a word, which is Latin letters, digits and the like, from its beginning; a number of four digits or more
 * also where digits end. Four digits and more may be in groups in the text.
 */
export function* occurrencesOf(term: string, searched: string): Generator<Occurrence> {
  const canEnd = isNumber(term)
  const places = searched.includes(JOINT) ? placesAcrossJoints(term, searched) : placesOf(term, searched)
  for (const place of places)
    if (!isAmidWord(searched, place.from) || (canEnd && !isDigitAt(searched, place.to))) yield place
}

function* placesOf(term: string, searched: string): Generator<Occurrence> {
  for (let from = searched.indexOf(term); from >= 0; from = searched.indexOf(term, from + 1))
    yield { from, to: from + term.length }
}

function* placesAcrossJoints(term: string, searched: string): Generator<Occurrence> {
  // No character of a searched text has a meaning in an expression.
  const inGroups = term.replaceAll(DIGITS, (digits) => Array.from(digits).join(`${JOINT}?`))
  const expression = new RegExp(inGroups.replaceAll(' ', `[ ${JOINT}]`), 'g')
  for (let found = expression.exec(searched); found; found = expression.exec(searched)) {
    yield { from: found.index, to: found.index + found[0].length }
    expression.lastIndex = found.index + 1
  }
}

function isAmidWord(searched: string, at: number): boolean {
  if (at === 0) return false
  const next = String.fromCodePoint(searched.codePointAt(at) ?? 0)
  const [before = ''] = searched.slice(Math.max(0, at - 2), at).match(/.$/u) ?? []
  return STARTS_AMID_WORD.test(before + next)
}

function isDigitAt(searched: string, at: number): boolean {
  return /^\p{Nd}/u.test(searched.slice(at, at + 2))
}
