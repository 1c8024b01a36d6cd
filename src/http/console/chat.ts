/** A conversation as a chat: parts that stand by themselves, so that a browser can add them at either end and drop them. */
import type { ArchivedConversation } from '../../archive/conversations.ts'
import type { Place } from '../../archive/messages.ts'
import type { OtherText } from '../../ingest/read-other-texts.ts'
import { writeCursor } from '../api/cursor.ts'
import { keysDialog } from './keys-dialog.ts'
import { kindName } from './conversation-names.ts'
import { html, type Html } from './html.ts'
import { renderDay, renderMessage } from './messages/message.ts'
import { shown } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { toShownMessage } from './shown-message.ts'
import type { Asked, Window } from './window.ts'
import { fillText } from './words.ts'

export type ChatPage = {
  conversation: ArchivedConversation
  asked: Asked
  window: Window
  /** Whose messages stand on the right; null = nobody's. */
  rightUserId: string | null
  /** Of the messages in the window. */
  otherTexts: readonly OtherText[]
}

export function chat(page: ChatPage, view: PageView): Html {
  const { id, channelType, name, targetId, messageCount, appKey } = page.conversation
  const { conversations, conversation: words } = view.pages
  return html`<p class="quiet">
      ${kindName(channelType, view)} ${name === null ? null : html`· ${shown(targetId)}`} ·
      ${fillText(conversations.messages, { count: messageCount })} · ${conversations.app} ${shown(appKey)}
    </p>
    <div class="chat-bar">
      ${dateForm(id, view)}
      <a href="/console/conversations/${id}">${words.newest}</a>
      <a class="search-here" href="/console/search?conversationId=${id}">${words.search}</a>
      <button type="button" class="keys-button" aria-haspopup="dialog" hidden>
        ${view.pages.keys.title}
      </button>
    </div>
    <section
      class="chat"
      role="log"
      aria-live="off"
      aria-label="${words.messages}"
      data-opened="${page.asked.from}"
    >
      ${chatPart(page, view)}
    </section>
    <script src="/console/assets/chat.js"></script>
    ${keysDialog(view)}`
}

/** What a browser puts before or after the parts that it has. Both its ways on are hidden wherever another part follows. */
export function chatPart(page: ChatPage, view: PageView): Html {
  const { window, conversation } = page
  const { older, newer } = view.pages.conversation
  return html`<div class="part">
    ${window.older && way(conversation.id, { name: 'before', place: window.older, text: older })}
    ${window.messages.length === 0 ? html`<p>${view.pages.conversation.nothing}</p>` : entries(page, view)}
    ${window.newer && way(conversation.id, { name: 'after', place: window.newer, text: newer })}
  </div>`
}

function entries({ window, rightUserId, asked, otherTexts }: ChatPage, view: PageView): Html[] {
  const dayOf = (ms: number) => view.writeTime(ms).slice(0, 'YYYY-MM-DD'.length)
  return window.messages.map((message, at) => {
    const beforeMs = window.messages[at - 1]?.sentAtMs ?? window.precedingMs
    const isSameDay = beforeMs !== null && dayOf(beforeMs) === dayOf(message.sentAtMs)
    const side = message.fromUserId === rightUserId ? 'right' : 'left'
    const isTarget = asked.from === 'message' && asked.id === message.id
    return html`${at > 0 && isSameDay ? null : renderDay(message.sentAtMs, view, isSameDay)}
    ${renderMessage(toShownMessage(message, { otherTexts }), { view, side, isTarget })}`
  })
}

type Way = { name: 'before' | 'after'; place: Place; text: string }

/** A link; with a script, what it leads to comes before one has reached it, or it stays a link where that fails. */
function way(id: number, { name, place: { sentAtMs, appKey, msgUID }, text }: Way): Html {
  const address = `/console/conversations/${id}?${name}=${writeCursor([sentAtMs, appKey, msgUID])}`
  return html`<a
    class="way ${name}"
    href="${address}"
    hx-get="${address}"
    hx-trigger="intersect rootMargin:600px"
    hx-target="closest .part"
    hx-swap="${name === 'before' ? 'beforebegin' : 'afterend'}"
    hx-sync="drop"
    hx-status:4xx="swap:none"
    hx-status:5xx="swap:none"
    >${text}</a
  >`
}

function dateForm(id: number, { pages: { conversation: words } }: PageView): Html {
  return html`<form class="filters" action="/console/conversations/${id}">
    <div class="field">
      <label for="date">${words.date}</label>
      <input id="date" name="date" type="date" required />
    </div>
    <button>${words.go}</button>
  </form>`
}
