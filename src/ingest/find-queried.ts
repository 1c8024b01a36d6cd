/** Archived messages that RongCloud's message history tells of. */
import { isSameButForContent } from '../archive/logged-messages.ts'
import { listMessages, type ArchivedMessage } from '../archive/messages.ts'
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
  const known = await listMessages(store, { appKey, msgUIDs }, { after: null, limit: msgUIDs.length })
  const byUid = new Map(known.map((message) => [message.msgUID, message]))
  return Promise.all(queried.map(async (message) => byUid.get(message.msgUID) ?? findAlike(store, message)))
}

async function findAlike(store: Store, message: Message): Promise<ArchivedMessage | undefined> {
  if (!isDerivedUID(message.msgUID)) return undefined
  const { appKey, sentAtMs, content } = message
  const sentThen = { appKey, fromMs: sentAtMs, untilMs: sentAtMs }
  const alike = await listMessages(store, sentThen, { after: null, limit: ALIKE_MAX })
  return alike.find(
    (archived) =>
      isSameButForContent(archived, message) &&
      [archived, ...archived.state.versions].some((version) => isSameJson(version.content, content)),
  )
}
