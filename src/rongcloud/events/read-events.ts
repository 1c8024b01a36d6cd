// Makes events of a body. What an element says is read whether it fits its kind or not: an odd one must be found too.
import type { z } from 'zod'
import { isObject } from '../message-types/readable-text.ts'
import { toMilliseconds } from '../time.ts'
import { type Element, readBody, readElement } from './body.ts'
import { EVENT_TYPES } from './catalogue.ts'
import type { CallbackEvent, EventKind, EventType } from './event-type.ts'
import { memberAt } from './members.ts'

/** `lossy`: the bytes were no UTF-8, and the bodies of the events do not have them all. */
export type ReadEvents = { events: CallbackEvent[]; lossy: boolean } | { unreadable: string }

/** The events of a body, or why it cannot be read at all. Never throws. */
export function readEvents(kind: EventKind, body: Uint8Array): ReadEvents {
  const read = readBody(body)
  if ('unreadable' in read) return read
  const { elements, lossy } = read
  const bodyProblem = lossy ? 'the body is not valid UTF-8' : null
  return { events: elements.map((element) => toEvent(kind, element, bodyProblem)), lossy }
}

/** What happened in a few words, such as `offline on iOS`. It never quotes what people wrote. */
export function describeEvent({ kind, body }: Pick<CallbackEvent, 'kind' | 'body'>): string {
  const { schema, line } = EVENT_TYPES[kind]
  const element = readElement(body)
  if (!isObject(element) || problemOf(schema, element)) return 'not understood'
  return line((path) => toText(memberAt(element, path)))
}

function toEvent(kind: EventKind, { source, value }: Element, bodyProblem: string | null): CallbackEvent {
  const type = EVENT_TYPES[kind]
  // The text of an object is none, though members may be found in it.
  const element = isObject(value) ? value : undefined
  const problem = [bodyProblem, problemOf(type.schema, element)].filter((each) => each !== null).join('; ')
  return {
    kind,
    body: source,
    // Two odd elements may have the same members and yet be two.
    identity: problem ? null : identityOf(type, element),
    occurredAtMs: firstOf(type.occurredAt, element, toTime),
    userId: firstOf(type.userId, element, toUserId),
    targetId: firstOf(type.targetId, element, toText),
    msgUID: firstOf(type.msgUID, element, toText),
    problem: problem || null,
  }
}

function problemOf(schema: z.ZodType, element: unknown): string | null {
  if (element === undefined) return 'not an object'
  const { error } = schema.safeParse(element)
  // At most one issue for each member of the schema, so it cannot grow long.
  return error ? error.issues.map(describeIssue).join('; ') : null
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message
}

function identityOf({ identity }: EventType, element: unknown): string | null {
  const values = identity?.map((path) => toPlain(memberAt(element, path))) ?? []
  return (values[0] ?? null) === null ? null : JSON.stringify(values)
}

/** As a form has it: a number as text, and an empty text for what is not there. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  return value === undefined || value === '' ? null : value
}

function firstOf<T>(
  paths: readonly string[] | undefined,
  element: unknown,
  convert: (value: unknown) => T | null,
): T | null {
  for (const path of paths ?? []) {
    const value = convert(memberAt(element, path))
    if (value !== null) return value
  }
  return null
}

/** Of a list its only element. */
function toText(value: unknown): string | null {
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (typeof single === 'number' || typeof single === 'boolean') return String(single)
  // As a database keeps it.
  return typeof single === 'string' && single !== '' ? single.toWellFormed() : null
}

/** Null for a text that holds several: neither a comma nor a bracket can be part of an id. */
function toUserId(value: unknown): string | null {
  const text = toText(value)
  return text === null || /[[,]/.test(text) ? null : text
}

function toTime(value: unknown): number | null {
  const text = toText(value)
  return text === null ? null : toMilliseconds(text)
}
