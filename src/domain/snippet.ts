/** A glance at where a text matches. */
import { occurrencesOf, type Occurrence } from './search-occurrences.ts'
import { soughtIn, type SearchTerms } from './search-query.ts'
import { placedText, type PlacedText } from './search-text.ts'

/** Marks are in UTF-16 code units of `text`, in order, and do not overlap. */
export type Snippet = { text: string; marks: { start: number; length: number }[] }

const LENGTH_MAX = 120
const BEFORE_FIRST = 30

type Range = { from: number; to: number }

/** The text around the first hit, with the hits that are in it. */
export function snippetOf(text: string, terms: SearchTerms): Snippet {
  const placed = placedText(text)
  const sought = soughtIn(terms)
  const firsts = sought.flatMap((term) => hitsOf(term, placed).take(1).toArray())
  const shown = windowAround(placed.source, inOrder(firsts)[0]?.from ?? 0)
  const hits = sought.flatMap((term) => Array.from(until(shown.to, hitsOf(term, placed))))
  const marks = joined(inOrder(hits)).map(({ from, to }) => ({
    start: from - shown.from,
    length: Math.min(to, shown.to) - from,
  }))
  return { text: placed.source.slice(shown.from, shown.to), marks }
}

/** Where a term stands in the source, in order. */
function hitsOf(term: string, { searched, places }: PlacedText): IteratorObject<Range> {
  return occurrencesOf(term, searched).map(({ from, to }: Occurrence) => ({
    from: places[from]?.from ?? 0,
    to: places[to - 1]?.to ?? 0,
  }))
}

function inOrder(ranges: readonly Range[]): Range[] {
  return ranges.toSorted((one, other) => one.from - other.from)
}

function* until(end: number, hits: Iterable<Range>): Generator<Range> {
  for (const hit of hits) {
    if (hit.from >= end) return
    yield hit
  }
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
