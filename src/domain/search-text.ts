/**
 * Text as it is searched. What looks alike is alike: full and half width, upper and lower case, with or without
 * invisible characters. What separates words (blanks, punctuation, line ends) is one blank, however long.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu
// A currency sign or an emoji may be looked for; the symbols of ASCII are punctuation.
const SEPARATORS = /(?:[^\p{L}\p{N}\p{M}\p{S}]|[$+<=>^`|~])+/gu

/** Scripts that put no blanks between words, or hang on to them what is not part of them. */
const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Bopo}\\p{scx=Hang}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}'
// Only for text without separators, some of which are counted to these scripts too.
const RUN = new RegExp(`(?<unspaced>[${UNSPACED}]+)|(?<symbol>\\p{S})|(?<word>[^${UNSPACED}\\p{S} ]+)`, 'gu')
const STARTS_AMID_WORD = new RegExp(`^[^${UNSPACED}\\p{S} ]{2}$`, 'u')

/** Sequences that Unicode composes: a character and what is put on it. */
const COMPOSED = /\P{M}[\p{M}\p{Default_Ignorable_Code_Point}\uFF9E\uFF9F\u1160-\u11FF]*|[^]/gu

/** A piece of searched text: characters that stand without blanks, a symbol, or a word. */
export type Run = { kind: 'unspaced' | 'symbol' | 'word'; characters: readonly string[] }

/** Searched text, and for each of its code units where in `source` that comes from. */
export type PlacedText = { source: string; searched: string; places: readonly Place[] }
type Place = { from: number; to: number }

export function searchedText(text: string): string {
  return folded(text).replaceAll(SEPARATORS, ' ').trim()
}

function folded(text: string): string {
  // The last letter of a Greek word is another sign for the same one.
  return text.replaceAll(INVISIBLE, '').normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
}

export function runsOf(searched: string): Run[] {
  return Array.from(searched.matchAll(RUN), ({ 0: run, groups }) => ({
    kind: groups?.unspaced ? 'unspaced' : groups?.symbol ? 'symbol' : 'word',
    characters: Array.from(run),
  }))
}

/**
 * Every place where `term` stands in `searched`. Unspaced characters and symbols are found anywhere; a word, which is
 * Latin letters, digits and the like, from its beginning.
 */
export function* occurrencesOf(term: string, searched: string): Generator<number> {
  for (let at = searched.indexOf(term); at >= 0; at = searched.indexOf(term, at + 1))
    if (!isAmidWord(searched, at)) yield at
}

function isAmidWord(searched: string, at: number): boolean {
  if (at === 0) return false
  const next = String.fromCodePoint(searched.codePointAt(at) ?? 0)
  const [before = ''] = searched.slice(Math.max(0, at - 2), at).match(/.$/u) ?? []
  return STARTS_AMID_WORD.test(before + next)
}

/** Where the characters are composed across what is taken apart here, the source is the folded text. */
export function placedText(text: string): PlacedText {
  const places: Place[] = []
  let apart = ''
  for (const { 0: part, index: from } of text.matchAll(COMPOSED)) {
    const here = folded(part)
    for (let i = 0; i < here.length; i++) places.push({ from, to: from + part.length })
    apart += here
  }
  const whole = folded(text)
  if (apart === whole) return withoutSeparators(text, whole, places)
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
  const keep = (from: number, to: number) => {
    searched += whole.slice(from, to)
    for (let i = from; i < to; i++) kept.push(places[i] ?? { from: i, to: i })
  }
  for (const { 0: separator, index } of whole.matchAll(SEPARATORS)) {
    keep(end, index)
    end = index + separator.length
    const isInside = searched !== '' && end < whole.length
    if (isInside) {
      searched += ' '
      kept.push(places[index] ?? { from: index, to: end })
    }
  }
  keep(end, whole.length)
  return { source, searched, places: kept }
}
