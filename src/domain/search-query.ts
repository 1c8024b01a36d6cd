/** What somebody looks for: words that must all occur, and phrases in quotation marks. */
import { occurrencesOf } from './search-occurrences.ts'
import { GROUP_MIN, joinedText, searchedText, unjoinedText } from './search-text.ts'

// Characters of a message; what it is exactly matters little.
const USUAL_LENGTH = 20
// More of one word in a text adds nothing to its relevance.
const HITS_MAX = 100

/**
 * What must occur, as it is searched: these words and phrases, or instead, where some of them may be the groups of a
 * number, all of them written together.
 */
export type SearchTerm = { words: readonly string[]; number: string | null }

/** Each of them must; no word is empty. */
export type SearchTerms = readonly SearchTerm[]

/**
 * A match. The text is taken as {@link searchedText}. A word or phrase must stand in it in one piece, but that any
 * punctuation is as good as another: Chinese and its like anywhere, Latin words and numbers from the beginning of a
 * word, a number also at the end of digits, a symbol or emoji as it is.
 */
export function isMatch(searched: string, terms: SearchTerms): boolean {
  const stands = (term: string) => !occurrencesOf(term, searched).next().done
  return terms.every(({ words, number }) => words.every(stands) || (number !== null && stands(number)))
}

// A blank between what may be groups of a number does not end a term.
const MARK = String.raw`[^\s"\p{L}\p{N}]`
const WRITTEN = new RegExp(
  `"([^"]*)"?|[^\\s"]+(?:(?<=\\p{Nd}${MARK}?)\\s(?:${MARK}\\s)?(?=${MARK}?\\p{Nd}{${GROUP_MIN}})[^\\s"]+)*`,
  'gu',
)

export function parseQuery(query: string): SearchTerms {
  const written = query.replaceAll(/[“”„＂]/g, '"').matchAll(WRITTEN)
  const terms = Array.from(written, ([raw, phrase]) =>
    phrase === undefined ? termsOf(raw, raw.split(/\s+/)) : termsOf(phrase, [phrase]),
  )
  return [...new Map(terms.flat().map((term) => [JSON.stringify(term), term])).values()]
}

function termsOf(raw: string, parts: readonly string[]): SearchTerm[] {
  const words = parts.map((part) => unjoinedText(searchedText(part))).filter((word) => word !== '')
  const number = joinedText(searchedText(raw))
  return number === null ? words.map((word) => ({ words: [word], number })) : [{ words, number }]
}

/** What a match may show of what was looked for: each word and phrase, and each number written together. */
export function soughtIn(terms: SearchTerms): string[] {
  return terms.flatMap(({ words, number }) => (number === null ? words : [...words, number]))
}

/** More for terms that fill more of a text, as BM25 counts them; that all occur everywhere tells nothing. */
export function relevanceOf(searched: string, terms: SearchTerms): number {
  const dampening = 1.2 * (0.25 + (0.75 * searched.length) / USUAL_LENGTH)
  return soughtIn(terms)
    .map((term) => occurrencesOf(term, searched).take(HITS_MAX).toArray().length)
    .reduce((sum, times) => sum + (times * 2.2) / (times + dampening), 0)
}
