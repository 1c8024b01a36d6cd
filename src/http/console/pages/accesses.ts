/** Who was shown what. */
import { z } from 'zod'
import {
  CONSOLE_ACTIONS,
  listConsoleAccesses,
  type ConsoleAccess,
} from '../../../archive/console-accesses.ts'
import { firstOf } from '../../../archive/page.ts'
import { cursorOf, toAnswer } from '../../api/cursor.ts'
import { endpoint } from '../../endpoint.ts'
import { integer, optional, text } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { html, type Html } from '../html.ts'
import { shown } from '../messages/showable.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { pageLinks } from '../page-links.ts'
import { pageViewOf, type PageView } from '../page-view.ts'

const PAGE_SIZE = 100

export function accessesEndpoint({ store, settings, note }: ConsoleDeps) {
  return endpoint({
    method: 'GET',
    path: '/console/accesses',
    tag: 'console',
    summary: 'The access log, newest first',
    access: 'operator',
    errorShape: 'page',
    query: z.object({
      action: optional(z.enum(CONSOLE_ACTIONS)),
      subjectId: optional(integer),
      sessionId: optional(text),
      cursor: cursorOf(z.tuple([z.int()])),
    }),
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'accesses', detail: askedFor(c) })
      const [before = null] = query.cursor ?? []
      const found = await listConsoleAccesses(store, query, { before, limit: PAGE_SIZE + 1 })
      const view = pageViewOf(c, settings.timeZone)
      const page = toAnswer(firstOf(found, PAGE_SIZE), {
        positionOf: ({ id }) => [id],
        toItem: (item) => item,
      })
      const main = [tableOf(page.items, view), pageLinks(page.next, view)]
      return answerPage(c, { title: view.pages.accesses.title, section: 'accesses', main }, view)
    },
  })
}

function tableOf(accesses: readonly ConsoleAccess[], view: PageView): Html {
  const { about, time, action, subject, detail, address, session } = view.pages.accesses
  const heads = [time, action, subject, detail, address, session]
  return html`<p class="quiet">${about}</p>
    <div class="table" tabindex="0" role="region" aria-label="${view.pages.accesses.title}">
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${accesses.map((access) => rowOf(access, view))}
        </tbody>
      </table>
    </div>`
}

function rowOf(access: ConsoleAccess, { pages, writeTime }: PageView): Html {
  const { atMs, action, subjectId, detail, remoteAddress, sessionId } = access
  return html`<tr>
    <td class="time">${writeTime(atMs)}</td>
    <td>${pages.actions[action]}</td>
    <td>${subjectId}</td>
    <td>${detail && shown(decoded(detail))}</td>
    <td>${remoteAddress && shown(remoteAddress)}</td>
    <td>
      <a href="/console/accesses?sessionId=${encodeURIComponent(sessionId)}">${sessionId.slice(0, 8)}</a>
    </td>
  </tr>`
}

function decoded(query: string): string {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name}: ${value}`).join(', ')
}
