/** The members of a log's record as it was written: read exactly, and as text where they stand for one. */
import { reviverFor, textOf } from '../exact-json.ts'
import { membersOf } from '../json-members.ts'

/** The first of each name counts. */
export type RecordMembers = ReadonlyMap<string, readonly unknown[]>

/** Null for a line without a JSON object. */
export function readRecord(line: string): RecordMembers | null {
  // Whatever stands around it: a mark of order, a prefix, a comma.
  const text = line.slice(Math.max(line.indexOf('{'), 0), line.lastIndexOf('}') + 1)
  return membersOf(text, reviverFor(text))
}

/** Blank for what is not there, and for what is no text, number or flag. */
export function textAt(record: RecordMembers, name: string): string {
  return textOf(record.get(name)?.[0])
}

export function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
