/** What arrives, as it arrives. */
import { z } from 'zod'
import { FEED_START, findNewest, listNewest, type FeedPosition } from '../../../archive/feed.ts'
import { cursorOf, writeCursor } from '../../api/cursor.ts'
import { endpoint } from '../../endpoint.ts'
import { optional, parseParameters, text } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { linesOf, type Line } from '../arrivals.ts'
import { appField } from '../fields.ts'
import { html, type Html } from '../html.ts'
import { createLive, MOST_AT_ONCE, SHOWN_CHANGES } from '../live-stream.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { addressWith } from '../page-links.ts'
import { pageViewOf, type PageView } from '../page-view.ts'

const STREAM_PATH = '/console/live/stream'

const id = z.int().min(0)
const position = cursorOf(z.tuple([id, id]))
const LAST_ID = 'Last-Event-ID'
const LastId = z.object({ [LAST_ID]: position })

export function liveEndpoints(deps: ConsoleDeps) {
  return [livePage(deps), liveStream(deps)]
}

function livePage({ store, settings, note }: ConsoleDeps) {
  return endpoint({
    method: 'GET',
    path: '/console/live',
    tag: 'console',
    summary: 'What arrived last',
    access: 'operator',
    errorShape: 'page',
    query: z.object({ appKey: optional(text) }),
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'live', detail: askedFor(c) })
      const wanted = { appKey: query.appKey, kinds: SHOWN_CHANGES }
      const { arrived, end } = await listNewest(store, wanted, { after: FEED_START, limit: MOST_AT_ONCE })
      const view = pageViewOf(c, settings.timeZone)
      const lines = (await linesOf(store, arrived, view)).toReversed()
      const apps = settings.apps.map(({ appKey }) => appKey)
      const main = [appForm(query.appKey, apps, view), controls(view), list(lines, end, query.appKey, view)]
      const { title } = view.pages.live
      return answerPage(c, { title, section: 'live', main, files: ['live.js'] }, view)
    },
  })
}

function liveStream(deps: ConsoleDeps) {
  const answer = createLive(deps)
  return endpoint({
    method: 'GET',
    path: STREAM_PATH,
    tag: 'console',
    summary: 'What arrives, as events',
    access: 'operator',
    query: z.object({ appKey: optional(text), after: position }),
    answer: { description: 'A line of the page in each event.', contentType: 'text/event-stream' },
    // How many there are is bounded by itself.
    place: () => null,
    handle: async (request) => {
      const { c, query, principal } = request
      // A browser that comes back says so; the address is still the first one.
      const last = parseParameters(LastId, { [LAST_ID]: c.req.header(LAST_ID) })[LAST_ID]
      await note(request)
      const after = toPosition(last ?? query.after) ?? (await findNewest(deps.store))
      const sessionId = principal?.kind === 'operator' ? principal.sessionId : ''
      const asked = { appKey: query.appKey, after, sessionId }
      return answer(c, asked, pageViewOf(c, deps.settings.timeZone))
    },
  })

  function note(request: Parameters<ConsoleDeps['note']>[0]) {
    return deps.note(request, { action: 'live', detail: askedFor(request.c) })
  }
}

function toPosition([messageId, changeId]: readonly number[] = []): FeedPosition | null {
  return messageId === undefined || changeId === undefined ? null : { messageId, changeId }
}

function appForm(appKey: string | undefined, apps: readonly string[], view: PageView): Html | null {
  const field = appField(apps, appKey, view)
  const { pages } = view
  if (field === null) return null
  return html`<form class="filters" action="/console/live" role="search" aria-label="${pages.filter}">
    ${field}
    <button>${pages.apply}</button>
  </form>`
}

/** Of use with a script alone, which shows them. */
function controls({ here, pages: { live } }: PageView): Html {
  return html`<p class="quiet">${live.about}</p>
    <noscript>
      <p>${live.noScript} <a href="${addressWith(here, {})}">${live.reload}</a></p>
    </noscript>
    <p class="live-controls" id="live-controls" hidden>
      <button type="button" aria-keyshortcuts="Space" data-pause="${live.pause}" data-resume="${live.resume}">
        ${live.pause}
      </button>
      <span class="quiet">${live.key}</span>
      <span
        role="status"
        data-connected="${live.connected}"
        data-reconnecting="${live.reconnecting}"
        data-paused="${live.paused}"
      ></span>
    </p>`
}

function list(lines: readonly Line[], end: FeedPosition, appKey: string | undefined, view: PageView): Html {
  const after = writeCursor([end.messageId, end.changeId])
  return html`<div role="log" aria-live="polite" aria-label="${view.pages.live.list}">
    <ul
      class="cards live"
      id="live"
      data-stream="${addressWith(STREAM_PATH, { appKey: appKey ?? null, after })}"
    >
      ${lines.map(({ line }) => line)}
    </ul>
  </div>`
}
