import { isOneToOne } from './channel-type.ts'
import type { Message } from './message.ts'

/**
 * What makes two messages belong to one conversation, within one app.
 * One-to-one: `userId` and `targetId` are the two users in order, so that both directions meet.
 * Otherwise: `userId` is '' and `targetId` the group, room or service; or '' too, for what is to nobody in particular.
 */
export type ConversationKey = {
  appKey: string
  channelType: string
  userId: string
  targetId: string
  busChannel: string
}

type Addressed = Pick<Message, 'appKey' | 'channelType' | 'fromUserId' | 'targetId' | 'busChannel'>

export function conversationKeyOf(message: Addressed): ConversationKey {
  const { appKey, channelType, fromUserId, targetId, busChannel } = message
  if (!isOneToOne(channelType) || targetId === '')
    return { appKey, channelType, userId: '', targetId, busChannel }
  const [userId, peerId] = fromUserId < targetId ? [fromUserId, targetId] : [targetId, fromUserId]
  return { appKey, channelType, userId, targetId: peerId, busChannel: '' }
}

export function isSameConversation(one: ConversationKey, other: ConversationKey): boolean {
  return (
    one.appKey === other.appKey &&
    one.channelType === other.channelType &&
    one.userId === other.userId &&
    one.targetId === other.targetId &&
    one.busChannel === other.busChannel
  )
}
