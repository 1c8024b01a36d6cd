/** What the last messages of conversations say: one that is streamed as far as it has come. */
import type { ArchivedConversation } from '../archive/conversations.ts'
import type { Store } from '../archive/store.ts'
import { eachSaid } from '../ingest/said.ts'
import { STREAM, textOf } from '../rongcloud/message-types/index.ts'
import { saidText } from '../rongcloud/said-text.ts'

export type LastText = (conversation: ArchivedConversation) => string | null

export async function findLastTexts(
  store: Store,
  conversations: readonly ArchivedConversation[],
): Promise<LastText> {
  const streamed = conversations.flatMap(({ lastMessageId, lastObjectName }) =>
    lastObjectName === STREAM ? [lastMessageId] : [],
  )
  const said = new Map<number, string | null>()
  for await (const { message } of eachSaid(store, streamed)) said.set(message.id, saidText(message))
  return ({ lastMessageId, lastObjectName, lastContent }) =>
    said.has(lastMessageId) ? (said.get(lastMessageId) ?? null) : textOf(lastObjectName, lastContent)
}
