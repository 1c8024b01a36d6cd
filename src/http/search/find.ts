/** The answer to a search: messages with the place that matches. */
import { findConversation } from '../../archive/conversations.ts'
import { findMessages, type ArchivedMessage } from '../../archive/messages.ts'
import { invalidFields } from '../../domain/errors.ts'
import { userIdsOf } from '../../domain/parties.ts'
import type { SearchTerms } from '../../domain/search-query.ts'
import { snippetOf, type Snippet } from '../../domain/snippet.ts'
import type { Deps } from '../deps.ts'
import { searchByRelevance, searchByTime, type Match, type Search } from './matches.ts'
import type { SearchQuery } from './parameters.ts'

export type Found = { message: ArchivedMessage; snippet: Snippet }

/** `next`: the cursor of the next page, unwritten. By time its first value is how far back the search has come, in ms. */
export type FoundPage = { items: Found[]; next: readonly (string | number)[] | null }

/** @throws ArchiveError `invalid_request` when the cursor is of a search in another order */
export function createFind({ store, settings }: Deps) {
  return async (query: SearchQuery, limit: number): Promise<FoundPage> => {
    const { q, memberId, sellerId, userId, startTime, endTime, cursor, order, ...same } = query
    const userIds = [...userIdsOf(settings.templates, { memberId, sellerId }), ...(userId ? [userId] : [])]
    const filter = { ...same, userIds, fromMs: startTime?.fromMs, untilMs: endTime?.untilMs }
    const search: Search = { terms: q, filter, parties: await partiesOf(same.conversationId), limit }
    const { matches, next } =
      order === 'relevance'
        ? await searchByRelevance(store, search, offsetIn(cursor))
        : await searchByTime(store, search, positionIn(cursor))
    return { items: await toFound(matches, q), next }
  }

  /** Whom every message of the conversation is about, which the index knows, unlike the conversation. */
  async function partiesOf(conversationId: number | undefined): Promise<string[]> {
    if (conversationId === undefined) return []
    const conversation = await findConversation(store, conversationId)
    return [conversation?.userId ?? '', conversation?.targetId ?? ''].filter((userId) => userId !== '')
  }

  async function toFound(matches: readonly Match[], searched: SearchTerms): Promise<Found[]> {
    const found = await findMessages(
      store,
      matches.map(({ id }) => id),
    )
    const byId = new Map(found.map((message) => [message.id, message]))
    return matches.flatMap(({ id, text: whole }) => {
      const message = byId.get(id)
      return message ? [{ message, snippet: snippetOf(whole, searched) }] : []
    })
  }
}

function positionIn(cursor: SearchQuery['cursor']) {
  if (cursor === undefined) return null
  if (cursor.length === 1) throw ofOtherOrder()
  const [sentAtMs, appKey, msgUID] = cursor
  return { sentAtMs, appKey, msgUID }
}

function offsetIn(cursor: SearchQuery['cursor']): number {
  if (cursor && cursor.length > 1) throw ofOtherOrder()
  return cursor?.[0] ?? 0
}

function ofOtherOrder() {
  return invalidFields([{ field: 'cursor', message: 'is of a search in another order' }])
}
