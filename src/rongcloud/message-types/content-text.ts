import { findMessageType, isReservedName } from './catalogue.ts'
import { parseExactly, valuesIn, writeExactly } from './json-values.ts'
import { isObject, parseJson, wordsOf } from './readable-text.ts'

// Quotes of quotes and forwards of forwards nest without end; nobody reads further down than this.
const DEEPEST_NESTING = 3

// Written over our REST API these may be plain text (design section 8).
const PLAIN_TEXT_TYPES = new Set(['RC:TxtMsg', 'RC:InfoNtf'])

/**
 * What a person would read or search for, one line per part; null when there is nothing. Never bytes in base64.
 *
 * By type (protocol section 5): text, file name, place, title with summary and address, quoting with quoted text, all
 * lines of forwarded messages, transcript of a voice, notice, command name. Of a type that we do not know all strings and
 * numbers in its JSON; content of an app's own type that is not JSON is its own text.
 */
export function textOf(objectName: string, content: string): string | null {
  return textAt(0, objectName, content)
}

function textAt(depth: number, objectName: string, content: unknown): string | null {
  const type = findMessageType(objectName)
  if (type === undefined) return textOfUnknown(objectName, content)
  const value = typeof content === 'string' ? parseExactly(content) : content
  if (!isObject(value)) return typeof content === 'string' ? plainText(objectName, content) : null
  return type.text(value, (nestedName, nested) => {
    if (depth === DEEPEST_NESTING) return null
    return textAt(depth + 1, typeof nestedName === 'string' ? nestedName : '', nested)
  })
}

function textOfUnknown(objectName: string, content: unknown): string | null {
  if (typeof content !== 'string') return valuesIn(writeExactly(content) ?? '')
  if (parseJson(content) !== undefined) return valuesIn(content)
  const isText = /\S/.test(content) && !isReservedName(objectName)
  return isText ? wordsOf(content) : null
}

function plainText(objectName: string, content: string): string | null {
  return PLAIN_TEXT_TYPES.has(objectName) && /\S/.test(content) ? content : null
}
