// A body of any kind as the elements it carries. The first character decides how it is read, whatever the content
// type says: documents and senders disagree on who sends a form and who JSON (protocol §4.8, §11.11).
import { readForm } from '../form.ts'
import { isObject } from '../message-types/readable-text.ts'
import { isUtf8 } from '../utf8.ts'
import { partsOf, readJson } from './json.ts'
import { readXml } from './xml.ts'

/** `value` is an object of texts for a form and for XML. */
export type Element = { source: string; value: unknown }

type Elements = { elements: Element[]; lossy: boolean }

/** `lossy`: some bytes were no UTF-8 and are lost in what was read. */
export type Body = Elements | { unreadable: string }

// Far more than RongCloud sends. Beyond it the time to look at them all would hold up other callbacks.
const MOST_ELEMENTS = 10_000

const REPLACEMENT = '\uFFFD'
const lenient = new TextDecoder()
const encoder = new TextEncoder()

/** Never throws. */
export function readBody(body: Uint8Array): Body {
  const text = lenient.decode(body)
  const read = readText(text)
  if ('unreadable' in read) return read
  if (read.elements.length === 0) return { unreadable: 'the list is empty' }
  if (read.elements.length > MOST_ELEMENTS) return { unreadable: `more than ${MOST_ELEMENTS} elements` }
  return { ...read, lossy: read.lossy || (text.includes(REPLACEMENT) && !isUtf8(body)) }
}

/** The value of the only element of a text; undefined when there is none or more than one. */
export function readElement(text: string): unknown {
  const read = readText(text)
  return 'elements' in read && read.elements.length === 1 ? read.elements[0]?.value : undefined
}

function readText(text: string): Body {
  const first = /\S/.exec(text)?.[0]
  if (first === undefined) return { unreadable: 'the body is empty' }
  if (first === '{' || first === '[') return readJsonBody(text)
  return first === '<' ? readXmlBody(text) : readFormBody(text)
}

function readJsonBody(text: string): Body {
  const source = text.trim()
  const value = readJson(source)
  // What nests too deeply for a reader that minds large numbers is JSON all the same.
  if (value === undefined && !isJson(source)) return { unreadable: 'the body is not JSON' }
  const elements = source.startsWith('[') ? listOf(source) : unwrap({ source, value })
  return { elements, lossy: false }
}

function readXmlBody(source: string): Body {
  const value = readXml(source)
  return value ? { elements: [{ source, value }], lossy: false } : { unreadable: 'the body is not XML' }
}

function readFormBody(source: string): Body {
  if (!/[^=&\s]=/.test(source)) return { unreadable: 'the body is no form' }
  const { values, lossy, broken } = readForm(encoder.encode(source))
  if (broken) return { unreadable: 'the multipart form is broken' }
  const single = [...values].map(([name, texts]) => [name, texts.length === 1 ? texts[0] : texts])
  return { elements: unwrap({ source, value: Object.fromEntries(single) }), lossy }
}

function listOf(array: string): Element[] {
  return partsOf(array).map((source) => ({ source, value: readJson(source) }))
}

/** The documents put the list of hosted groups into `profiles`, their examples show it bare (GRPINFO, GRPOPT). */
function unwrap(element: Element): Element[] {
  const { source, value } = element
  if (!isObject(value) || Object.keys(value).join() !== 'profiles') return [element]
  if (typeof value.profiles === 'string') {
    return Array.isArray(readJson(value.profiles)) ? listOf(value.profiles.trim()) : [element]
  }
  const parts = partsOf(source)
  if (!Array.isArray(value.profiles) || parts.length !== 1) return [element]
  return parts.flatMap((member) => listOf(member.slice(member.indexOf('['))))
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}
