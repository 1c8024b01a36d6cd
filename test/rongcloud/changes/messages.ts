import { conversationKeyOf, type ConversationKey } from '../../../src/domain/conversation.ts'
import type { Message } from '../../../src/domain/message.ts'

/** A signal in a group, as routed. Content that is no text is made JSON. */
export function aMessage({
  content,
  ...changes
}: Partial<Omit<Message, 'content'>> & { content: unknown }): Message {
  return {
    appKey: 'app',
    msgUID: 'OWN',
    channelType: 'GROUP',
    fromUserId: 'alice',
    targetId: 'g1',
    busChannel: '',
    objectName: 'RC:RcCmd',
    content: typeof content === 'string' ? content : JSON.stringify(content),
    sentAtMs: 1734595222404,
    source: 'iOS',
    sensitiveType: null,
    fields: null,
    ...changes,
  }
}

export function conversation(
  channelType: string,
  one: string,
  other: string,
  busChannel = '',
): ConversationKey {
  return conversationKeyOf({ appKey: 'app', channelType, fromUserId: one, targetId: other, busChannel })
}

/** Data as an object, so that a difference is readable. */
export function opened<Change extends { data: string | null }>(changes: readonly Change[]) {
  return changes.map(({ data, ...rest }) => ({
    ...rest,
    data: data === null ? null : (JSON.parse(data) as unknown),
  }))
}
