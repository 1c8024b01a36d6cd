/**
 * What the index knows of a text: at each place where a match may begin, what begins there. Tokens are of letters,
 * digits, marks and symbols that are folded already, so that SQLite's tokenizer for ASCII takes them as they are.
 */
import { runsOf, type Run } from './search-text.ts'

// Beginnings of a word up to here are tokens of their own: SQLite collects all words with a common beginning before
// it gives the first, and there may be a million order numbers that begin with `2024`.
const BEGINNING_MAX = 8
// A longer word is an address or a key; what follows is found by looking at the text.
const WORD_MAX = 32

/** A private character, which is in no text as it is searched. */
const ABOUT = '\u{E000}'

/** Each once. */
export function tokensOf(searched: string): Set<string> {
  return new Set(runsOf(searched).flatMap(tokensOfRun))
}

function tokensOfRun({ kind, characters }: Run): readonly string[] {
  if (kind === 'symbol') return characters
  if (kind === 'unspaced') return [...characters, ...pairsOf(characters)]
  const beginnings = characters.slice(0, BEGINNING_MAX).map((_, i) => characters.slice(0, i + 1).join(''))
  return [...beginnings, characters.slice(0, WORD_MAX).join('')]
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
}

/** As few as hold every character: the text decides, and each is looked up in all of the index's parts. */
function pairsCovering(characters: readonly string[]): string[] {
  const last = characters.length - 2
  return pairsOf(characters).filter((_, i) => i % 2 === 0 || i === last)
}

/** What the index must know of a text for `term` to stand in it, in the language of FTS5. */
export function conditionsOf(term: string): string[] {
  const runs = runsOf(term)
  return runs.flatMap((run, i) => {
    const { kind, characters } = run
    if (kind === 'unspaced' && characters.length > 1) return pairsCovering(characters).map(quoted)
    if (kind !== 'word') return characters.map(quoted)
    const token = quoted(characters.slice(0, WORD_MAX).join(''))
    const mayGoOn = i === runs.length - 1 && characters.length > BEGINNING_MAX
    return [mayGoOn ? `${token}*` : token]
  })
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
