/** Which of the candidates match, for the text decides. */
import { PAGE_BYTES } from '../../archive/page.ts'
import { listCandidates, type Candidate, type SearchFilter } from '../../archive/search.ts'
import type { MessagePosition } from '../../archive/messages.ts'
import type { Store } from '../../archive/store.ts'
import { createPauses } from '../../domain/pauses.ts'
import { conditionOf } from '../../domain/search-condition.ts'
import { isMatch, relevanceOf, type SearchTerms } from '../../domain/search-query.ts'
import { searchedText } from '../../domain/search-text.ts'
import { aboutToken, quoted } from '../../domain/search-tokens.ts'
import { eachChanged } from '../../ingest/each-changed.ts'
import { textOf } from '../../rongcloud/message-types/index.ts'
import { everySaidText } from '../../rongcloud/said-text.ts'

export type Search = {
  terms: SearchTerms
  filter: SearchFilter
  /** Users and groups that every match is from or to; the filter may say so in other words. */
  parties: readonly string[]
  limit: number
}
export type Match = Pick<Candidate, 'id' | 'bytes'>

/** `next`: where to go on, null when there is nothing more. */
export type Matches<Next> = { matches: readonly Match[]; next: Next | null }

// What one request looks at, some 100 ms: while the index is being made it may not find its page among these.
const CANDIDATES_MAX = 10_000
// The same where texts are long, in characters of contents and of what is searched of them.
const LENGTH_MAX = 4_000_000
const PAGE_SIZE_LEAST = 50
const RANKED_MAX = 1000

export async function searchByTime(
  store: Store,
  search: Search,
  after: MessagePosition | null,
): Promise<Matches<[number, string, string]>> {
  const page = createPage(search.limit)
  const last = await lookThrough(store, search, after, page.take)
  return { matches: page.matches, next: positionOf(last) }
}

export async function searchByRelevance(
  store: Store,
  search: Search,
  offset: number,
): Promise<Matches<[number]>> {
  const { terms } = search
  const ranked: { match: Match; relevance: number }[] = []
  await lookThrough(store, { ...search, limit: RANKED_MAX }, null, ({ id, bytes }, searched) => {
    if (ranked.length === RANKED_MAX) return false
    ranked.push({ match: { id, bytes }, relevance: relevanceOf(searched, terms) })
    return true
  })
  const inOrder = ranked.toSorted((one, other) => other.relevance - one.relevance)
  const page = createPage(search.limit)
  for (const { match } of inOrder.slice(offset)) if (!page.take(match)) break
  const end = offset + page.matches.length
  return { matches: page.matches, next: end < inOrder.length ? [end] : null }
}

/** Takes matches as long as there is room, and one however long. */
function createPage(limit: number) {
  const matches: Match[] = []
  let room = PAGE_BYTES
  const take = ({ id, bytes }: Match): boolean => {
    room -= bytes
    const isFull = matches.length === limit || (room < 0 && matches.length > 0)
    if (!isFull) matches.push({ id, bytes })
    return !isFull
  }
  return { matches, take }
}

/**
 * Gives matches in their order, and each as it is searched, until one is not taken or enough has been looked at.
 * Answers the last candidate that is dealt with, after which to go on; null when there are no more.
 */
async function lookThrough(
  store: Store,
  search: Search,
  after: MessagePosition | null,
  take: (match: Match, searched: string) => boolean,
): Promise<Candidate | null> {
  const pause = createPauses()
  let last: Candidate | null = null
  let seen = 0
  let length = 0
  for await (const { candidate, text } of eachText(store, search, after)) {
    const searched = text === null ? '' : searchedText(text)
    if (text !== null && isMatch(searched, search.terms) && !take(candidate, searched)) return last
    last = candidate
    length += candidate.content.length + searched.length
    if (++seen >= CANDIDATES_MAX || length >= LENGTH_MAX) return last
    await pause(searched.length)
  }
  return null
}

/** What each candidate says, be it more by now than its content. */
async function* eachText(
  store: Store,
  search: Search,
  after: MessagePosition | null,
): AsyncGenerator<{ candidate: Candidate; text: string | null }> {
  const { filter, limit } = search
  const pageSize = Math.max(PAGE_SIZE_LEAST, limit + 1)
  for await (const page of listCandidates(store, {
    condition: conditionFor(search),
    filter,
    after,
    pageSize,
  })) {
    const changed = page.flatMap(({ id, hasChangedWords }) => (hasChangedWords ? [id] : []))
    const grown = eachChanged(store, changed)
    for (const candidate of page) {
      const { value: message } = candidate.hasChangedWords ? await grown.next() : {}
      const text = message ? everySaidText(message) : textOf(candidate.objectName, candidate.content)
      yield { candidate, text }
    }
  }
}

/** What it must be about is known to the index too, so that a frequent word costs little in a small corner. */
function conditionFor({ terms, filter, parties }: Search): string {
  const { appKey, objectName, userIds } = filter
  const about = [
    ...(appKey === undefined ? [] : [aboutToken('app', appKey)]),
    ...(objectName === undefined ? [] : [aboutToken('type', objectName)]),
    ...[...userIds, ...parties].map((userId) => aboutToken('user', userId)),
  ]
  return [...new Set([...terms.map(conditionOf), ...about.map(quoted)])].join(' AND ')
}

function positionOf(candidate: Candidate | null): [number, string, string] | null {
  return candidate ? [candidate.sentAtMs, candidate.appKey, candidate.msgUID] : null
}
