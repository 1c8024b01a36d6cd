/** Stretches of time, ms since 1970, from `fromMs` on and before `untilMs`. */
export type TimeSpan = { fromMs: number; untilMs: number }

/** The same time in order, those that touch or lie less than `nearMs` apart made into one. */
export function joined(spans: readonly TimeSpan[], nearMs = 0): TimeSpan[] {
  const all: TimeSpan[] = []
  for (const { fromMs, untilMs } of spans.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = all.at(-1)
    if (last && fromMs - last.untilMs <= nearMs) last.untilMs = Math.max(last.untilMs, untilMs)
    else all.push({ fromMs, untilMs })
  }
  return all
}

/** What of a span none of the others covers. */
export function without(span: TimeSpan, others: readonly TimeSpan[]): TimeSpan[] {
  const left: TimeSpan[] = []
  let { fromMs } = span
  for (const other of joined(others)) {
    if (other.fromMs > fromMs) left.push({ fromMs, untilMs: Math.min(other.fromMs, span.untilMs) })
    fromMs = Math.max(fromMs, other.untilMs)
  }
  return [...left, { fromMs, untilMs: span.untilMs }].filter((part) => part.fromMs < part.untilMs)
}

/** In pieces of at most so many ms, the newest first. */
export function inPieces({ fromMs, untilMs }: TimeSpan, mostMs: number): TimeSpan[] {
  const pieces: TimeSpan[] = []
  for (let end = untilMs; end > fromMs; end -= mostMs)
    pieces.push({ fromMs: Math.max(fromMs, end - mostMs), untilMs: end })
  return pieces
}
