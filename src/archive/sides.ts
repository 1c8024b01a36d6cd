/** Which one-to-one conversations are between a member and a seller, for who derives that once more. */
import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import type { Pair } from '../domain/parties.ts'
import { chatId, ensureChat } from './message-statements.ts'
import { WITH_KEY } from './conversations.ts'
import { asText, chats, conversations, messages } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type OneToOne = Awaited<ReturnType<typeof listOneToOne>>[number]

/** In the order of their ids, each with its two users and the ids of the pair that it was given. */
export function listOneToOne(store: Store, { afterId, limit }: { afterId: number; limit: number }) {
  return store.db
    .select({
      ...WITH_KEY,
      memberId: asText(chats.memberId),
      sellerId: chats.sellerId,
    })
    .from(conversations)
    .leftJoin(chats, eq(chats.id, conversations.chatId))
    .where(and(gt(conversations.id, afterId), ne(conversations.userId, '')))
    .orderBy(asc(conversations.id))
    .limit(limit)
}

/**
 * Gives a conversation another pair, or none. What the messages' listing and the conversation's counts make of it is
 * left to `DERIVED`, but for the member's own messages that RongCloud did not deliver: those were hidden from both.
 * @param onRequest types that a member is shown only when asked for
 */
export function sideStatements(
  { id, appKey }: Pick<OneToOne, 'id' | 'appKey'>,
  pair: Pair | null,
  onRequest: readonly string[],
): Statement[] {
  if (!pair) return [setChat({ id, appKey, memberId: null, sellerId: null })]
  const { memberUserId } = pair
  return [
    ensureChat({ appKey, ...pair }),
    setChat({ id, appKey, ...pair }),
    showOwn({ id, memberUserId, onRequest: JSON.stringify(onRequest) }),
  ]
}

const setChat = prepared(
  sqlWriter
    .update(conversations)
    .set({ chatId })
    .where(eq(conversations.id, sql.placeholder('id'))),
)

const showOwn = prepared(
  sqlWriter
    .update(messages)
    .set({
      listing: sql`CASE WHEN object_name IN (SELECT value FROM json_each(${sql.placeholder('onRequest')})) THEN 1 ELSE 2 END`,
    })
    .where(
      and(
        eq(messages.conversationId, sql.placeholder('id')),
        eq(messages.listing, 0),
        eq(messages.fromUserId, sql.placeholder('memberUserId')),
        sql`(sensitive_type = 1 OR log_flags & 5)`,
        sql`NOT EXISTS (SELECT 1 FROM hiding_changes WHERE message_id = ${messages.id})`,
      ),
    ),
)
