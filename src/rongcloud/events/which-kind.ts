// Of which kind a callback is that came to an address which does not say so.
import { type Element, readBody } from './body.ts'
import { EVENT_TYPES } from './catalogue.ts'
import { EVENT_KINDS, type EventKind } from './event-type.ts'
import { memberAt } from './members.ts'

/** The kind that a part of a path names, in whatever spelling: `/im/online_status` is `online-status`; null when none does. */
export function kindNamedBy(path: string): EventKind | null {
  const named = new Set(path.split('/').map(bareName))
  return EVENT_KINDS.find((kind) => named.has(bareName(kind))) ?? null
}

function bareName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/s$/, '')
}

// The callbacks of calls are of one type, and are understood at each other's addresses: the first stands for all.
const TOLD_APART = EVENT_KINDS.filter(
  (kind, i) => EVENT_KINDS.findIndex((other) => EVENT_TYPES[other] === EVENT_TYPES[kind]) === i,
)

/** The kind that the members of a body fit best; null when they fit none, or two alike. */
export function kindFitting(body: Uint8Array): EventKind | null {
  const read = readBody(body)
  if ('unreadable' in read) return null
  const fitting = TOLD_APART.filter((kind) => fits(kind, read.elements))
    .map((kind) => ({ kind, known: knownMembers(kind, read.elements) }))
    .toSorted((one, other) => other.known - one.known)
  const [best, next] = fitting
  return best && best.known > (next?.known ?? 0) ? best.kind : null
}

function fits(kind: EventKind, elements: readonly Element[]): boolean {
  return elements.every(({ value }) => EVENT_TYPES[kind].schema.safeParse(value).success)
}

// Kinds that ask for little fit nearly every body: the one that looks for more of its members is meant.
function knownMembers(kind: EventKind, [first]: readonly Element[]): number {
  const { identity, occurredAt, userId = [], targetId = [], msgUID = [] } = EVENT_TYPES[kind]
  const paths = new Set([...(identity ?? []), ...occurredAt, ...userId, ...targetId, ...msgUID])
  return [...paths].filter((path) => memberAt(first?.value, path) !== undefined).length
}
