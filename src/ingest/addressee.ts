/** What a callback was meant for that came to an address which is none of ours. */
import { kindFitting, kindNamedBy } from '../rongcloud/events/index.ts'
import { readForm } from '../rongcloud/form.ts'
import { elementsOf, isList } from '../rongcloud/message-list.ts'
import { isOfMessage } from '../rongcloud/routed-message.ts'
import type { HeldCallback } from './held-callback.ts'

/** A message is told by its body; the kind of events by the path, or else by their members. */
export function readdressed(held: HeldCallback): HeldCallback {
  if (isOfMessage(readForm(firstOf(held.body)))) return { ...held, kind: 'messages' }
  return { ...held, kind: kindNamedBy(held.path ?? '') ?? kindFitting(held.body) ?? 'messages' }
}

function firstOf(body: Uint8Array): Uint8Array {
  const elements = isList(body) ? elementsOf(body) : []
  return 'unreadable' in elements ? body : (elements[0] ?? body)
}
