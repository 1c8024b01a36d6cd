/** Messages by their words: a page, and its results alone for the script that asks while one types. */
import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { integer } from '../../parameters.ts'
import { answerPage, answerPart, asksForPart } from '../answer.ts'
import { foundPart, foundSection } from '../found.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { addressWith } from '../page-links.ts'
import { pageViewOf } from '../page-view.ts'
import { createAnswer } from '../search-answer.ts'
import { searchForm } from '../search-form.ts'

export function searchEndpoint(deps: ConsoleDeps) {
  const { settings, note } = deps
  const apps = settings.apps.map(({ appKey }) => appKey)
  const answer = createAnswer(deps)
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
    place: () => 'search',
    handle: async (request) => {
      const { c, query: asked } = request
      const { data: subjectId } = integer.safeParse(asked.conversationId)
      const about = subjectId === undefined ? {} : { subjectId }
      await note(request, { action: 'search', ...about, detail: askedFor(c) })
      const wanted = pageViewOf(c, settings.timeZone)
      const view = { ...wanted, here: addressWith(wanted.here, {}) }
      const answered = await answer(asked, subjectId, view)
      if (asksForPart(c)) {
        c.header('HX-Replace-Url', view.here)
        return answerPart(c, foundPart(answered, view))
      }
      const { title } = view.pages.search
      const main = [searchForm(asked, answered.wrong, apps, view), foundSection(answered, view)]
      const status = answered.wrong.length > 0 ? 422 : 200
      return answerPage(c, { title, section: 'search', main, files: ['search.js'] }, view, status)
    },
  })
}
