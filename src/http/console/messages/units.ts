import { html, type Html } from '../html.ts'
import { fill, type Words } from '../words.ts'

const UNITS = ['KB', 'MB', 'GB', 'TB'] as const

/** `734 bytes`, `17.8 KB`; one KB is 1024 bytes, as file managers count. */
export function sizeOf(bytes: number, words: Words): Html {
  if (bytes < 1024) return html`${fill(words.bytes, { count: bytes })}`
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length)
  return html`${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power - 1] ?? ''}`
}

/** `9 s`, `1 min 1 s`. */
export function durationOf(wholeSeconds: number, words: Words): Html {
  const all = Math.max(0, Math.round(wholeSeconds))
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  if (hours > 0) return html`${fill(words.hours, { hours, minutes, seconds })}`
  return html`${fill(minutes > 0 ? words.minutes : words.seconds, { minutes, seconds })}`
}
