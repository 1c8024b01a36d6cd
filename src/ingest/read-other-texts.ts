/** What callbacks kept aside say of the messages that they are another text of. */
import type { Delivery } from '../archive/deliveries.ts'
import type { Message } from '../domain/message.ts'
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

export function readOtherTexts(deps: ReadDeps, deliveries: readonly Delivery[]): OtherText[] {
  return deliveries.flatMap((delivery) => {
    const { id, otherTextOf, nonceReused, receivedAtMs } = delivery
    const message = messageIn(deps, delivery)
    return message ? [{ deliveryId: id, messageId: otherTextOf, message, nonceReused, receivedAtMs }] : []
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
