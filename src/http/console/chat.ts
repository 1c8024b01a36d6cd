/** A stretch of a conversation, with the ways on from it. */
import type { ArchivedConversation } from '../../archive/conversations.ts'
import type { ArchivedMessage, Place } from '../../archive/messages.ts'
import { writeCursor } from '../api/cursor.ts'
import { kindName, type Names } from './conversation-names.ts'
import { html, type Html } from './html.ts'
import { renderDay, renderMessage } from './messages/message.ts'
import { shown } from './messages/showable.ts'
import type { PageView } from './page-view.ts'
import { toShownMessage } from './shown-message.ts'
import type { Window } from './window.ts'
import { fillText } from './words.ts'

export type ChatPage = {
  conversation: ArchivedConversation
  window: Window
  names: Names
  /** Whose messages stand on the right; null = nobody's. */
  rightUserId: string | null
}

export function chat(page: ChatPage, view: PageView): Html {
  const { conversation, window } = page
  const { messages: words, app } = view.pages.conversations
  return html`<p class="quiet">
      ${kindName(conversation.channelType, view)} · ${fillText(words, { count: conversation.messageCount })} ·
      ${app} ${shown(conversation.appKey)}
    </p>
    ${dateForm(conversation.id, view)} ${ways(conversation.id, window, view)}
    <section class="chat" aria-label="${view.pages.conversation.messages}">
      ${window.messages.length === 0 ? html`<p>${view.pages.conversation.nothing}</p>` : entries(page, view)}
    </section>
    ${ways(conversation.id, window, view)}`
}

function entries({ window: { messages }, names, rightUserId }: ChatPage, view: PageView): Html[] {
  const dayOf = (message: ArchivedMessage) => view.writeTime(message.sentAtMs).slice(0, 'YYYY-MM-DD'.length)
  return messages.map((message, at) => {
    const before = messages[at - 1]
    const isNewDay = !before || dayOf(before) !== dayOf(message)
    const name = names.get(message.fromUserId)
    const side = message.fromUserId === rightUserId ? 'right' : 'left'
    const profile = name === undefined ? null : { name }
    return html`${isNewDay ? renderDay(message.sentAtMs, view) : null}
      ${renderMessage(toShownMessage(message), { view, side, profile })}
      <p class="history ${side}">
        <a href="/console/messages/${message.id}">${view.pages.conversation.history}</a>
      </p>`
  })
}

function ways(id: number, { older, newer }: Window, { pages: { conversation: words } }: PageView): Html {
  const path = `/console/conversations/${id}`
  const way = (name: 'before' | 'after', { sentAtMs, appKey, msgUID }: Place, text: string) =>
    html`<a href="${path}?${name}=${writeCursor([sentAtMs, appKey, msgUID])}">${text}</a>`
  return html`<nav class="pages" aria-label="${words.messages}">
    ${older && way('before', older, words.older)} ${newer && way('after', newer, words.newer)}
    ${newer && html`<a href="${path}">${words.newest}</a>`}
  </nav>`
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
