import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { bodyAppKeyOf } from '../rongcloud/events/index.ts'
import { authenticate, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import type { CallbackKind, HeldCallback } from './held-callback.ts'

/** Takes a callback in hand, if it is RongCloud's. */
export function holdCallback<Kind extends Exclude<CallbackKind, 'history-log'>>(
  deps: AuthenticateDeps,
  kind: Kind,
  callback: ArrivedCallback,
): (HeldCallback & { kind: Kind }) | { refused: Refusal } {
  const { query, body, remoteAddress, receivedAtMs } = callback
  const bodyAppKey = kind === 'messages' ? undefined : bodyAppKeyOf(kind, body)
  const authenticity = authenticate(deps, callback, bodyAppKey)
  if ('refused' in authenticity) return authenticity
  const contentType = callback.header('content-type') ?? null
  return { ...authenticity, kind, query, body, contentType, remoteAddress, receivedAtMs }
}
