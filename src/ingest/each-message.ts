/** A body may be a list of messages: each is taken as if it had come alone. */
import { shareCommits } from '../archive/shared-commits.ts'
import type { Store } from '../archive/store.ts'
import { elementsOf, isList } from '../rongcloud/message-list.ts'
import type { HeldCallback } from './held-callback.ts'

// Messages that are under way at once, and share a commit. Other callbacks go between these.
const AT_ONCE = 50

/** Calls `take` for each message of a callback; all of them have settled when one rejects. */
export async function forEachMessage<Deps extends { store: Store }, T>(
  deps: Deps,
  held: HeldCallback,
  take: (deps: Deps, one: HeldCallback) => Promise<T>,
): Promise<T[]> {
  if (held.kind !== 'messages' || held.unreadable !== undefined || !isList(held.body))
    return [await take(deps, held)]
  const elements = elementsOf(held.body)
  if ('unreadable' in elements) return [await take(deps, { ...held, ...elements })]
  const sharing = { ...deps, store: sharingCommits(deps.store) }
  const taken: T[] = []
  for (let from = 0; from < elements.length; from += AT_ONCE) {
    const some = elements.slice(from, from + AT_ONCE).map((body) => take(sharing, { ...held, body }))
    await Promise.allSettled(some)
    taken.push(...(await Promise.all(some)))
  }
  return taken
}

function sharingCommits(store: Store): Store {
  const commit: Parameters<typeof shareCommits>[0] = async (units) => {
    const rows = await store.atomically(units.flat())
    let from = 0
    return units.map((unit) => rows.slice(from, (from += unit.length)))
  }
  return { ...store, atomically: shareCommits(commit, AT_ONCE) }
}
