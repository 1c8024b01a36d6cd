import { readEvents, type CallbackEvent, type EventKind } from '../../../src/rongcloud/events/index.ts'
import { eventSamples } from '../../support/samples.ts'
import { ELEMENTS } from './elements.ts'

export const bytesOf = (text: string) => new TextEncoder().encode(text)

/** The events of a body that can be read. */
export function eventsOf(kind: EventKind, body: string | Uint8Array): CallbackEvent[] {
  const read = readEvents(kind, typeof body === 'string' ? bytesOf(body) : body)
  if ('unreadable' in read) throw new Error(`unreadable: ${read.unreadable}`)
  return read.events
}

export function onlyEventOf(kind: EventKind, body: string | Uint8Array): CallbackEvent {
  const [event, ...others] = eventsOf(kind, body)
  if (event === undefined || others.length > 0) throw new Error('not one event')
  return event
}

export function sampleBody(name: string): string {
  const sample = eventSamples.find((each) => each.name === name)
  if (sample === undefined) throw new Error(`no sample ${name}`)
  return sample.body
}

/** An element of its kind, but for these members. */
export const elementOf = (kind: EventKind, changes: Record<string, unknown> = {}) => ({
  ...(ELEMENTS[kind] as Record<string, unknown>),
  ...changes,
})

export const eventOf = (kind: EventKind, changes: Record<string, unknown> = {}) =>
  onlyEventOf(kind, JSON.stringify(elementOf(kind, changes)))

export { ELEMENTS, eventSamples }
