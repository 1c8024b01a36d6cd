/** What a search has found: each message with the words that match, and the ways to it. */
import type { GroupNameOf } from '../../archive/group-names.ts'
import type { FieldError } from '../../domain/errors.ts'
import type { Snippet } from '../../domain/snippet.ts'
import { writeCursor } from '../api/cursor.ts'
import type { Found, FoundPage } from '../search/find.ts'
import { kindName, type Names } from './conversation-names.ts'
import { html, type Html } from './html.ts'
import { marksOf } from './messages/marks.ts'
import { messageAddress } from './messages/message.ts'
import { showable, shown } from './messages/showable.ts'
import { typeNameIn } from './messages/wrapped.ts'
import { addressWith, pageLinks } from './page-links.ts'
import type { PageView } from './page-view.ts'
import { wrongElsewhere, wrongUpdates } from './search-form.ts'
import { toShownMessage } from './shown-message.ts'
import { withNames } from './view.ts'
import { fill, fillText } from './words.ts'

/** Of results on a page. */
export const PAGE_SIZE = 20

type Known = { namesIn: ReadonlyMap<string, Names>; groupNameOf: GroupNameOf }

export type Answered = {
  wrong: readonly FieldError[]
  /** Null when nothing was looked for. `behind`: how many messages the index has still to take, about. */
  results: (FoundPage & Known & { behind: number }) | null
  /** What the conversation is called to which the search keeps; null when it does not. */
  within: string | null
}

export function foundSection(answered: Answered, view: PageView): Html {
  return html`<div class="tally">
      <p id="tally" role="status">${tallyOf(answered, view)}</p>
      <p id="working" aria-hidden="true">${view.pages.search.working}</p>
    </div>
    <div id="found">${found(answered, view)}</div>`
}

/** The same for a page that is there: its live region has to stay, or nothing is read out. */
export function foundPart(answered: Answered, view: PageView): Html {
  return html`<p id="tally" hx-swap-oob="innerHTML">${tallyOf(answered, view)}</p>
    ${wrongUpdates(answered.wrong, view)} ${found(answered, view)}`
}

function tallyOf({ wrong, results }: Answered, { pages: { search: words } }: PageView): string {
  if (wrong.length > 0) return words.wrongSomewhere
  if (results === null) return words.nothingAsked
  const { items, next } = results
  if (items.length === 0) return next === null ? words.none : words.noneYet
  return fillText(next === null ? words.all : words.some, { count: items.length })
}

function found({ wrong, results, within }: Answered, view: PageView): Html {
  return html`<div>${wrongElsewhere(wrong)} ${within === null ? null : withinOf(within, view)}</div>
    ${results && listOf(results, view)} ${results && wayOn(results, view)}`
}

function withinOf(title: string, { pages: { search: words }, here }: PageView): Html {
  const everywhere = addressWith(here, { conversationId: null, cursor: null })
  return html`<p class="within">
    ${fill(words.within, { name: title })} <a href="${everywhere}">${words.everywhere}</a>
  </p>`
}

function listOf({ items, ...known }: NonNullable<Answered['results']>, view: PageView): Html | null {
  if (items.length === 0) return null
  return html`<ol class="cards">
    ${items.map((item) => itemOf(item, known, view))}
  </ol>`
}

function itemOf({ message, snippet }: Found, { namesIn, groupNameOf }: Known, view: PageView): Html {
  const { id, appKey, fromUserId, targetId, channelType, sentAtMs } = message
  const { said } = view.pages.search
  const names: Names = namesIn.get(appKey) ?? new Map()
  const known = groupNameOf(message) ?? names.get(targetId) ?? targetId
  const to = targetId === '' ? view.pages.conversation.nobody : known
  const parties = { from: names.get(fromUserId) ?? fromUserId, to }
  return html`<li>
    <p class="head">
      <a href="${messageAddress(message)}">${fill(said, parties)}</a>
      <span class="quiet">${view.writeTime(sentAtMs)}</span>
    </p>
    <p class="snippet" dir="auto">${markedText(snippet)}</p>
    ${marksOf(toShownMessage(message), withNames(view, names))}
    <p class="quiet">
      ${kindName(channelType, view)} · ${shown(typeNameIn(message, view.words))} · ${shown(appKey)} ·
      <a href="/console/messages/${id}">${view.words.message.received}</a>
    </p>
  </li>`
}

function markedText({ text, marks }: Snippet): Html[] {
  const starts = [0, ...marks.map(({ start, length }) => start + length)]
  return starts.map((start, at) => {
    const mark = marks[at]
    const before = showable(text.slice(start, mark?.start))
    return mark
      ? html`${before}<mark>${showable(text.slice(mark.start, mark.start + mark.length))}</mark>`
      : html`${before}`
  })
}

function wayOn({ items, next, behind }: NonNullable<Answered['results']>, view: PageView): Html {
  const { searchedBack, goOn, more, behind: behindWords } = view.pages.search
  const [searchedBackTo] = next?.length === 3 ? next : []
  const isShort = items.length < PAGE_SIZE && searchedBackTo !== undefined
  const told = fillText(searchedBack, { time: view.writeTime(Number(searchedBackTo)) })
  return html`${isShort ? html`<p>${told}</p>` : null}
  ${pageLinks(next && writeCursor(next), view, isShort ? goOn : more)}
  ${behind > 0 ? html`<p class="quiet">${fillText(behindWords, { count: behind })}</p>` : null}`
}
