/** What messages say by all that changes have added, for the search index and for the search alike. */
import { findMessages, type ArchivedMessage } from '../archive/messages.ts'
import type { Store } from '../archive/store.ts'
import { everySaidText } from '../rongcloud/said-text.ts'

// A page of changes holds so many bytes alone: each text has its share.
const AT_ONCE = 50

/** By id. */
export async function findSaid(
  store: Store,
  ids: readonly number[],
): Promise<Map<number, { message: ArchivedMessage; text: string | null }>> {
  const said = new Map<number, { message: ArchivedMessage; text: string | null }>()
  for (let i = 0; i < ids.length; i += AT_ONCE)
    for (const message of await findMessages(store, ids.slice(i, i + AT_ONCE)))
      said.set(message.id, { message, text: everySaidText(message) })
  return said
}
