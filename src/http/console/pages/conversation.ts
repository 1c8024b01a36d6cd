/** One conversation as the chat that it was. */
import { z } from 'zod'
import { findConversation, type ArchivedConversation } from '../../../archive/conversations.ts'
import { listOtherTexts } from '../../../archive/deliveries.ts'
import type { Place } from '../../../archive/messages.ts'
import { findNames } from '../../../archive/profiles.ts'
import { ArchiveError } from '../../../domain/errors.ts'
import { partyOf } from '../../../domain/parties.ts'
import { readOtherTexts } from '../../../ingest/read-other-texts.ts'
import { cursorOf } from '../../api/cursor.ts'
import { storeDepsOf } from '../../deps.ts'
import { endpoint } from '../../endpoint.ts'
import { integer, optional } from '../../parameters.ts'
import { spanParameters } from '../../span.ts'
import { answerPage, answerPart, asksForPart } from '../answer.ts'
import { chat, chatPart, type ChatPage } from '../chat.ts'
import { nameOf, usersOf } from '../conversation-names.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { pageViewOf } from '../page-view.ts'
import { peopleIn } from '../people.ts'
import { withNames } from '../view.ts'
import { findWindow, type Asked } from '../window.ts'

const position = cursorOf(z.tuple([z.int(), z.string(), z.string()]))

const queryOf = (timeZone: string) =>
  z.object({
    message: optional(integer),
    date: spanParameters(timeZone).startTime,
    before: position,
    after: position,
  })
type Query = z.output<ReturnType<typeof queryOf>>

const FILES = ['keys.js']

export function conversationEndpoint(deps: ConsoleDeps) {
  const { store, settings, note } = deps
  return endpoint({
    method: 'GET',
    path: '/console/conversations/:id',
    tag: 'console',
    summary: 'A conversation, its messages oldest first',
    access: 'operator',
    errorShape: 'page',
    pathParameters: z.object({ id: integer }),
    query: queryOf(settings.timeZone),
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, path, query } = request
      await note(request, { action: 'conversation', subjectId: path.id, detail: askedFor(c) })
      const conversation = await findConversation(store, path.id)
      if (!conversation) throw new ArchiveError('not_found', `there is no conversation ${path.id}`)
      const asked = askedIn(query, path.id)
      const window = await findWindow(store, path.id, asked)
      const users = [...usersOf(conversation), ...window.messages.flatMap(peopleIn)]
      const names = await findNames(store, conversation.appKey, users)
      const view = withNames(pageViewOf(c, settings.timeZone), names)
      const ids = window.messages.map(({ id }) => id)
      const deliveries = await listOtherTexts(store, ids)
      const otherTexts = readOtherTexts(storeDepsOf(deps), deliveries, window.messages)
      const rightUserId = rightUserOf(conversation)
      const page: ChatPage = { conversation, asked, window, rightUserId, otherTexts }
      if (asksForPart(c)) return answerPart(c, chatPart(page, view))
      const title = nameOf(conversation, names, view)
      return answerPage(c, { title, section: 'conversations', main: chat(page, view), files: FILES }, view)
    },
  })

  // The archive belongs to the shop, whose side is the right one.
  function rightUserOf(conversation: ArchivedConversation): string | null {
    const users = usersOf(conversation)
    const seller = users.find((id) => partyOf(settings.templates, id)?.role === 'seller')
    return seller ?? users[1] ?? null
  }
}

function askedIn({ message, date, before, after }: Query, conversationId: number): Asked {
  if (message !== undefined) return { from: 'message', id: message }
  if (before) return { from: 'before', place: placeOf(before, conversationId) }
  if (after) return { from: 'after', place: placeOf(after, conversationId) }
  return date ? { from: 'moment', ms: date.fromMs } : { from: 'newest' }
}

function placeOf([sentAtMs, appKey, msgUID]: [number, string, string], conversationId: number): Place {
  return { conversationId, sentAtMs, appKey, msgUID }
}
