/** A glance at where a text matches. */
import { hitsOf, type SearchTerms } from './search-query.ts'
import { placedText } from './search-text.ts'

/** Marks are in UTF-16 code units of `text`, in order, and do not overlap. */
export type Snippet = { text: string; marks: { start: number; length: number }[] }

const LENGTH_MAX = 120
const BEFORE_FIRST = 30

type Range = { from: number; to: number }

/** The text around the first hit, with all hits in it. */
export function snippetOf(text: string, terms: SearchTerms): Snippet {
  const { source, searched, places } = placedText(text)
  const hits = [...hitsOf(searched, terms)]
    .flat()
    .map(({ from, to }) => ({ from: places[from]?.from ?? 0, to: places[to - 1]?.to ?? 0 }))
    .toSorted((one, other) => one.from - other.from)
  const shown = windowAround(source, hits[0]?.from ?? 0)
  const marks = joined(hits)
    .map(({ from, to }) => ({ from: Math.max(from, shown.from), to: Math.min(to, shown.to) }))
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => ({ start: from - shown.from, length: to - from }))
  return { text: source.slice(shown.from, shown.to), marks }
}

function windowAround(source: string, first: number): Range {
  const latest = Math.max(0, source.length - LENGTH_MAX)
  const from = wholeCharacter(source, Math.min(Math.max(0, first - BEFORE_FIRST), latest))
  return { from, to: wholeCharacter(source, Math.min(source.length, from + LENGTH_MAX)) }
}

/** Not between the halves of a character. */
function wholeCharacter(source: string, at: number): number {
  return (source.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at
}

function joined(sorted: readonly Range[]): Range[] {
  const ranges: Range[] = []
  for (const { from, to } of sorted) {
    const last = ranges.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else ranges.push({ from, to })
  }
  return ranges
}
