/** What happened to a message, in the order in which the archive learned of it. */
import type { ArchivedChange } from '../../archive/changes.ts'
import type { MessageState } from '../../domain/message-state.ts'
import { html, type Html } from './html.ts'
import { cut, showable, shown } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { fill } from './words.ts'

// A group receipt may tell of thousands.
const MOST = 200
const LONGEST_DATA = 4000

export function timeline(changes: readonly ArchivedChange[], { readBy }: MessageState, view: PageView): Html {
  const words = view.pages.message
  const readers = readBy
    .slice(0, MOST)
    .map(({ userId, atMs }) => html`<li>${shown(userId)} ${view.writeTime(atMs)}</li>`)
  return html`<section aria-labelledby="history">
    <h2 id="history">${words.history}</h2>
    ${
      changes.length === 0
        ? html`<p>${words.unchanged}</p>`
        : html`<ol class="cards">
            ${changes.slice(0, MOST).map((change) => entry(change, view))}
          </ol>`
    }
    ${
      readers.length === 0
        ? null
        : html`<h3>${words.readBy}</h3>
            <ul>
              ${readers}
            </ul>`
    }
  </section>`
}

function entry(change: ArchivedChange, { pages, writeTime }: PageView): Html {
  const { kind, atMs, byUserId, upToMs, receivedAtMs, data } = change
  const words = pages.message
  return html`<li>
    <p class="head"><b>${pages.changes[kind]}</b> <span>${writeTime(atMs)}</span></p>
    ${byUserId === '' ? null : html`<p>${fill(words.by, { user: byUserId })}</p>`}
    ${upToMs === null ? null : html`<p>${fill(words.upTo, { time: writeTime(upToMs) })}</p>`}
    <p class="quiet">${fill(words.learned, { time: writeTime(receivedAtMs) })}</p>
    ${data === null ? null : html`<pre class="body" dir="auto">${showable(cut(data, LONGEST_DATA))}</pre>`}
  </li>`
}
