/** Folded away under a message: what came under its `msgUID` besides, and is kept aside. */
import { html, type Html } from '../html.ts'
import type { View } from '../view.ts'
import { fill, fillText } from '../words.ts'
import { renderContent } from './content.ts'
import type { ShownMessage } from './message.ts'

export function otherTexts(
  { otherTexts: others = [] }: ShownMessage,
  sender: string,
  view: View,
): Html | null {
  const { words, writeTime } = view
  if (others.length === 0) return null
  return html`<details class="versions">
    <summary>${fill(words.message.otherTexts, { count: others.length })}</summary>
    <ol>
      ${others.map(({ deliveryId, receivedAtMs, message: { objectName, content } }) => {
        const name = fillText(words.message.keptAside, { id: deliveryId, time: writeTime(receivedAtMs) })
        return html`<li>
          <p class="aside"><a href="/console/deliveries/${deliveryId}">${name}</a></p>
          ${renderContent({ id: null, objectName, content, sender }, view)}
        </li>`
      })}
    </ol>
  </details>`
}
