/** An edit is a message of its own, but its words stand where they belong: in the message that it changes. */
import { editedBy } from '../../../rongcloud/changes/of-message.ts'
import { html, type Html } from '../html.ts'
import type { View } from '../view.ts'
import { shapeOfType } from './content.ts'
import type { ShownMessage } from './message.ts'
import { sentence } from './parts.ts'

export function shapeOf(item: Pick<ShownMessage, 'objectName' | 'fields'>) {
  return editedBy(item) === null ? shapeOfType(item.objectName) : 'line'
}

/** Of an edit a line that tells of it, its content folded; of anything else the content as it is. */
export function asEdit(item: ShownMessage, content: Html, { words, userName }: View): Html {
  const message = editedBy(item)
  if (message === null) return content
  return html`<details class="edit">
    <summary>${sentence(words.signals.edit, { sender: userName(item.fromUserId), message })}</summary>
    ${content}
  </details>`
}
