/** What the search page has to say to what was asked: what is wrong with it, or what was found. */
import { z } from 'zod'
import { findConversation, type ArchivedConversation } from '../../archive/conversations.ts'
import { findGroupNames } from '../../archive/group-names.ts'
import { getSearchProgress } from '../../archive/search-index.ts'
import { ArchiveError, type FieldError } from '../../domain/errors.ts'
import { optional, parseParameters } from '../parameters.ts'
import type { FoundPage } from '../search/find.ts'
import { searchParameters } from '../search/parameters.ts'
import { findNamesByApp, nameOf, usersOf } from './conversation-names.ts'
import { PAGE_SIZE, type Answered } from './found.ts'
import type { ConsoleDeps } from './operators.ts'
import type { PageView } from './page-view.ts'
import { peopleIn } from './people.ts'
import type { Asked } from './search-form.ts'

type Answer = (asked: Asked, conversationId: number | undefined, view: PageView) => Promise<Answered>

export function createAnswer(deps: ConsoleDeps): Answer {
  const { store, settings, find } = deps
  const { q: terms, ...filters } = searchParameters(settings.timeZone)
  const parameters = z.object({ ...filters, q: optional(terms) })
  return async (asked, conversationId, view) => ({
    ...(await answerTo(asked)),
    within: await titleOf(conversationId, view),
  })

  async function answerTo(asked: Asked): Promise<Omit<Answered, 'within'>> {
    try {
      const { q, ...filter } = parseParameters(parameters, { ...asked, q: asked.q?.trim() })
      // Filters alone are no search.
      return { wrong: [], results: q ? await resultsOf(await find({ ...filter, q }, PAGE_SIZE)) : null }
    } catch (error) {
      return { wrong: wrongIn(error), results: null }
    }
  }

  async function resultsOf(page: FoundPage): Promise<Answered['results']> {
    const namesIn = await findNamesByApp(
      store,
      page.items.map(({ message }) => ({
        appKey: message.appKey,
        userIds: [message.targetId, ...peopleIn(message)],
      })),
    )
    const groupNameOf = await findGroupNames(
      store,
      page.items.map(({ message }) => message),
    )
    const { indexedUpTo, newestId } = await getSearchProgress(store)
    return { ...page, namesIn, groupNameOf, behind: newestId - indexedUpTo }
  }

  async function titleOf(id: number | undefined, view: PageView): Promise<string | null> {
    const conversation = id === undefined ? undefined : await findConversation(store, id)
    if (!conversation) return id === undefined ? null : String(id)
    return nameOf(conversation, await namesOf(conversation), view)
  }

  async function namesOf(conversation: ArchivedConversation) {
    const { appKey } = conversation
    const names = await findNamesByApp(store, [{ appKey, userIds: usersOf(conversation) }])
    return names.get(appKey) ?? new Map<string, string>()
  }
}

function wrongIn(error: unknown): readonly FieldError[] {
  if (error instanceof ArchiveError && error.fields.length > 0) return error.fields
  throw error
}
