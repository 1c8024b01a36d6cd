/** The members of a log's record as it was written: read exactly, and as text where they stand for one. */
import { membersOf } from '../json-members.ts'
import { isObject } from '../message-types/readable-text.ts'

/** The first of each name counts. */
export type RecordMembers = ReadonlyMap<string, readonly unknown[]>

/** Null for a line without a JSON object. */
export function readRecord(line: string): RecordMembers | null {
  // Whatever stands around it: a mark of order, a prefix, a comma.
  const text = line.slice(Math.max(line.indexOf('{'), 0), line.lastIndexOf('}') + 1)
  return LONG_NUMBER.test(text) ? membersOf(text, keepExact) : membersOf(text)
}

const LONG_NUMBER = /\d{16}/

type ExactJson = typeof JSON & { rawJSON?: (text: string) => unknown }

// A number of more digits than JavaScript has must not come out as another.
function keepExact(_name: string, value: unknown, context?: { source?: string }): unknown {
  const { rawJSON } = JSON as ExactJson
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value
  return rawJSON ? rawJSON(source) : value
}

/** Blank for what is not there, and for what is no text, number or flag. */
export function textAt(record: RecordMembers, name: string): string {
  return textOf(record.get(name)?.[0])
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // An exact number that JavaScript has no value for.
  return isObject(value) && 'rawJSON' in value ? String(value.rawJSON) : ''
}

export function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
