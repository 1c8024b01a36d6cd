/** Messages by their words: a page, and its results alone for the script that asks while one types. */
import { z } from 'zod'
import { findConversation, type ArchivedConversation } from '../../../archive/conversations.ts'
import { getSearchProgress } from '../../../archive/search-index.ts'
import { ArchiveError, type FieldError } from '../../../domain/errors.ts'
import { endpoint } from '../../endpoint.ts'
import { integer, optional, parseParameters } from '../../parameters.ts'
import { createFind, type FoundPage } from '../../search/find.ts'
import { searchParameters } from '../../search/parameters.ts'
import { answerPage, answerPart, asksForPart } from '../answer.ts'
import { findNamesByApp, nameOf, usersOf } from '../conversation-names.ts'
import { PAGE_SIZE, foundPart, foundSection, type Answered } from '../found.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { addressWith } from '../page-links.ts'
import { pageViewOf, type PageView } from '../page-view.ts'
import { searchForm, type Asked } from '../search-form.ts'

export function searchEndpoint(deps: ConsoleDeps) {
  const { store, settings, note } = deps
  const { q: terms, ...filters } = searchParameters(settings.timeZone)
  const parameters = z.object({ ...filters, q: optional(terms) })
  const find = createFind(deps)
  return endpoint({
    method: 'GET',
    path: '/console/search',
    tag: 'console',
    summary: 'Messages by their words',
    access: 'operator',
    errorShape: 'page',
    // Whatever is wrong is said beside its field.
    query: z.record(z.string(), z.string()),
    answer: { description: 'The page, or its results.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query: asked } = request
      const { data: subjectId } = integer.safeParse(asked.conversationId)
      const about = subjectId === undefined ? {} : { subjectId }
      await note(request, { action: 'search', ...about, detail: askedFor(c) })
      const wanted = pageViewOf(c, settings.timeZone)
      const view = { ...wanted, here: addressWith(wanted.here, {}) }
      const answered = { ...(await answerTo(asked)), within: await titleOf(subjectId, view) }
      if (asksForPart(c)) {
        c.header('HX-Replace-Url', view.here)
        return answerPart(c, foundPart(answered, view))
      }
      const main = [
        searchForm(
          asked,
          answered.wrong,
          settings.apps.map(({ appKey }) => appKey),
          view,
        ),
        foundSection(answered, view),
      ]
      const status = answered.wrong.length > 0 ? 422 : 200
      return answerPage(c, { title: view.pages.search.title, section: 'search', main }, view, status)
    },
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
      page.items.map(({ message: { appKey, fromUserId, targetId } }) => ({
        appKey,
        userIds: [fromUserId, targetId],
      })),
    )
    const { indexedUpTo, newestId } = await getSearchProgress(store)
    return { ...page, namesIn, behind: newestId - indexedUpTo }
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
