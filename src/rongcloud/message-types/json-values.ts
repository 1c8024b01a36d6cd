// What a JSON text of any shape says: its values, read from the text itself, so that a number of nineteen digits or a
// price with a zero at its end is as it was written, and that no depth is too deep.
import { parseExactJson } from '../exact-json.ts'
import { joinLines, parseJson, wordsOf } from './readable-text.ts'

// A string, which is a name if a colon follows, or a number.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?<colon>\s*:)?|-?\d[\d.eE+-]*/g

// All of a message that is mostly Chinese and as long as RongCloud takes, 128 KB.
const LENGTH_MAX = 50_000

/**
 * Strings and numbers in the order of the text, one a line, up to 50,000 characters; null when there are none. A string
 * that is an object or a list of JSON stands for what is in it.
 */
export function valuesIn(json: string): string | null {
  const lines: string[] = []
  let length = 0
  for (const { 0: token, groups } of json.matchAll(TOKEN)) {
    if (groups?.colon !== undefined) continue
    const value = token.startsWith('"') ? said(JSON.parse(token) as string) : token
    if (value === null || !/\S/.test(value)) continue
    lines.push(value.slice(0, LENGTH_MAX - length))
    length += value.length
    if (length >= LENGTH_MAX) break
  }
  return joinLines(lines)
}

// Each level of JSON in a string doubles the backslashes of the one within, so there are never many.
function said(text: string): string | null {
  return /^\s*[[{]/.test(text) && parseJson(text) !== undefined ? valuesIn(text) : wordsOf(text)
}

/** JSON whose long numbers can be written again as they were; undefined when it is none. */
export function parseExactly(json: string): unknown {
  // Of a number alone nothing but its value is asked.
  return /^\s*[[{]/.test(json) ? parseExactJson(json) : parseJson(json)
}

/** Undefined for what JSON cannot say, or nests too deeply. */
export function writeExactly(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
