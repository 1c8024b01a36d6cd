import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { bodyAppKeyOf } from '../rongcloud/events/index.ts'
import { authenticate, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import type { HeldCallback, ReceivedKind } from './held-callback.ts'

/** Takes a callback in hand, if it is RongCloud's. Rejects when its body cannot be had. */
export async function holdCallback(
  deps: AuthenticateDeps,
  kind: ReceivedKind,
  callback: ArrivedCallback,
): Promise<HeldCallback | { refused: Refusal }> {
  const appKeyIn = (body: Uint8Array) => (kind === 'messages' ? undefined : bodyAppKeyOf(kind, body))
  const authenticity = await authenticate(deps, callback, appKeyIn)
  if ('refused' in authenticity) return authenticity
  const { query, remoteAddress, receivedAtMs } = callback
  const contentType = callback.header('content-type') ?? null
  return { ...authenticity, kind, query, contentType, remoteAddress, receivedAtMs }
}
