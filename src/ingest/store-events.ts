/** Makes events of a callback known to be RongCloud's, or keeps it whole. */
import { recordChanges } from '../archive/changes.ts'
import { keepAside, keepAsideStatement, type KeptAside } from '../archive/deliveries.ts'
import { recordEvents } from '../archive/record-events.ts'
import { ArchiveError } from '../domain/errors.ts'
import { readEvents, type CallbackEvent, type EventKind } from '../rongcloud/events/index.ts'
import { deliveryOf } from './delivery.ts'
import { changesIn, sessionsIn } from './event-effects.ts'
import type { HeldCallback } from './held-callback.ts'
import { innermost } from './innermost.ts'
import type { StoreDeps, Stored } from './store-message.ts'

export type HeldEvents = HeldCallback & { kind: EventKind }
type Deps = Pick<StoreDeps, 'store' | 'hashing'>

/** Like `storeMessage`: whatever cannot become events is kept whole. Rejects when nothing could be stored. */
export async function storeEvents(deps: Deps, held: HeldEvents): Promise<Stored> {
  const { nonceReused } = held
  const keep = async (outcome: 'unreadable' | 'failed', detail: string): Promise<Stored> => {
    await keepAside(deps.store, deliveryOf(deps.hashing, held, { reason: outcome, detail }))
    return { outcome, nonceReused }
  }
  try {
    const read = readEvents(held.kind, held.body)
    if ('unreadable' in read) return await keep('unreadable', read.unreadable)
    return { outcome: await store(deps, held, read), nonceReused }
  } catch (error) {
    const cause = innermost(error)
    if (cause instanceof ArchiveError) throw error
    // What no try will get in must not be lost with the third.
    return keep('failed', cause.message)
  }
}

async function store(
  deps: Deps,
  held: HeldEvents,
  { events, lossy }: { events: readonly CallbackEvent[]; lossy: boolean },
): Promise<'recorded' | 'known'> {
  const { hashing } = deps
  const { appKey, kind, nonceReused, receivedAtMs } = held
  // What the text lost of the bytes is kept in the same transaction.
  const why: Pick<KeptAside, 'reason' | 'detail'> = { reason: 'lossy', detail: 'the body is not valid UTF-8' }
  const outcome = await recordEvents(
    deps.store,
    { appKey, kind, nonceReused, receivedAtMs },
    {
      events: events.map((event) => ({ ...event, identity: hashing.sha256(event.identity ?? event.body) })),
      sessions: sessionsIn(events),
      alongside: lossy ? [keepAsideStatement(deliveryOf(hashing, held, why))] : [],
    },
  )
  // For known events too: the try before may have come no further than to here.
  await recordChanges(deps.store, changesIn(events, { appKey, receivedAtMs }), {
    receivedAtMs,
    origin: 'callback',
  })
  return outcome
}
