/**
 * What the index knows of a text: at each place where a match may begin, what begins there. Tokens are of letters,
 * digits, marks and symbols that are folded already, so that SQLite's tokenizer for ASCII takes them as they are.
 */
import { GROUP_MIN, JOINT, runsOf, type Run } from './search-text.ts'

// Beginnings of a word up to here are tokens of their own: SQLite collects all words with a common beginning before
// it gives the first, and there may be a million order numbers that begin with `2024`.
export const BEGINNING_MAX = 8
// A longer word is an address or a key; what follows is found by looking at the text.
export const WORD_MAX = 32

// Private characters, which are in no text as it is searched.
const ABOUT = '\u{E000}'
const ENDING = '\u{E001}'

// The last digits of a number that are tokens: of those that a query has, the longest is looked up.
export const ENDINGS = [8, 6, 4] as const
// Holds the longest ending, whatever the digits and joints take.
const ENDING_SPAN = 24
const DIGITS = /\p{Nd}+/gu
const DIGITS_LAST = /\p{Nd}+$/u
const HAS_ENDING = new RegExp(`\\p{Nd}${JOINT}?\\p{Nd}{3}`, 'u')

/** Each once. */
export function tokensOf(searched: string): Set<string> {
  return new Set(runsOf(searched).flatMap(tokensOfRun))
}

function tokensOfRun({ kind, characters }: Run): readonly string[] {
  if (kind === 'symbol') return characters
  if (kind === 'unspaced') return [...characters, ...pairsOf(characters)]
  const word = characters.join('')
  const beginnings = word.includes(JOINT) ? groupsOf(word).flatMap(beginningsOf) : beginningsOf(characters)
  return HAS_ENDING.test(word) ? [...beginnings, ...endingsOf(word)] : beginnings
}

/** Each group of digits, and what it is together with those that follow. */
function groupsOf(word: string): string[][] {
  const groups = word.split(JOINT)
  const starts = groups.map((_, i) => groups.slice(i, i + WORD_MAX / GROUP_MIN + 1).join(''))
  return [...groups, ...starts].map((start) => Array.from(start.slice(0, 2 * WORD_MAX)))
}

function beginningsOf(characters: readonly string[]): string[] {
  const beginnings = characters.slice(0, BEGINNING_MAX).map((_, i) => characters.slice(0, i + 1).join(''))
  return [...beginnings, characters.slice(0, WORD_MAX).join('')]
}

/** Wherever digits end. Reversed, since those of one number lie side by side then, which takes less space. */
function endingsOf(word: string): string[] {
  return Array.from(word.matchAll(DIGITS)).flatMap(({ 0: group, index }) => {
    const end = index + group.length
    const before = word.slice(Math.max(0, end - ENDING_SPAN), end).replaceAll(JOINT, '')
    const digits = Array.from(before.match(DIGITS_LAST)?.[0] ?? '').toReversed()
    const isWhole = index === 0 // a beginning already
    return ENDINGS.filter((length) => digits.length > length || (digits.length === length && !isWhole)).map(
      (length) => endingToken(digits, length),
    )
  })
}

export function endingToken(reversed: readonly string[], length?: number): string {
  return ENDING + reversed.slice(0, length).join('')
}

export function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
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
