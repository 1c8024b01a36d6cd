// Several messages in one body, as a forwarder may collect them: a JSON list. RongCloud itself sends one at a time.
import { partsOf } from './events/json.ts'

// Far more than anybody collects.
const MOST_MESSAGES = 10_000

const BOM = '\u00EF\u00BB\u00BF'
const LIST = '['.charCodeAt(0)

export function isList(body: Uint8Array): boolean {
  const withoutMark = body[0] === 0xef ? body.subarray(BOM.length) : body
  return firstByteOf(withoutMark) === LIST
}

/** The first that is no blank and no line end; undefined when there is none. */
export function firstByteOf(body: Uint8Array): number | undefined {
  for (const byte of body) if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return byte
  return undefined
}

/** The elements of a list, to the byte; or why there are none. Never throws. */
export function elementsOf(body: Uint8Array): Uint8Array[] | { unreadable: string } {
  // A character for each byte: all that JSON itself is made of is ASCII, and the rest must come out as it was.
  const text = Array.from(body, (byte) => String.fromCharCode(byte)).join('')
  const list = text.replace(BOM, '').trim()
  try {
    JSON.parse(list)
  } catch {
    return { unreadable: 'the body is not JSON' }
  }
  const elements = partsOf(list)
  if (elements.length === 0) return { unreadable: 'the list is empty' }
  if (elements.length > MOST_MESSAGES) return { unreadable: `more than ${MOST_MESSAGES} messages` }
  return elements.map((element) => Uint8Array.from(element, (character) => character.charCodeAt(0)))
}

/** The first message of a list; a body that is none is itself one. */
export function firstOf(body: Uint8Array): Uint8Array {
  const elements = isList(body) ? elementsOf(body) : []
  return 'unreadable' in elements ? body : (elements[0] ?? body)
}
