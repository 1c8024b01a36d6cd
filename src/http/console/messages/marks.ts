/** What has become of a message, as small marks beside it. */
import { isUndelivered } from '../../../domain/log-flags.ts'
import { isFromRongCloud, type Origin } from '../../../domain/message.ts'
import { html, type Html, type Piece } from '../html.ts'
import type { View } from '../view.ts'
import { fill } from '../words.ts'
import type { ShownMessage } from './message.ts'
import { people, person } from './parts.ts'

const BLOCKED = 1
const REPLACED = 2

export function marksOf(item: ShownMessage, view: View): Html | null {
  const { words } = view
  const { message } = words
  const origin = originMark(item, view)
  const marks = [
    origin === null ? null : mark('note', origin),
    recalled(item.state.recalled, view),
    edited(item.state, view),
    otherText(item, view),
    deleted(item.state, view),
    item.sensitiveType === BLOCKED || isUndelivered(item.logFlags) ? mark('warning', message.blocked) : null,
    item.sensitiveType === REPLACED ? mark('note', message.replaced) : null,
    item.state.verdict?.passed === false ? mark('warning', message.rejected) : null,
    item.problem === null ? null : mark('warning', fill(message.problem, { problem: item.problem })),
    item.nonceReused ? mark('warning', message.nonceReused) : null,
    receipts(item.state, view),
  ].filter((each) => each !== null)
  return marks.length > 0
    ? html`<ul class="marks">
        ${marks}
      </ul>`
    : null
}

type Brought = { origin: Origin }

/** The mark of a line in a list, or of a change, that RongCloud did not deliver; null for every other. */
export function originNote(brought: Brought, view: Pick<View, 'words'>): Html | null {
  const origin = originMark(brought, view)
  return origin === null ? null : html`<span class="mark note">${origin}</span>`
}

/** How a message or change came that RongCloud did not deliver; null for every other. */
function originMark({ origin }: Brought, { words }: Pick<View, 'words'>): string | null {
  if (isFromRongCloud(origin)) return null
  return origin === 'import' ? words.message.imported : words.message.writtenOverRest
}

function mark(kind: 'warning' | 'note', text: Piece): Html {
  return html`<li class="mark ${kind}">${text}</li>`
}

type State = ShownMessage['state']

function recalled(recall: State['recalled'], view: View): Html | null {
  if (recall === null) return null
  const { words, writeTime } = view
  const { recalled: byUser, recalledByAdmin, recalledAndDeleted } = words.message
  const told = fill(recall.isAdmin ? recalledByAdmin : byUser, {
    user: person(recall.byUserId, view),
    time: writeTime(recall.atMs),
  })
  return mark('warning', [told, recall.isDelete ? ` ${recalledAndDeleted}` : ''])
}

function edited({ versions }: State, view: View): Html | null {
  const { words, writeTime } = view
  const latest = versions.at(-1)
  if (!latest) return null
  const by = { user: person(latest.byUserId, view), time: writeTime(latest.atMs) }
  return mark('note', fill(words.message.edited, by))
}

/** With the way to the newest of them. */
function otherText({ otherTexts: [newest] = [] }: ShownMessage, { words }: View): Html | null {
  if (!newest) return null
  const address = `/console/deliveries/${newest.deliveryId}`
  return mark('warning', html`<a href="${address}">${words.message.otherText}</a>`)
}

function deleted({ deletedFor }: State, view: View): Html | null {
  if (deletedFor.length === 0) return null
  return mark('note', fill(view.words.message.deletedFor, { users: people(deletedFor, view) }))
}

function receipts({ readBy = [], receiptRequested }: State, { words }: View): Html | null {
  if (readBy.length > 0) return mark('note', fill(words.message.readBy, { count: readBy.length }))
  return receiptRequested ? mark('note', words.message.receiptRequested) : null
}
