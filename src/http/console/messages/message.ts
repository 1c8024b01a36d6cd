/** One message of a conversation: who, when, what, and what has become of it. */
import type { ArchivedMessage } from '../../../archive/messages.ts'
import type { MessageState } from '../../../domain/message-state.ts'
import type { OtherText } from '../../../ingest/read-other-texts.ts'
import { PORTRAIT_GROUNDS } from '../assets/colours.ts'
import { isFromRongCloud } from '../../../domain/message.ts'
import { html, type Html } from '../html.ts'
import { isTime, type View } from '../view.ts'
import { fillText } from '../words.ts'
import { renderContent } from './content.ts'
import { asEdit, shapeOf } from './edits.ts'
import { streamedContent } from './written.ts'
import { marksOf } from './marks.ts'
import { otherTexts } from './other-texts.ts'
import { earlierVersions, expansionOf, received } from './received.ts'
import { plain, shown } from './showable.ts'
import { typeNameIn } from './wrapped.ts'

/** As the archive gives it; who read it is told where it is known. */
export type ShownMessage = Omit<ArchivedMessage, 'state'> & {
  state: ArchivedMessage['state'] & Partial<Pick<MessageState, 'readBy'>>
  /** That came under its `msgUID` and are kept aside. */
  otherTexts?: readonly OtherText[]
}

export type Placing = {
  view: View
  /** On which side of the conversation its bubble stands. */
  side: 'left' | 'right'
  /** It is the one that was asked for. */
  isTarget?: boolean
  /** On its own page, to which it need not lead. */
  isAlone?: boolean
  /** In a file, from where nothing of the console can be reached. */
  isSaved?: boolean
}

/** Where it stands among the others, to be passed on. */
export function messageAddress({ conversationId, id }: Pick<ShownMessage, 'conversationId' | 'id'>): string {
  return `/console/conversations/${conversationId}?message=${id}#message-${id}`
}

export function renderMessage(item: ShownMessage, placing: Placing): Html {
  const { view, side, isSaved = false } = placing
  const sender = view.userName(item.fromUserId)
  const { objectName, content, ...present } = presentOf(item)
  const id = isSaved ? null : present.id
  const shape = shapeOf({ ...item, objectName })
  const isBubble = shape === 'bubble'
  // RongCloud's own notices speak for themselves; behind any other stands whoever wrote it.
  const isSigned = isBubble || !isFromRongCloud(item.origin)
  const said = renderContent({ id, objectName, content, sender }, view)
  return html`<article
    class="message ${shape} ${isBubble ? side : ''} ${isGone(item) ? 'gone' : ''}"
    id="message-${item.id}"
    tabindex="-1"
    ${placing.isTarget ? html`aria-current="true"` : null}
    aria-label="${labelOf(item, sender, typeNameIn({ objectName, content }, view.words), view)}"
  >
    ${isBubble ? portrait(sender, item.fromUserId) : null}
    <div class="body">
      <header>${isSigned ? who(sender, item) : null} ${when(item, view, isSaved)}</header>
      <div class="content">${asEdit(item, said, view)}</div>
      ${marksOf(item, view)}
      <footer>
        ${earlierVersions(item, sender, { view, isSaved })} ${otherTexts(item, sender, view)}
        ${expansionOf(item, view)} ${received(item, { view, isSaved })}
        ${placing.isAlone || isSaved ? null : historyLink(item, view)}
      </footer>
    </div>
  </article>`
}

// What belongs to an edit has no address of its own: those of the message lead to what was first received.
function presentOf(item: ShownMessage): { id: number | null; objectName: string; content: string } {
  const latest = item.state.versions.at(-1)
  return latest ? { ...latest, id: null } : { ...item, content: streamedContent(item) ?? item.content }
}

/**
 * Where a day begins.
 * @param isContinued the message before, of another part, is of the same day
 */
export function renderDay(ms: number, { writeTime }: View, isContinued: boolean): Html {
  const day = writeTime(ms).slice(0, 'YYYY-MM-DD'.length)
  return html`<h2 class="day${isContinued ? ' continued' : ''}"><time datetime="${day}">${day}</time></h2>`
}

function historyLink({ id }: ShownMessage, { words }: View): Html {
  return html`<a class="history" href="/console/messages/${id}">${words.message.history}</a>`
}

// Nobody else sees it any more, or ever did; the archive does.
function isGone({ state, sensitiveType }: ShownMessage): boolean {
  return state.recalled !== null || sensitiveType === 1
}

function labelOf({ sentAtMs }: ShownMessage, sender: string, typeName: string, view: View): string {
  const { words, writeTime } = view
  const type = plain(typeName)
  return fillText(words.message.label, { sender: plain(sender), time: writeTime(sentAtMs), type })
}

function who(sender: string, { fromUserId }: ShownMessage): Html {
  return html`<span class="sender" title="${plain(fromUserId)}">${shown(sender)}</span>`
}

const WRITTEN = /^(\S+ )(\d\d:\d\d)(:\d\d)$/

/** Hours and minutes; the rest is seen where the mouse or the keyboard is, and heard everywhere. */
function when(item: ShownMessage, { words, writeTime, timeZone }: View, isSaved: boolean): Html {
  const written = writeTime(item.sentAtMs)
  const machine = isTime(item.sentAtMs) ? new Date(item.sentAtMs).toISOString() : ''
  const [, day = '', time = written, seconds = ''] = WRITTEN.exec(written) ?? []
  const title = `${words.message.permalink}: ${written} ${timeZone}`
  const address = isSaved ? `#message-${item.id}` : messageAddress(item)
  return html`<a class="when" href="${address}" title="${title}"
    ><time datetime="${machine}"
      ><span class="exact">${day}</span>${time}<span class="exact">${seconds} ${timeZone}</span></time
    ></a
  >`
}

const graphemes = new Intl.Segmenter()

/** The sender's initial, always in the same colour; their portrait lies elsewhere and is not loaded. */
function portrait(sender: string, userId: string): Html {
  const [first] = graphemes.segment(plain(sender.trim()).slice(0, 32))
  const colour =
    Array.from(userId.slice(0, 64)).reduce((sum, each) => sum + (each.codePointAt(0) ?? 0), 0) %
    PORTRAIT_GROUNDS.length
  return html`<span class="portrait colour-${colour}" aria-hidden="true"
    >${(first?.segment ?? '?').toUpperCase()}</span
  >`
}
