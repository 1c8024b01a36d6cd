import { findMessageType, isReservedName } from './catalogue.ts'
import { isObject, likelyText, parseJson, wordsOf } from './readable-text.ts'

// Quotes of quotes and forwards of forwards nest without end; nobody reads further down than this.
const DEEPEST_NESTING = 3

// Written over our REST API these may be plain text (design section 8).
const PLAIN_TEXT_TYPES = new Set(['RC:TxtMsg', 'RC:InfoNtf'])

/**
 * What a person would read or search for, one line per part; null when there is nothing. Never bytes in base64.
 *
 * By type (protocol section 5): text, file name, place, title with summary and address, quoting with quoted text, all
 * lines of forwarded messages, transcript of a voice, notice, command name. Of other types the object's own `content`,
 * `title`, `message`, `text` and `name`; content of an app's own type that is not JSON is its own text.
 */
export function textOf(objectName: string, content: string): string | null {
  return textAt(0, objectName, content)
}

function textAt(depth: number, objectName: string, content: unknown): string | null {
  const value = typeof content === 'string' ? parseJson(content) : content
  if (!isObject(value)) return typeof content === 'string' ? plainText(objectName, content, value) : null
  const text = findMessageType(objectName)?.text ?? likelyText
  return text(value, (nestedName, nested) => {
    if (depth === DEEPEST_NESTING) return null
    return textAt(depth + 1, typeof nestedName === 'string' ? nestedName : '', nested)
  })
}

function plainText(objectName: string, content: string, value: unknown): string | null {
  if (!/\S/.test(content)) return null
  if (PLAIN_TEXT_TYPES.has(objectName)) return content
  const isFreeFormat = !isReservedName(objectName) && findMessageType(objectName) === undefined
  return isFreeFormat && value === undefined ? wordsOf(content) : null
}
