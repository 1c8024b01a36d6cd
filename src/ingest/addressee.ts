/** What a callback was meant for that came to an address which is none of ours. */
import { kindFitting, kindNamedBy } from '../rongcloud/events/index.ts'
import { readForm } from '../rongcloud/form.ts'
import { firstOf } from '../rongcloud/message-list.ts'
import { isOfMessage } from '../rongcloud/routed-message.ts'
import type { HeldCallback } from './held-callback.ts'

/** A message is told by its body; the kind of events by the path, or else by their members. */
export function readdressed(held: HeldCallback): HeldCallback {
  if (isOfMessage(readForm(firstOf(held.body)))) return { ...held, kind: 'messages' }
  return { ...held, kind: kindNamedBy(held.path ?? '') ?? kindFitting(held.body) ?? 'messages' }
}
