/** What messages say by all that changes have added, for the search index and for the search alike. */
import { findMessages, type ArchivedMessage } from '../archive/messages.ts'
import { listSaidBytes } from '../archive/search-index.ts'
import type { Store } from '../archive/store.ts'
import { everySaidText } from '../rongcloud/said-text.ts'

/** Of a message and of what has changed it, read at once; one that has more is read alone. */
const BYTES_AT_ONCE = 2 ** 20

export type Said = { message: ArchivedMessage; text: string | null }

/** In the order of the ids. What has been read for some is not kept for the next. */
export async function* eachSaid(store: Store, ids: readonly number[]): AsyncGenerator<Said> {
  if (ids.length === 0) return
  for (const few of inParts(await listSaidBytes(store, ids))) {
    const found = new Map((await findMessages(store, few)).map((message) => [message.id, message]))
    for (const id of few) {
      const message = found.get(id)
      if (message) yield { message, text: everySaidText(message) }
    }
  }
}

function inParts(sized: readonly { id: number; bytes: number }[]): number[][] {
  const parts: number[][] = []
  let room = 0
  for (const { id, bytes } of sized) {
    room -= bytes
    const part = parts.at(-1)
    if (part && room >= 0) part.push(id)
    else {
      parts.push([id])
      room = BYTES_AT_ONCE - bytes
    }
  }
  return parts
}
