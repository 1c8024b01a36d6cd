/**
 * Text as it is searched. What looks alike is alike: full and half width, upper and lower case, with or without
 * invisible characters. What separates words (blanks, punctuation, line ends) is one blank, however long.
 */

/**
 * What of a text is searched, in UTF-16 code units, counted before it is folded and again afterwards, as one character
 * may become eighteen. What stands behind is found by no one. The tokens of so much are fewer than 50,000.
 */
export const SEARCHED_MAX = 20_000

const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu

// No script puts as many marks on a character, and Unicode takes time by the square of their number to sort them.
const PILED = /([\p{M}\uFF9E\uFF9F]{30})[\p{M}\uFF9E\uFF9F]+/gu

/**
 * Stands between groups of digits that may be one number, `138-0013-8000`, as a blank does between words. Such groups
 * are a blank, a dash, a bracket or a dot apart, and each but the first has three digits or more, which keeps dates,
 * times, sizes and cents apart. A dot joins less, for the sake of addresses like `192.168.1.100`.
 */
export const JOINT = '\u{A0}'
export const GROUP_MIN = 3
const BETWEEN_GROUPS = String.raw`(?<=\p{Nd})(?:[ \t]?[\p{Pd}()][ \t]?|[ \t]|\.(?=\p{Nd}{4}|\p{Nd}{3}\.\p{Nd}{4}))(?=\p{Nd}{${GROUP_MIN}})`
// Whoever sends more sends a table, and each costs the index a dozen tokens.
const JOINTS_MAX = 256

// A currency sign or an emoji may be looked for; the symbols of ASCII are punctuation.
const SEPARATORS = new RegExp(`(${BETWEEN_GROUPS})|(?:[^\\p{L}\\p{N}\\p{M}\\p{S}]|[$+<=>^\`|~])+`, 'gu')

/** Scripts that put no blanks between words, or hang on to them what is not part of them. */
export const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Bopo}\\p{scx=Hang}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}'
// Only for text without separators, some of which are counted to these scripts too.
const RUN = new RegExp(`(?<unspaced>[${UNSPACED}]+)|(?<symbol>\\p{S})|(?<word>[^${UNSPACED}\\p{S} ]+)`, 'gu')

/** Sequences that Unicode composes: a character and what is put on it. */
const COMPOSED = /\P{M}[\p{M}\p{Default_Ignorable_Code_Point}\uFF9E\uFF9F\u1160-\u11FF]*|[^]/gu

/** A piece of searched text: characters that stand without blanks, a symbol, or a word, joints and all. */
export type Run = { kind: 'unspaced' | 'symbol' | 'word'; characters: readonly string[] }

/** Searched text, and for each of its code units where in `source` that comes from. */
export type PlacedText = { source: string; searched: string; places: readonly Place[] }
type Place = { from: number; to: number }

export function searchedText(text: string): string {
  return folded(text).replaceAll(SEPARATORS, createSeparating()).trim()
}

/** What a separator becomes. */
function createSeparating() {
  let joints = 0
  return (_: string, joint?: string) => (joint !== undefined && joints++ < JOINTS_MAX ? JOINT : ' ')
}

function folded(text: string): string {
  const visible = beginningOf(text).replaceAll(INVISIBLE, '').replaceAll(PILED, '$1')
  // The last letter of a Greek word is another sign for the same one.
  return beginningOf(visible.normalize('NFKC').toLowerCase()).replaceAll('ς', 'σ')
}

/** As much as is searched; no character is cut in two. */
function beginningOf(text: string): string {
  return text.length <= SEARCHED_MAX ? text : text.slice(0, SEARCHED_MAX).replace(/[\ud800-\udbff]$/, '')
}

export function runsOf(searched: string): Run[] {
  return Array.from(searched.matchAll(RUN), ({ 0: run, groups }) => ({
    kind: groups?.unspaced ? 'unspaced' : groups?.symbol ? 'symbol' : 'word',
    characters: Array.from(run),
  }))
}

/** Of searched text: its numbers written together, or null when none is in groups. */
export function joinedText(searched: string): string | null {
  return searched.includes(JOINT) ? searched.replaceAll(JOINT, '') : null
}

/** Of searched text: the same, but that groups of a number are words like others. */
export function unjoinedText(searched: string): string {
  return searched.replaceAll(JOINT, ' ')
}

/** Where the characters are composed across what is taken apart here, the source is the folded text. */
export function placedText(text: string): PlacedText {
  const places: Place[] = []
  let apart = ''
  for (const { 0: part, index: from } of beginningOf(text).matchAll(COMPOSED)) {
    const here = folded(part)
    for (let i = 0; i < here.length; i++) places.push({ from, to: from + part.length })
    apart += here
    if (apart.length >= SEARCHED_MAX) break
  }
  const whole = folded(text)
  if (beginningOf(apart) === whole) return withoutSeparators(text, whole, places)
  return withoutSeparators(
    whole,
    whole,
    Array.from({ length: whole.length }, (_, i) => ({ from: i, to: i + 1 })),
  )
}

function withoutSeparators(source: string, whole: string, places: readonly Place[]): PlacedText {
  const kept: Place[] = []
  let searched = ''
  let end = 0
  const separating = createSeparating()
  const keep = (from: number, to: number) => {
    searched += whole.slice(from, to)
    for (let i = from; i < to; i++) kept.push(places[i] ?? { from: i, to: i })
  }
  for (const { 0: separator, 1: joint, index } of whole.matchAll(SEPARATORS)) {
    keep(end, index)
    end = index + separator.length
    const isInside = searched !== '' && end < whole.length
    if (isInside) {
      searched += separating(separator, joint)
      kept.push(places[index] ?? { from: index, to: end })
    }
  }
  keep(end, whole.length)
  return { source, searched, places: kept }
}
