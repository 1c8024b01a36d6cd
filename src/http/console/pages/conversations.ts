/** The first page: conversations, newest last message first. */
import { z } from 'zod'
import { listConversations, type ArchivedConversation } from '../../../archive/conversations.ts'
import { CHANNEL_TYPES } from '../../../domain/channel-type.ts'
import { cursorOf, toAnswer } from '../../api/cursor.ts'
import { endpoint } from '../../endpoint.ts'
import { findLastTexts, type LastText } from '../../last-texts.ts'
import { optional, text } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { findNamesByApp, kindName, nameOf, usersOf, type Names } from '../conversation-names.ts'
import { appField, filterFields, selectField, textField } from '../fields.ts'
import { html, type Html } from '../html.ts'
import { originNote } from '../messages/marks.ts'
import { plain, shown } from '../messages/showable.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { pageLinks } from '../page-links.ts'
import { pageViewOf, type PageView } from '../page-view.ts'
import { saidIn } from '../said.ts'
import { fillText } from '../words.ts'

const PAGE_SIZE = 50

const Filters = z.object({
  appKey: optional(text),
  channelType: optional(text),
  userId: optional(text),
  targetId: optional(text),
  cursor: cursorOf(z.tuple([z.int(), z.int()])),
})
type Filters = z.output<typeof Filters>

export function conversationsEndpoint({ store, settings, note }: ConsoleDeps) {
  return endpoint({
    method: 'GET',
    path: '/console',
    tag: 'console',
    summary: 'Conversations, newest last message first',
    access: 'operator',
    errorShape: 'page',
    query: Filters,
    answer: { description: 'The page.', contentType: 'text/html' },
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'conversations', detail: askedFor(c) })
      const [lastSentAtMs, id] = query.cursor ?? []
      const after = lastSentAtMs === undefined || id === undefined ? null : { lastSentAtMs, id }
      const found = await listConversations(store, query, { after, limit: PAGE_SIZE })
      const { items, next } = toAnswer(found, { positionOf, toItem: (item) => item })
      const namesIn = await findNamesByApp(store, items.map(partiesOf))
      const view = pageViewOf(c, settings.timeZone)
      const apps = settings.apps.map(({ appKey }) => appKey)
      const list = listOf(items, { namesIn, lastText: await findLastTexts(store, items) }, view)
      const main = [filterForm(query, apps, view), list, pageLinks(next, view)]
      return answerPage(c, { title: view.pages.conversations.title, section: 'conversations', main }, view)
    },
  })
}

function partiesOf(conversation: ArchivedConversation) {
  return {
    appKey: conversation.appKey,
    userIds: [...usersOf(conversation), conversation.lastFromUserId],
  }
}

function positionOf({ lastSentAtMs, id }: ArchivedConversation) {
  return [lastSentAtMs, id]
}

function filterForm(query: Filters, apps: readonly string[], view: PageView): Html {
  const { pages } = view
  const words = pages.conversations
  const { appKey, channelType, userId, targetId } = query
  const inUse = [appKey, channelType, userId, targetId].filter((each) => each !== undefined).length
  const kinds = CHANNEL_TYPES.map((kind) => [kind, kindName(kind, view)] as const)
  const fields = [
    appField(apps, appKey, view),
    selectField('channelType', words.kind, kinds, channelType, pages.any),
    textField('userId', words.user, userId),
    textField('targetId', words.target, targetId),
    html`<button>${pages.apply}</button>`,
  ]
  return html`<form action="/console" role="search" aria-label="${pages.filter}">
    ${filterFields(fields, { inUse }, view)}
  </form>`
}

type Known = { namesIn: Map<string, Names>; lastText: LastText }

function listOf(items: readonly ArchivedConversation[], known: Known, view: PageView): Html {
  if (items.length === 0) return html`<p>${view.pages.nothing}</p>`
  return html`<ul class="cards">
    ${items.map((item) => itemOf(item, known, view))}
  </ul>`
}

function itemOf(item: ArchivedConversation, { namesIn, lastText }: Known, view: PageView): Html {
  const { messages } = view.pages.conversations
  const names: Names = namesIn.get(item.appKey) ?? new Map()
  return html`<li>
    <p class="head">
      <a href="/console/conversations/${item.id}"><bdi>${nameOf(item, names, view)}</bdi></a>
      <span class="quiet">${view.writeTime(item.lastSentAtMs)}</span>
    </p>
    <p class="last" dir="auto">
      ${originNote({ origin: item.lastOrigin }, view)}
      ${shown(names.get(item.lastFromUserId) ?? item.lastFromUserId)}:
      ${saidIn(item.lastObjectName, item.lastContent, view, lastText(item))}
    </p>
    <p class="quiet">
      ${kindName(item.channelType, view)} · ${fillText(messages, { count: item.messageCount })}
      ${parties(item, view)} ${item.name === null ? null : html`· ${shown(item.targetId)}`} ·
      ${shown(item.appKey)}
    </p>
  </li>`
}

function parties({ memberId, sellerId }: ArchivedConversation, { pages }: PageView): Html | null {
  if (memberId === null || sellerId === null) return null
  const { member, seller } = pages.conversations
  return html`· ${fillText(member, { id: memberId })}, ${fillText(seller, { id: plain(sellerId) })}`
}
