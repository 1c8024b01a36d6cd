// Which conversation a recall command is about, and whether its sender has a say there.
import { channelTypeOf, isOneToOne } from '../../domain/channel-type.ts'
import { conversationKeyOf, type ConversationKey } from '../../domain/conversation.ts'
import type { Message } from '../../domain/message.ts'

/** What a command names; each may be missing. */
type NamingCommand = {
  conversationType?: string | number | null | undefined
  targetId?: string | null | undefined
  /** Of an ultra group. */
  channelId?: string | null | undefined
  originalFromUserId?: string | null | undefined
}

/**
 * That of the message which carries the command, unless its content names another that the sender can speak for.
 *
 * RongCloud vouches for who sent a message and where; the content is whatever a client wrote, `isAdmin` included.
 * Taken at its word, a stranger could recall what was said in a group that they were never in.
 */
export function recalledConversation(message: Message, command: NamingCommand): ConversationKey {
  const channelType = channelTypeOf(command.conversationType ?? '')
  const named =
    channelType && canName(message, channelType) && conversationNamedBy(message, command, channelType)
  return named || conversationKeyOf(message)
}

/** A client can name any conversation of two, for it is one of the two; the app's server any conversation. */
function canName(message: Message, channelType: string): boolean {
  if (isFromServer(message)) return true
  // Web SDK 2 addresses the command to its own sender, though it is about a group. Nothing else can be sent so, for
  // there is no such group.
  const isToSelf = message.targetId === message.fromUserId && message.channelType === channelType
  return isToSelf || (isOneToOne(channelType) && isOneToOne(message.channelType))
}

/** Clients cannot send system notices, so these are the server's even where `source` is left empty. */
function isFromServer({ source, channelType }: Message): boolean {
  return source === 'Server' || channelType === 'NOTIFY'
}

/** As seen by the sender. Null when not all of it is named. */
function conversationNamedBy(
  message: Message,
  command: NamingCommand,
  channelType: string,
): ConversationKey | null {
  const { appKey, busChannel } = message
  // The template of broadcast recalls names no target: it goes to whoever gets the command.
  const isAlike = isOneToOne(channelType) === isOneToOne(message.channelType)
  const target = command.targetId || (isAlike ? message.targetId : '')
  // The server may recall in somebody else's name. One of a pair is not its own target.
  const senders = [isFromServer(message) ? command.originalFromUserId : null, message.fromUserId]
  const fromUserId = senders.find((id) => id && !(isOneToOne(channelType) && id === target))
  if (!target || !fromUserId) return null
  return conversationKeyOf({
    appKey,
    channelType,
    fromUserId,
    targetId: target,
    busChannel: command.channelId ?? busChannel,
  })
}
