/** An edit or a packet is a message of its own, but its words stand where they belong: in the message that it changes. */
import { continuedBy, editedBy } from '../../../rongcloud/changes/index.ts'
import { html, type Html } from '../html.ts'
import type { View } from '../view.ts'
import { shapeOfType } from './content.ts'
import type { ShownMessage } from './message.ts'
import { sentence } from './parts.ts'

type Naming = Pick<ShownMessage, 'objectName' | 'msgUID' | 'content' | 'fields'>

export function shapeOf(item: Naming) {
  return changedBy(item) === null ? shapeOfType(item.objectName) : 'line'
}

/** Of such a message a line that tells of it, its content folded; of anything else the content as it is. */
export function asEdit(item: ShownMessage, content: Html, { words, userName }: View): Html {
  const changed = changedBy(item)
  if (changed === null) return content
  const told = sentence(words.signals[changed.by], {
    sender: userName(item.fromUserId),
    message: changed.message,
  })
  return html`<details class="edit">
    <summary>${told}</summary>
    ${content}
  </details>`
}

function changedBy(item: Naming): { by: 'edit' | 'packet'; message: string } | null {
  const continued = continuedBy(item)
  if (continued !== null) return { by: 'packet', message: continued }
  const edited = editedBy(item)
  return edited === null ? null : { by: 'edit', message: edited }
}
