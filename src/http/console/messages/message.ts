/** One message of a conversation: who, when, what, and what has become of it. */
import type { ArchivedMessage } from '../../../archive/messages.ts'
import type { MessageState } from '../../../domain/message-state.ts'
import { PORTRAIT_GROUNDS } from '../assets/colours.ts'
import { html, type Html } from '../html.ts'
import { isTime, type View } from '../view.ts'
import { fillText, typeName } from '../words.ts'
import { renderContent, shapeOf } from './content.ts'
import { marksOf } from './marks.ts'
import { earlierVersions, expansionOf, received } from './received.ts'
import { plain, shown } from './showable.ts'

/** As the archive gives it; who read it is told where it is known. */
export type ShownMessage = Omit<ArchivedMessage, 'state'> & {
  state: ArchivedMessage['state'] & Partial<Pick<MessageState, 'readBy'>>
}

export type Placing = {
  view: View
  /** On which side of the conversation its bubble stands. */
  side: 'left' | 'right'
  /** Name of the sender, where one is known. Their portrait lies elsewhere and is not loaded. */
  profile: { name: string | null } | null
  /** In a file, from where nothing of the console can be reached. */
  isSaved?: boolean
}

/** `#m<id>` on the page leads to it. */
export function renderMessage(item: ShownMessage, { view, side, profile, isSaved = false }: Placing): Html {
  const sender = profile?.name ?? item.fromUserId
  const { objectName, content, ...present } = presentOf(item)
  const id = isSaved ? null : present.id
  const shape = shapeOf(objectName)
  const isBubble = shape === 'bubble'
  return html`<article
    class="message ${shape} ${isBubble ? side : ''} ${isGone(item) ? 'gone' : ''}"
    id="m${item.id}"
    tabindex="-1"
    aria-label="${labelOf(item, sender, objectName, view)}"
  >
    ${isBubble ? portrait(sender, item.fromUserId) : null}
    <div class="body">
      <header>${isBubble ? who(sender, item) : null} ${when(item, view)}</header>
      <div class="content">${renderContent({ id, objectName, content, sender }, view)}</div>
      ${marksOf(item, view)}
      <footer>
        ${earlierVersions(item, sender, { view, isSaved })} ${expansionOf(item, view)}
        ${received(item, { view, isSaved })}
      </footer>
    </div>
  </article>`
}

// What belongs to an edit has no address of its own: those of the message lead to what was first received.
function presentOf(item: ShownMessage): { id: number | null; objectName: string; content: string } {
  const latest = item.state.versions.at(-1)
  return latest ? { ...latest, id: null } : item
}

/** Between two days of a conversation. */
export function renderDay(ms: number, { writeTime }: View): Html {
  const day = writeTime(ms).slice(0, 'YYYY-MM-DD'.length)
  return html`<h2 class="day"><time datetime="${day}">${day}</time></h2>`
}

// Nobody else sees it any more, or ever did; the archive does.
function isGone({ state, sensitiveType }: ShownMessage): boolean {
  return state.recalled !== null || sensitiveType === 1
}

function labelOf({ sentAtMs }: ShownMessage, sender: string, objectName: string, view: View): string {
  const { words, writeTime } = view
  const type = plain(typeName(words, objectName))
  return fillText(words.message.label, { sender: plain(sender), time: writeTime(sentAtMs), type })
}

function who(sender: string, { fromUserId }: ShownMessage): Html {
  return html`<span class="sender" title="${plain(fromUserId)}">${shown(sender)}</span>`
}

const HOURS_AT = 'YYYY-MM-DD '.length

function when({ id, sentAtMs }: ShownMessage, { words, writeTime }: View): Html {
  const full = writeTime(sentAtMs)
  const machine = isTime(sentAtMs) ? new Date(sentAtMs).toISOString() : ''
  const label = words.message.permalink
  return html`<a class="when" href="#m${id}" title="${label}: ${full}"
    ><time datetime="${machine}">${full.slice(HOURS_AT, HOURS_AT + 'HH:mm'.length) || full}</time></a
  >`
}

const graphemes = new Intl.Segmenter()

/** The sender's initial, always in the same colour. */
function portrait(sender: string, userId: string): Html {
  const [first] = graphemes.segment(plain(sender.trim()).slice(0, 32))
  const colour =
    Array.from(userId.slice(0, 64)).reduce((sum, each) => sum + (each.codePointAt(0) ?? 0), 0) %
    PORTRAIT_GROUNDS.length
  return html`<span class="portrait colour-${colour}" aria-hidden="true"
    >${(first?.segment ?? '?').toUpperCase()}</span
  >`
}
