/** What a conversation is called: by the names of its users where they are known, else by ids. */
import type { ConversationKey } from '../../domain/conversation.ts'
import { plain } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { fillText } from './words.ts'

export type Names = ReadonlyMap<string, string>

export function usersOf({ userId, targetId }: Pick<ConversationKey, 'userId' | 'targetId'>): string[] {
  return userId === '' ? [] : [userId, targetId]
}

export function nameOf(
  conversation: Pick<ConversationKey, 'userId' | 'targetId' | 'busChannel'>,
  names: Names,
  { pages }: PageView,
): string {
  const { targetId, busChannel } = conversation
  const [one, other] = usersOf(conversation).map((id) => plain(names.get(id) ?? id))
  if (one !== undefined && other !== undefined) return fillText(pages.conversation.with, { one, other })
  const channel = fillText(pages.conversations.channel, { id: plain(busChannel) })
  return busChannel === '' ? plain(targetId) : `${plain(targetId)}, ${channel}`
}

export function kindName(channelType: string, { pages }: PageView): string {
  const kinds: Record<string, string> = pages.kinds
  return Object.hasOwn(kinds, channelType) ? (kinds[channelType] ?? channelType) : plain(channelType)
}
