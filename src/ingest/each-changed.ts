/** Messages that changes have added words to, for the search index and for the search alike. */
import { inParts } from '../archive/byte-parts.ts'
import { findMessages, type ArchivedMessage } from '../archive/messages.ts'
import { listSaidBytes } from '../archive/search-index.ts'
import type { Store } from '../archive/store.ts'

/** Of messages and of what has changed them, read at once. */
const BYTES_AT_ONCE = 2 ** 19

/** In the order of the ids. What has been read for some is not kept for the next. */
export async function* eachChanged(store: Store, ids: readonly number[]): AsyncGenerator<ArchivedMessage> {
  if (ids.length === 0) return
  for (const part of inParts(await listSaidBytes(store, ids), BYTES_AT_ONCE)) {
    const few = part.map(({ id }) => id)
    const found = new Map((await findMessages(store, few)).map((message) => [message.id, message]))
    yield* few.flatMap((id) => found.get(id) ?? [])
  }
}
