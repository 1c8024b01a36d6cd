/** What the last messages of conversations say: one that is streamed as far as it has come. */
import type { ArchivedConversation } from '../archive/conversations.ts'
import type { Store } from '../archive/store.ts'
import { createPauses } from '../domain/pauses.ts'
import { eachChanged } from '../ingest/each-changed.ts'
import { STREAM, textOf } from '../rongcloud/message-types/index.ts'
import { saidText } from '../rongcloud/said-text.ts'

export type LastText = (conversation: ArchivedConversation) => string | null

export async function findLastTexts(
  store: Store,
  conversations: readonly ArchivedConversation[],
): Promise<LastText> {
  const texts = new Map<number, string | null>()
  const streamed: number[] = []
  const pause = createPauses()
  for (const { lastMessageId, lastObjectName, lastContent } of conversations) {
    if (lastObjectName === STREAM) streamed.push(lastMessageId)
    else texts.set(lastMessageId, textOf(lastObjectName, lastContent))
    await pause(lastContent.length)
  }
  for await (const message of eachChanged(store, streamed)) texts.set(message.id, saidText(message))
  return ({ lastMessageId }) => texts.get(lastMessageId) ?? null
}
