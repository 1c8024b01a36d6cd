import type { EventKind } from '../rongcloud/events/index.ts'
import type { HeldCallback } from './held-callback.ts'
import { storeEvents } from './store-events.ts'
import { storeMessage, type StoreDeps, type Stored } from './store-message.ts'

/** Stores a held callback of whatever kind, durably. Rejects when it could not. */
export function storeCallback(deps: StoreDeps, held: HeldCallback): Promise<Stored> {
  return isEvents(held) ? storeEvents(deps, held) : storeMessage(deps, held)
}

function isEvents(held: HeldCallback): held is HeldCallback & { kind: EventKind } {
  return held.kind !== 'messages'
}
