/** What callbacks kept aside say of the messages that they are another text of. */
import type { Delivery } from '../archive/deliveries.ts'
import type { MessageState } from '../domain/message-state.ts'
import type { Message } from '../domain/message.ts'
import { isSameJson } from '../domain/same-json.ts'
import { readForm } from '../rongcloud/form.ts'
import { firstOf } from '../rongcloud/message-list.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import { heldCallbackOf } from './delivery.ts'
import type { StoreDeps } from './store-callback.ts'
import { readLogLine } from './take-log-line.ts'

export type OtherText = { deliveryId: number; messageId: number | null; message: Message } & Pick<
  Delivery,
  'nonceReused' | 'receivedAtMs'
>

type ReadDeps = Pick<StoreDeps, 'hashing' | 'logZone'>

type OfMessage = { id: number; state: Pick<MessageState, 'versions'> }

/**
 * @param messages those that the deliveries are other texts of. A text that became a version meanwhile, as RongCloud's
 *   message history may tell it too, is no other text any more.
 */
export function readOtherTexts(
  deps: ReadDeps,
  deliveries: readonly Delivery[],
  messages: readonly OfMessage[],
): OtherText[] {
  const versionsOf = new Map(messages.map(({ id, state }) => [id, state.versions]))
  return deliveries.flatMap((delivery) => {
    const { id, otherTextOf, nonceReused, receivedAtMs } = delivery
    const message = messageIn(deps, delivery)
    const versions = versionsOf.get(otherTextOf ?? 0) ?? []
    if (!message || versions.some(({ content }) => isSameJson(content, message.content))) return []
    return [{ deliveryId: id, messageId: otherTextOf, message, nonceReused, receivedAtMs }]
  })
}

function messageIn(deps: ReadDeps, delivery: Delivery): Message | null {
  const { kind, body, appKey, receivedAtMs } = heldCallbackOf(delivery)
  const read =
    kind === 'history-log'
      ? readLogLine(deps, {
          text: new TextDecoder().decode(body),
          bytes: body,
          appKey,
          file: '',
          readAtMs: receivedAtMs,
        })
      : // A list that came to an unknown address is kept as it is; one of several messages is no other text.
        parseRoutedMessage(readForm(firstOf(body)), { appKey, receivedAtMs, hashing: deps.hashing })
  return 'unreadable' in read ? null : read.message
}
