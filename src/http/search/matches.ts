/** Which of the candidates match, for the text decides. */
import { listCandidates, type Candidate, type SearchFilter } from '../../archive/search.ts'
import type { MessagePosition } from '../../archive/messages.ts'
import type { Store } from '../../archive/store.ts'
import { conditionOf } from '../../domain/search-condition.ts'
import { isMatch, relevanceOf, type SearchTerms } from '../../domain/search-query.ts'
import { searchedText } from '../../domain/search-text.ts'
import { aboutToken, quoted } from '../../domain/search-tokens.ts'
import { findSaid } from '../../ingest/said.ts'
import { textOf } from '../../rongcloud/message-types/index.ts'

export type Search = {
  terms: SearchTerms
  filter: SearchFilter
  /** Users and groups that every match is from or to; the filter may say so in other words. */
  parties: readonly string[]
  limit: number
}
export type Match = Candidate & { text: string }

/** `next`: where to go on, null when there is nothing more. */
export type Matches<Next> = { matches: readonly Match[]; next: Next | null }

// What one request looks at, some 100 ms: while the index is being made it may not find its page among these.
const CANDIDATES_MAX = 10_000
const PAGE_SIZE_LEAST = 50
const RANKED_MAX = 1000

export async function searchByTime(
  store: Store,
  search: Search,
  after: MessagePosition | null,
): Promise<Matches<[number, string, string]>> {
  const { terms, filter, limit } = search
  const pages = listCandidates(store, {
    condition: conditionFor(search),
    filter,
    after,
    pageSize: Math.max(PAGE_SIZE_LEAST, limit + 1),
  })
  const matches: Match[] = []
  let seen = 0
  for await (const page of pages) {
    const texts = await findTexts(store, page)
    matches.push(...page.flatMap((candidate) => toMatch(candidate, texts, terms)))
    seen += page.length
    if (matches.length > limit)
      return { matches: matches.slice(0, limit), next: positionOf(matches[limit - 1]) }
    if (seen >= CANDIDATES_MAX) return { matches, next: positionOf(page.at(-1)) }
  }
  return { matches, next: null }
}

export async function searchByRelevance(
  store: Store,
  search: Search,
  offset: number,
): Promise<Matches<[number]>> {
  const { matches } = await searchByTime(store, { ...search, limit: RANKED_MAX }, null)
  const ranked = matches
    .map((match) => ({ match, relevance: relevanceOf(searchedText(match.text), search.terms) }))
    .toSorted((one, other) => other.relevance - one.relevance)
    .map(({ match }) => match)
  const end = offset + search.limit
  return { matches: ranked.slice(offset, end), next: end < ranked.length ? [end] : null }
}

type Texts = ReadonlyMap<number, { text: string | null }>

/** Of those that say more by now than their content. */
function findTexts(store: Store, page: readonly Candidate[]): Promise<Texts> {
  return findSaid(
    store,
    page.flatMap(({ id, hasChangedWords }) => (hasChangedWords ? [id] : [])),
  )
}

function toMatch(candidate: Candidate, texts: Texts, terms: SearchTerms): Match[] {
  const { id, objectName, content } = candidate
  const changed = texts.get(id)
  const text = changed ? changed.text : textOf(objectName, content)
  return text !== null && isMatch(searchedText(text), terms) ? [{ ...candidate, text }] : []
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

function positionOf(candidate: Candidate | undefined): [number, string, string] | null {
  return candidate ? [candidate.sentAtMs, candidate.appKey, candidate.msgUID] : null
}
