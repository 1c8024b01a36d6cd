import type { PresentState } from '../../archive/changes.ts'
import type { ArchivedMessage } from '../../archive/messages.ts'
import type { MessageState } from '../../domain/message-state.ts'
import type { OtherText } from '../../ingest/read-other-texts.ts'
import type { ShownMessage } from './messages/message.ts'

type Known = {
  /** Who has read it is known of a single one alone. */
  state?: PresentState & Partial<Pick<MessageState, 'readBy'>>
  otherTexts?: readonly OtherText[]
}

/** An archived message as it is rendered. @param otherTexts of any messages */
export function toShownMessage(
  message: ArchivedMessage,
  { state = message.state, otherTexts = [] }: Known = {},
): ShownMessage {
  return {
    ...message,
    state: { readBy: [], ...state },
    otherTexts: otherTexts.filter(({ messageId }) => messageId === message.id),
  }
}
