// Reads text out of values of any shape. Content that does not fit its type is kept too and must still be shown, so
// nothing here trusts a schema, and nothing throws.
import type { TextFunction } from './message-type.ts'

export type JsonObject = { readonly [member: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined, which no JSON text means, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

/** A blank string says nothing and counts as none. */
export function stringAt(value: unknown, name: string): string | null {
  const member = memberOf(value, name)
  return typeof member === 'string' && /\S/.test(member) ? member : null
}

export function listAt(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name)
  return Array.isArray(member) ? member : []
}

/** A string as it is, anything else as JSON. */
export function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    // Nested so deep that it cannot be written; it was read, so this is all that can go wrong.
    return '…'
  }
}

/** One line each; null when nothing is left. */
export function joinLines(lines: readonly (string | null)[]): string | null {
  const present = lines.filter((line) => line !== null)
  return present.length > 0 ? present.join('\n') : null
}

/** The text function of a type whose words are in these members. */
export function linesAt(...names: readonly string[]): TextFunction {
  return (content) => joinLines(names.map((name) => stringAt(content, name)))
}

const LIKELY_MEMBERS = ['content', 'title', 'message', 'text', 'name'] as const

/** For types whose members nobody told us: what usually holds words. */
export const likelyText: TextFunction = (content) =>
  joinLines(
    LIKELY_MEMBERS.map((name) => stringAt(content, name)).map((text) =>
      text === null ? null : wordsOf(text),
    ),
  )

/** Null for what is bytes rather than words: a long unbroken run of base64, or a data URL. */
export function wordsOf(text: string): string | null {
  return /^(?=[\w+/-]{64})[\w+/=\r\n-]{200,}$/.test(text) || /^data:[^,]{0,100};base64,/.test(text)
    ? null
    : text
}
