/**
 * What the index knows of a text: at each place where a match may begin, what begins there. Tokens are of letters,
 * digits, marks and symbols that are folded already, so that SQLite's tokenizer for ASCII takes them as they are.
 */
import { isNumber } from './search-occurrences.ts'
import type { SearchTerm } from './search-query.ts'
import { GROUP_MIN, JOINT, runsOf, type Run } from './search-text.ts'

// Beginnings of a word up to here are tokens of their own: SQLite collects all words with a common beginning before
// it gives the first, and there may be a million order numbers that begin with `2024`.
const BEGINNING_MAX = 8
// A longer word is an address or a key; what follows is found by looking at the text.
const WORD_MAX = 32

// Private characters, which are in no text as it is searched.
const ABOUT = '\u{E000}'
const ENDING = '\u{E001}'

// The last digits of a number that are tokens: of those that a query has, the longest is looked up.
const ENDINGS = [8, 6, 4] as const
// Holds the longest ending, whatever the digits and joints take.
const ENDING_SPAN = 24

/** Each once. */
export function tokensOf(searched: string): Set<string> {
  return new Set(runsOf(searched).flatMap(tokensOfRun))
}

function tokensOfRun({ kind, characters }: Run): readonly string[] {
  if (kind === 'symbol') return characters
  if (kind === 'unspaced') return [...characters, ...pairsOf(characters)]
  const word = characters.join('')
  return [...groupsOf(word).flatMap(beginningsOf), ...endingsOf(word)]
}

/** A word, or if it has groups of digits each of them, and what they are together with those that follow. */
function groupsOf(word: string): string[] {
  const groups = word.split(JOINT)
  if (groups.length === 1) return groups
  return groups.flatMap((group, i) => [group, groups.slice(i, i + WORD_MAX / GROUP_MIN + 1).join('')])
}

function beginningsOf(word: string): string[] {
  const characters = Array.from(word.slice(0, 2 * WORD_MAX)).slice(0, WORD_MAX)
  const beginnings = characters.slice(0, BEGINNING_MAX).map((_, i) => characters.slice(0, i + 1).join(''))
  return [...beginnings, characters.join('')]
}

/** Wherever digits end. Reversed, since those of one number lie side by side then, which takes less space. */
function endingsOf(word: string): string[] {
  return Array.from(word.matchAll(/\p{Nd}+/gu)).flatMap(({ 0: group, index }) => {
    const end = index + group.length
    const before = word.slice(Math.max(0, end - ENDING_SPAN), end).replaceAll(JOINT, '')
    const digits = Array.from(before.match(/\p{Nd}+$/u)?.[0] ?? '')
    const isWhole = index === 0 // a beginning already
    return ENDINGS.filter((length) => digits.length > length || (digits.length === length && !isWhole)).map(
      (length) => endingToken(digits, length),
    )
  })
}

function endingToken(digits: readonly string[], length: number): string {
  return ENDING + digits.slice(-length).toReversed().join('')
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
}

/** As few as hold every character: the text decides, and each is looked up in all of the index's parts. */
function pairsCovering(characters: readonly string[]): string[] {
  const last = characters.length - 2
  return pairsOf(characters).filter((_, i) => i % 2 === 0 || i === last)
}

/** What the index must know of a match, in the language of FTS5. */
export function conditionOf({ words, number }: SearchTerm): string {
  const inWords = words.map(conditionOfOne).join(' AND ')
  return number === null ? inWords : `((${inWords}) OR (${conditionOfOne(number)}))`
}

function conditionOfOne(term: string): string {
  const begins = runsOf(term).flatMap(conditionsOfRun).join(' AND ')
  return isNumber(term) ? `(${begins} OR ${endingConditionOf(Array.from(term))})` : begins
}

function conditionsOfRun({ kind, characters }: Run): string[] {
  if (kind === 'unspaced' && characters.length > 1) return pairsCovering(characters).map(quoted)
  if (kind !== 'word') return characters.map(quoted)
  const token = quoted(characters.slice(0, WORD_MAX).join(''))
  // More may follow in the text: of the word, or a joint and the next group.
  return [characters.length > BEGINNING_MAX ? `${token}*` : token]
}

function endingConditionOf(digits: readonly string[]): string {
  const [longest = digits.length] = ENDINGS.filter((length) => length <= digits.length)
  return quoted(endingToken(digits, longest))
}

/**
 * A token that says of a message who or what it is about. Different values may share one: it narrows, and the row
 * decides.
 */
export function aboutToken(kind: 'app' | 'type' | 'user', value: string): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII but letters and digits
  return ABOUT + kind + value.toLowerCase().replaceAll(/[\0-\x2F\x3A-\x60\x7B-\x7F]/g, ABOUT)
}

export function quoted(token: string): string {
  return `"${token}"`
}
