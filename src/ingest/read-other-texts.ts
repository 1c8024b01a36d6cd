/** What callbacks kept aside say of the messages that they are another text of. */
import type { Delivery } from '../archive/deliveries.ts'
import type { Message } from '../domain/message.ts'
import type { Hashing } from '../domain/ports.ts'
import { readForm } from '../rongcloud/form.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import { heldCallbackOf } from './delivery.ts'
import { readLogLine } from './take-log-line.ts'

export type OtherText = { deliveryId: number; messageId: number | null; message: Message } & Pick<
  Delivery,
  'nonceReused' | 'receivedAtMs'
>

export function readOtherTexts(deliveries: readonly Delivery[], hashing: Hashing): OtherText[] {
  return deliveries.flatMap((delivery) => {
    const { id, otherTextOf, nonceReused, receivedAtMs } = delivery
    const message = messageIn(delivery, hashing)
    return message ? [{ deliveryId: id, messageId: otherTextOf, message, nonceReused, receivedAtMs }] : []
  })
}

function messageIn(delivery: Delivery, hashing: Hashing): Message | null {
  const { kind, body, appKey, receivedAtMs } = heldCallbackOf(delivery)
  const read =
    kind === 'history-log'
      ? readLogLine({
          text: new TextDecoder().decode(body),
          bytes: body,
          appKey,
          file: '',
          readAtMs: receivedAtMs,
        })
      : parseRoutedMessage(readForm(body), { appKey, receivedAtMs, hashing })
  return 'unreadable' in read ? null : read.message
}
