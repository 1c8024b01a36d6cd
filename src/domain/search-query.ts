/** What somebody looks for: words that must all occur, and phrases in quotation marks. */
import { occurrencesOf, searchedText } from './search-text.ts'

// Characters of a message; what it is exactly matters little.
const USUAL_LENGTH = 20

/** Each as it is searched; none is empty. */
export type SearchTerms = readonly string[]

/**
 * A match. Text and terms are taken as {@link searchedText}; each term must stand in the text: Chinese and its like
 * anywhere, Latin words and numbers from the beginning of a word, a symbol or emoji as it is. A term of several parts,
 * written together or in quotation marks, must stand in one piece, but that any punctuation is as good as another.
 */
export function isMatch(searched: string, terms: SearchTerms): boolean {
  return terms.every((term) => !occurrencesOf(term, searched).next().done)
}

export function parseQuery(query: string): SearchTerms {
  const written = query.replaceAll(/[“”„＂]/g, '"').matchAll(/"([^"]*)"?|[^\s"]+/g)
  const terms = Array.from(written, ([term, phrase]) => searchedText(phrase ?? term))
  return [...new Set(terms)].filter((term) => term !== '')
}

/** More for terms that fill more of a text, as BM25 counts them; that all occur everywhere tells nothing. */
export function relevanceOf(searched: string, terms: SearchTerms): number {
  const dampening = 1.2 * (0.25 + (0.75 * searched.length) / USUAL_LENGTH)
  return terms.reduce((sum, term) => {
    const times = [...occurrencesOf(term, searched)].length
    return sum + (times * 2.2) / (times + dampening)
  }, 0)
}
