/** The answer to a search: messages with the place that matches. */
import { findConversation } from '../../archive/conversations.ts'
import { findMessages, type ArchivedMessage } from '../../archive/messages.ts'
import type { Store } from '../../archive/store.ts'
import { invalidFields } from '../../domain/errors.ts'
import { userIdsOf, type PartyTemplates } from '../../domain/parties.ts'
import { createPauses } from '../../domain/pauses.ts'
import { SEARCHED_MAX } from '../../domain/search-text.ts'
import type { SearchTerms } from '../../domain/search-query.ts'
import { snippetOf, type Snippet } from '../../domain/snippet.ts'
import { everySaidText } from '../../rongcloud/said-text.ts'
import { searchByRelevance, searchByTime, type Match, type Search } from './matches.ts'
import type { SearchQuery } from './parameters.ts'

export type Found = { message: ArchivedMessage; snippet: Snippet }

/** `next`: the cursor of the next page, unwritten. By time its first value is how far back the search has come, in ms. */
export type FoundPage = { items: Found[]; next: readonly (string | number)[] | null }

/**
 * Questions and answers are plain data, so that another thread may answer. A page has `limit` items at most, and fewer
 * when they are long.
 * @throws ArchiveError `invalid_request` when the cursor is of a search in another order
 */
export type Find = (query: SearchQuery, limit: number) => Promise<FoundPage>

export function createFind(store: Store, templates: PartyTemplates): Find {
  return async (query, limit) => {
    const { q, memberId, sellerId, userId, startTime, endTime, cursor, order, ...same } = query
    const userIds = [...userIdsOf(templates, { memberId, sellerId }), ...(userId ? [userId] : [])]
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

  async function toFound(matches: readonly Match[], sought: SearchTerms): Promise<Found[]> {
    const ids = matches.map(({ id }) => id)
    const byId = new Map((await findMessages(store, ids)).map((message) => [message.id, message]))
    const pause = createPauses()
    const found: Found[] = []
    for (const id of ids) {
      const message = byId.get(id)
      if (!message) continue
      const text = everySaidText(message) ?? ''
      found.push({ message, snippet: snippetOf(text, sought) })
      await pause(Math.min(text.length, SEARCHED_MAX))
    }
    return found
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
