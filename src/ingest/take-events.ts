/** Makes events of a callback, with what they say of messages and of where users are online. */
import { changeStatements } from '../archive/changes.ts'
import {
  areEventsKnown,
  recordEvents,
  type EventArrival,
  type EventRecord,
} from '../archive/record-events.ts'
import type { Hashing } from '../domain/ports.ts'
import { readEvents, type CallbackEvent, type EventKind } from '../rongcloud/events/index.ts'
import { changesIn, sessionsIn } from './event-effects.ts'
import type { CallbackKind, HeldCallback } from './held-callback.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'

export type HeldEvents = HeldCallback & { kind: EventKind }

const NOT_EVENTS: ReadonlySet<CallbackKind> = new Set(['messages', 'history-log', 'history-query'])

export function isOfEvents(held: HeldCallback): held is HeldEvents {
  return !NOT_EVENTS.has(held.kind)
}

export async function takeEvents(
  { store, hashing }: Pick<StoreDeps, 'store' | 'hashing'>,
  { kind, body, appKey, nonceReused, receivedAtMs }: HeldEvents,
  { whenLossy, dryRun = false }: HowToTake,
): Promise<Taken> {
  const read = readEvents(kind, body)
  if ('unreadable' in read) return { outcome: 'unreadable', detail: read.unreadable, messageId: null }
  const arrival: EventArrival = { appKey, kind, nonceReused, receivedAtMs }
  const events = read.events.map((event) => toRecord(hashing, event))
  if (dryRun) return toTaken((await areEventsKnown(store, arrival, events)) ? 'known' : 'recorded', events)
  const changes = changesIn(read.events, { appKey, receivedAtMs })
  const outcome = await recordEvents(store, arrival, {
    events,
    sessions: sessionsIn(read.events),
    alongside: [
      ...changeStatements(changes, { receivedAtMs, origin: 'callback' }),
      ...(read.lossy ? (whenLossy?.() ?? []) : []),
    ],
  })
  return toTaken(outcome, events)
}

function toRecord(hashing: Hashing, event: CallbackEvent): EventRecord {
  return { ...event, identity: hashing.sha256(event.identity ?? event.body) }
}

function toTaken(outcome: 'recorded' | 'known', { length }: readonly EventRecord[]): Taken {
  return { outcome, detail: `${length} event${length === 1 ? '' : 's'}`, messageId: null }
}
