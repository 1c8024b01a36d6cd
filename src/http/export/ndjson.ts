/** One JSON object a line, each with its `type`: everything that is needed to make the same archive again. */
import type { ArchivedMessage } from '../../archive/messages.ts'
import type { Exported } from '../../archive/export.ts'
import type { Format } from './format.ts'

/** Of the lines; one that this program does not know is of a later one. */
export const NDJSON_VERSION = 1

/** @param filter what narrows it, by name; undefined does not */
export function ndjson(filter: Record<string, unknown>): Format {
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  return {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: () => line({ type: 'export', version: NDJSON_VERSION, ...(isNarrowed && { filter }) }),
    page: (entries, here) =>
      entries.map((entry) => line(toLine(entry))).join('') + (here ? line({ type: 'next', ...here }) : ''),
    count: (entries) => entries.length,
    tail: () => '',
    trailer: (count, sha256) => line({ type: 'end', count, sha256 }),
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function toLine(entry: Exported): object {
  if (entry.type === 'message') return { type: 'message', ...toMessageLine(entry.message) }
  if (entry.type === 'change') return { type: 'change', ...entry.change }
  return { type: 'seller', ...entry.seller }
}

/** What is derived from the rest, and its state, which follows from the changes, stay out. */
function toMessageLine(archived: ArchivedMessage): object {
  const { state: _, ...message } = archived
  return message
}
