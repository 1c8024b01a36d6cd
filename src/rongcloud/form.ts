/**
 * The body of a callback as names and values. RongCloud sends a form (protocol §2.1); proxies and tests may send a flat
 * JSON object or a multipart form with the same names, so its beginning decides, whatever the content type says.
 */
import { keepAsWritten } from '../domain/exact-json.ts'
import { isMultipart, readMultipart } from './multipart.ts'
import { membersOf } from './json-members.ts'
import { isUtf8 } from './utf8.ts'

export type Form = {
  values: ReadonlyMap<string, readonly string[]>
  /** Some bytes were no UTF-8 and are lost in `values`. */
  lossy: boolean
  /** It is a multipart form of which a part is missing or broken. */
  broken?: true
}

const REPLACEMENT = '\uFFFD'
const lenient = new TextDecoder()

/** Never throws: a body that is no form at all gives no useful names. */
export function readForm(body: Uint8Array): Form {
  const text = lenient.decode(body)
  if (isMultipart(text)) return readParts(text, body)
  const json = isJsonObject(text) ? readJson(text) : undefined
  const values = json ?? readPairs(text)
  const lossy = isLossy(values, () => (json ? body : percentDecode(body)))
  return { values: lossy ? wellFormed(values) : values, lossy }
}

function readParts(text: string, body: Uint8Array): Form {
  const fields = readMultipart(text)
  if (fields === null) return { values: new Map(), lossy: false, broken: true }
  const values = grouped(fields)
  return { values, lossy: isLossy(values, () => body) }
}

// As a database keeps it: a retry must read the same.
function wellFormed(values: Form['values']): Form['values'] {
  return new Map([...values].map(([name, texts]) => [name, texts.map((text) => text.toWellFormed())]))
}

function isJsonObject(text: string): boolean {
  return /^\s*\{/.test(text)
}

function readPairs(text: string): Map<string, string[]> {
  // Part of no value: within a form it would be written as %0A.
  const form = text.endsWith('\n') ? text.replace(/\r?\n$/, '') : text
  return grouped(splitPairs(form) ?? repairPairs(form))
}

function grouped(pairs: Iterable<[name: string, value: string]>): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}

// Undefined when an escape is broken. This runs for every callback: 3.3 µs a body where URLSearchParams takes 4.3.
function splitPairs(text: string): [string, string][] | undefined {
  try {
    return text
      .replaceAll('+', ' ')
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=')
        const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
        return [decodeURIComponent(name), decodeURIComponent(value)]
      })
  } catch {
    return undefined
  }
}

// URLSearchParams leaves a broken escape as it is. But Node's garbles raw characters beside escapes that are no
// UTF-8, so none are left raw; and a leading `?` is dropped unless something stands before it.
function repairPairs(text: string): Iterable<[string, string]> {
  const ascii = text.replaceAll(/[^\0-\x7F]+/g, (raw) => encodeURIComponent(raw))
  return new URLSearchParams(`&${ascii}`)
}

function readJson(text: string): Map<string, string[]> | undefined {
  const members = membersOf(text, keepAsWritten)
  if (members === null) return undefined
  const present = [...members]
    .map(([name, values]) => [name, values.filter((value) => value !== null)] as const)
    .filter(([, values]) => values.length > 0)
  return new Map(
    present.map(([name, values]) => [
      name,
      values.flatMap((value) => (isList(name, value) ? value.map(asText) : [asText(value)])),
    ]),
  )
}

// Only this one is a list; a `content` that came as an array is one text.
function isList(name: string, value: unknown): value is unknown[] {
  return name === 'groupUserIds' && Array.isArray(value)
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isLossy(values: Form['values'], decodedBytes: () => Uint8Array): boolean {
  let isDoubtful = false
  for (const [name, texts] of values)
    for (const text of [name, ...texts]) {
      if (!text.isWellFormed()) return true
      isDoubtful ||= text.includes(REPLACEMENT)
    }
  // A replacement character may have been sent as one; only then is a second, strict look worth its time.
  return isDoubtful && !isUtf8(decodedBytes())
}

function percentDecode(body: Uint8Array): Uint8Array {
  const bytes: number[] = []
  for (let i = 0; i < body.length; i++) {
    const hex = body[i] === 0x25 ? String.fromCharCode(body[i + 1] ?? 0, body[i + 2] ?? 0) : ''
    const isEscape = /^[\da-f]{2}$/i.test(hex)
    bytes.push(isEscape ? Number.parseInt(hex, 16) : (body[i] as number))
    if (isEscape) i += 2
  }
  return Uint8Array.from(bytes)
}
