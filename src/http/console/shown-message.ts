import type { PresentState } from '../../archive/changes.ts'
import type { ArchivedMessage } from '../../archive/messages.ts'
import type { MessageState } from '../../domain/message-state.ts'
import type { ShownMessage } from './messages/message.ts'

/** An archived message as it is rendered; who has read it is known of a single one alone. */
export function toShownMessage(
  message: ArchivedMessage,
  state: PresentState & Partial<Pick<MessageState, 'readBy'>> = message.state,
): ShownMessage {
  return { ...message, state: { readBy: [], ...state } }
}
