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
  // No character of a searched text has a meaning in an expression.
  const pattern = term.replaceAll(DIGITS, inGroups).replaceAll(' ', `[ ${JOINT}]`)
  const expression = new RegExp(pattern, 'g')
  for (let found = expression.exec(searched); found; found = expression.exec(searched)) {
    const [from, to] = [found.index, found.index + found[0].length]
    if (!isAmidWord(searched, from) || (canEnd && !isDigitAt(searched, to))) yield { from, to }
    expression.lastIndex = from + 1
  }
}

function inGroups(digits: string): string {
  return Array.from(digits).join(`${JOINT}?`)
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
