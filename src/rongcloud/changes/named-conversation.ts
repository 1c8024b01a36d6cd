import { channelTypeOf } from '../../domain/channel-type.ts'
import { conversationKeyOf, type ConversationKey } from '../../domain/conversation.ts'

/** As callbacks other than message routing name a conversation: seen by the user who did something there. */
export type NamedConversation = {
  appKey: string
  /** Word or number. */
  conversationType: number | string | null
  fromUserId: string | null
  targetId: string | null
  busChannel: string | null
}

/**
 * The conversation of one message. Callbacks may leave out the channel of an ultra group, and without it that is not
 * yet a conversation: the `msgUID` has to do.
 */
export function conversationOfOne(named: NamedConversation): ConversationKey | null {
  const conversation = conversationNamed(named)
  return conversation?.channelType === 'ULTRAGROUP' && !named.busChannel ? null : conversation
}

/** Null when the names do not make a conversation; what they are about is then known by its `msgUID` alone. */
export function conversationNamed(named: NamedConversation): ConversationKey | null {
  const { appKey, conversationType, fromUserId, targetId, busChannel } = named
  const channelType = channelTypeOf(conversationType ?? '')
  if (!channelType || !fromUserId || !targetId) return null
  return conversationKeyOf({ appKey, channelType, fromUserId, targetId, busChannel: busChannel ?? '' })
}
