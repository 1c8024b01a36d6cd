/** Message operations as their callback tells them, read. */
import type { readMessageOperation } from '../../src/rongcloud/events/index.ts'

type MessageOperation = NonNullable<ReturnType<typeof readMessageOperation>>

/** User u1 deletes for themself in the conversation with shop_a, unless told otherwise. */
export function deletion(given: Partial<MessageOperation>): MessageOperation {
  return {
    eventType: 'delete',
    fromUserId: 'u1',
    targetId: 'shop_a',
    optTimeMs: 1_734_595_200_900,
    conversationType: 1,
    busChannel: '',
    messageId: null,
    messageTimeMs: null,
    isDelete: false,
    isAdmin: false,
    deleteType: 'time',
    deleteUpToMs: null,
    extra: null,
    ...given,
  }
}
