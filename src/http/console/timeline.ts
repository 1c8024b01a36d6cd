/** What happened to a message, in the order in which the archive learned of it. */
import type { ArchivedChange, PresentState } from '../../archive/changes.ts'
import type { MessageState } from '../../domain/message-state.ts'
import { memberOf, parseJson, stringAt } from '../../rongcloud/message-types/readable-text.ts'
import type { OtherText } from '../../ingest/read-other-texts.ts'
import { html, type Html } from './html.ts'
import { renderContent } from './messages/content.ts'
import { originNote } from './messages/marks.ts'
import type { ShownMessage } from './messages/message.ts'
import { person } from './messages/parts.ts'
import { cut, showable } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { fill, fillText } from './words.ts'

// A group receipt may tell of thousands.
const MOST = 200
const LONGEST_DATA = 4000

type Happened = { changes: readonly ArchivedChange[]; state: MessageState & Pick<PresentState, 'leftOut'> }

export function timeline(message: ShownMessage, { changes, state }: Happened, view: PageView): Html {
  const words = view.pages.message
  // The text of a streamed message has them, and there may be thousands.
  const told = changes.filter(({ kind }) => kind !== 'packet')
  const count = state.packets.length + 1 + (state.leftOut.packet ?? 0)
  const more = Math.max(told.length - MOST, 0) + leftOutOf(state)
  const { otherTexts: others = [] } = message
  const readers = state.readBy
    .slice(0, MOST)
    .map(({ userId, atMs }) => html`<li>${person(userId, view)} ${view.writeTime(atMs)}</li>`)
  const versions = [message, ...state.versions]
  return html`<section aria-labelledby="history">
    <h2 id="history">${words.history}</h2>
    ${count === 1 ? null : html`<p>${fillText(words.packets, { count })}</p>`}
    ${
      changes.length === 0 && others.length === 0
        ? html`<p>${words.unchanged}</p>`
        : html`<ol class="cards">
            ${told.slice(0, MOST).map((change) => entry(change, versions, view))}
            ${others.map((other) => otherText(other, view))}
            ${more > 0 ? html`<li class="quiet">${fill(view.words.content.more, { count: more })}</li>` : null}
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

/** Of those that are told one by one. */
function leftOutOf({ leftOut }: Pick<PresentState, 'leftOut'>): number {
  return Object.entries(leftOut).reduce((sum, [kind, count]) => sum + (kind === 'packet' ? 0 : count), 0)
}

function otherText({ deliveryId, receivedAtMs }: OtherText, { pages, writeTime }: PageView): Html {
  return html`<li>
    <p class="head"><b>${pages.message.otherText}</b> <span>${writeTime(receivedAtMs)}</span></p>
    <p>
      <a href="/console/deliveries/${deliveryId}">${fillText(pages.deliveries.one, { id: deliveryId })}</a>
    </p>
  </li>`
}

/** The original is the first. */
type Version = Pick<MessageState['versions'][number], 'msgUID' | 'objectName' | 'content'>

function entry(change: ArchivedChange, versions: readonly Version[], view: PageView): Html {
  const { pages, writeTime } = view
  const { kind, atMs, byUserId, upToMs, receivedAtMs, data } = change
  const words = pages.message
  return html`<li>
    <p class="head">
      <b>${pages.changes[kind]}</b> ${originNote(change, view)} <span>${writeTime(atMs)}</span>
    </p>
    ${byUserId === '' ? null : html`<p>${fill(words.by, { user: person(byUserId, view) })}</p>`}
    ${upToMs === null ? null : html`<p>${fill(words.upTo, { time: writeTime(upToMs) })}</p>`}
    ${kind === 'edit' ? edit(change, versions, view) : null}
    <p class="quiet">${fill(words.learned, { time: writeTime(receivedAtMs) })}</p>
    ${data === null ? null : raw(data, view)}
  </li>`
}

function edit({ data, byUserId }: ArchivedChange, versions: readonly Version[], view: PageView): Html | null {
  const told = parseJson(data ?? '')
  const [uid, edited] = [stringAt(told, 'msgUID'), memberOf(told, 'content')]
  const at = versions.findIndex((each, place) => place > 0 && each.msgUID === uid && each.content === edited)
  const [before, after] = [versions[at - 1], versions[at]]
  if (!before || !after) return null
  const version = (name: string, { objectName, content }: Version) => {
    const shown = { id: null, objectName, content, sender: view.userName(byUserId) }
    return html`<dt>${name}</dt>
      <dd class="content">${renderContent(shown, view)}</dd>`
  }
  const words = view.pages.message
  return html`<dl class="facts">${version(words.before, before)} ${version(words.after, after)}</dl>`
}

function raw(data: string, { pages }: PageView): Html {
  return html`<details>
    <summary>${pages.message.raw}</summary>
    <pre class="body" dir="auto" tabindex="0">${showable(cut(data, LONGEST_DATA))}</pre>
  </details>`
}
