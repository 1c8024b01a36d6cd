/** What a conversation is called: by the name of its group or the names of its users where they are known, else by ids. */
import { findNames } from '../../archive/profiles.ts'
import type { Store } from '../../archive/store.ts'
import type { ConversationKey } from '../../domain/conversation.ts'
import { plain } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { fillText } from './words.ts'

export type Names = ReadonlyMap<string, string>

/** Users are users of one app: their names by the app's key. */
export async function findNamesByApp(
  store: Store,
  users: readonly { appKey: string; userIds: readonly string[] }[],
): Promise<Map<string, Names>> {
  const found = [...Map.groupBy(users, ({ appKey }) => appKey)].map(async ([appKey, own]) => {
    const userIds = own.flatMap((each) => each.userIds)
    return [appKey, await findNames(store, appKey, userIds)] as const
  })
  return new Map(await Promise.all(found))
}

export function usersOf({ userId, targetId }: Pick<ConversationKey, 'userId' | 'targetId'>): string[] {
  return userId === '' ? [] : [userId, targetId]
}

export function nameOf(
  conversation: Pick<ConversationKey, 'userId' | 'targetId' | 'busChannel'> & { name: string | null },
  names: Names,
  { pages }: PageView,
): string {
  const { targetId, busChannel } = conversation
  const [one, other] = usersOf(conversation).map((id) => plain(names.get(id) ?? id))
  if (one !== undefined && other !== undefined) return fillText(pages.conversation.with, { one, other })
  const target = targetId === '' ? pages.conversation.nobody : plain(conversation.name ?? targetId)
  const channel = fillText(pages.conversations.channel, { id: plain(busChannel) })
  return busChannel === '' ? target : `${target}, ${channel}`
}

export function kindName(channelType: string, { pages }: PageView): string {
  const kinds: Record<string, string> = pages.kinds
  return Object.hasOwn(kinds, channelType) ? (kinds[channelType] ?? channelType) : plain(channelType)
}
