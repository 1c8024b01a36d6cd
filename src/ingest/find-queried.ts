/** Archived messages that RongCloud's message history tells of. */
import { isSameButForContent } from '../archive/logged-messages.ts'
import { listMessages, type ArchivedMessage, type MessageFilter } from '../archive/messages.ts'
import type { Store } from '../archive/store.ts'
import type { Message } from '../domain/message.ts'
import { isSameJson } from '../domain/same-json.ts'
import { isDerivedUID } from '../rongcloud/derived-uid.ts'

// So many messages of one millisecond are looked at.
const ALIKE_MAX = 100

/** In the order of the messages: each by its identity, or by all that it says where it came without one. */
export async function findQueried(
  store: Store,
  appKey: string,
  queried: readonly Message[],
): Promise<(ArchivedMessage | undefined)[]> {
  if (queried.length === 0) return []
  const msgUIDs = queried.map(({ msgUID }) => msgUID)
  const known = await listUpTo(msgUIDs.length, store, { appKey, msgUIDs })
  const byUid = new Map(known.map((message) => [message.msgUID, message]))
  return Promise.all(queried.map(async (message) => byUid.get(message.msgUID) ?? findAlike(store, message)))
}

async function findAlike(store: Store, message: Message): Promise<ArchivedMessage | undefined> {
  if (!isDerivedUID(message.msgUID)) return undefined
  const { appKey, sentAtMs, content } = message
  const sentThen = { appKey, fromMs: sentAtMs, untilMs: sentAtMs }
  const alike = await listUpTo(ALIKE_MAX, store, sentThen)
  return alike.find(
    (archived) =>
      isSameButForContent(archived, message) &&
      [archived, ...archived.state.versions].some((version) => isSameJson(version.content, content)),
  )
}

/** On as many pages as it takes. */
async function listUpTo(most: number, store: Store, filter: MessageFilter): Promise<ArchivedMessage[]> {
  const found: ArchivedMessage[] = []
  for (;;) {
    const after = found.at(-1) ?? null
    const { rows, more } = await listMessages(store, filter, { after, limit: most - found.length })
    found.push(...rows)
    if (!more || found.length >= most) return found
  }
}
