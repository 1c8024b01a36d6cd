/** One message: as received, what happened to it since, and what of it is a file. */
import { z } from 'zod'
import { findChanges } from '../../../archive/changes.ts'
import type { ConsoleAction } from '../../../archive/console-accesses.ts'
import { listOtherTexts } from '../../../archive/deliveries.ts'
import { findMessage, type ArchivedMessage } from '../../../archive/messages.ts'
import { findNames } from '../../../archive/profiles.ts'
import { ArchiveError } from '../../../domain/errors.ts'
import { readOtherTexts } from '../../../ingest/read-other-texts.ts'
import { storeDepsOf } from '../../deps.ts'
import { endpoint } from '../../endpoint.ts'
import { integer } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { html } from '../html.ts'
import { contentDownload, voiceDownload, type Download } from '../messages/downloads.ts'
import { messageAddress, renderMessage } from '../messages/message.ts'
import type { ConsoleDeps } from '../operators.ts'
import { pageViewOf } from '../page-view.ts'
import { peopleIn } from '../people.ts'
import { toShownMessage } from '../shown-message.ts'
import { timeline } from '../timeline.ts'
import { LONGEST_ALONE, withNames } from '../view.ts'
import { fillText } from '../words.ts'

const about = {
  method: 'GET',
  tag: 'console',
  access: 'operator',
  errorShape: 'page',
  pathParameters: z.object({ id: integer }),
} as const

export function messageEndpoints(deps: ConsoleDeps) {
  return [
    messageEndpoint(deps),
    downloadEndpoint(deps, 'voice', voiceDownload),
    downloadEndpoint(deps, 'content', contentDownload),
  ]
}

function messageEndpoint(deps: ConsoleDeps) {
  const { store, settings, note } = deps
  return endpoint({
    ...about,
    path: '/console/messages/:id',
    summary: 'A message as received, and what happened to it',
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, path } = request
      await note(request, { action: 'message', subjectId: path.id })
      const message = await getMessage(store, path.id)
      const [{ changes, state }, deliveries] = await Promise.all([
        findChanges(store.db, message),
        listOtherTexts(store, [message.id]),
      ])
      const shown = toShownMessage(message, {
        state,
        otherTexts: readOtherTexts(storeDepsOf(deps), deliveries, [{ id: message.id, state }]),
      })
      const users = [...peopleIn(message), ...changes.map(({ byUserId }) => byUserId)]
      const names = await findNames(store, message.appKey, users)
      const view = { ...withNames(pageViewOf(c, settings.timeZone), names), longestText: LONGEST_ALONE }
      const { title, inConversation } = view.pages.message
      const main = html`<p>
          <a href="${messageAddress(message)}">${inConversation}</a>
        </p>
        ${renderMessage(shown, { view, side: 'left', isAlone: true })}
        ${timeline(shown, { changes, state }, view)}`
      return answerPage(
        c,
        { title: fillText(title, { id: message.id }), section: 'conversations', main },
        view,
      )
    },
  })
}

function downloadEndpoint(
  { store, note }: ConsoleDeps,
  action: ConsoleAction & ('voice' | 'content'),
  toFile: (message: ArchivedMessage) => Download | null,
) {
  return endpoint({
    ...about,
    path: `/console/messages/:id/${action}`,
    summary: action === 'voice' ? 'The voice of a message' : 'The whole content of a message',
    answer: { description: 'The file.', contentType: 'application/octet-stream' },
    handle: async (request) => {
      const { c, path } = request
      await note(request, { action, subjectId: path.id })
      const file = toFile(await getMessage(store, path.id))
      if (!file) throw new ArchiveError('not_found', `there is no ${action} in message ${path.id}`)
      return c.body(file.body, 200, { ...file.headers, 'Cache-Control': 'no-store' })
    },
  })
}

async function getMessage(store: ConsoleDeps['store'], id: number): Promise<ArchivedMessage> {
  const message = await findMessage(store, id)
  if (!message) throw new ArchiveError('not_found', `there is no message ${id}`)
  return message
}
