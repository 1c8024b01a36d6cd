/** What the index must know of a text for it to match, in the language of FTS5. It may know too much: the text decides. */
import { isNumber } from './search-occurrences.ts'
import type { SearchTerm } from './search-query.ts'
import { runsOf, type Run } from './search-text.ts'
import { BEGINNING_MAX, endingToken, ENDINGS, pairsOf, quoted, WORD_MAX } from './search-tokens.ts'

export function conditionOf({ words, number }: SearchTerm): string {
  const inWords = words.map(conditionOfOne).join(' AND ')
  return number === null ? inWords : `((${inWords}) OR (${conditionOfOne(number)}))`
}

function conditionOfOne(term: string): string {
  const begins = runsOf(term).flatMap(conditionsOfRun).join(' AND ')
  return isNumber(term) ? `(${begins} OR ${endingConditionOf(Array.from(term).toReversed())})` : begins
}

function conditionsOfRun({ kind, characters }: Run): string[] {
  if (kind === 'unspaced' && characters.length > 1) return pairsCovering(characters).map(quoted)
  if (kind !== 'word') return characters.map(quoted)
  const token = quoted(characters.slice(0, WORD_MAX).join(''))
  // More may follow in the text: of the word, or a joint and the next group.
  return [characters.length > BEGINNING_MAX ? `${token}*` : token]
}

function endingConditionOf(reversed: readonly string[]): string {
  const longest = ENDINGS.find((length) => length <= reversed.length)
  return quoted(endingToken(reversed, longest))
}

/** As few as hold every character: the text decides, and each is looked up in all of the index's parts. */
function pairsCovering(characters: readonly string[]): string[] {
  const last = characters.length - 2
  return pairsOf(characters).filter((_, i) => i % 2 === 0 || i === last)
}
