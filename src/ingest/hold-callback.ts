import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { bodyAppKeyOf } from '../rongcloud/events/index.ts'
import { authenticate, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import type { AddressKind, HeldCallback } from './held-callback.ts'
import { isEventKind } from './take-events.ts'

/** Takes a callback in hand, if it is RongCloud's. Rejects when its body cannot be had. */
export async function holdCallback(
  deps: AuthenticateDeps,
  kind: AddressKind,
  callback: ArrivedCallback,
): Promise<HeldCallback | { refused: Refusal }> {
  const appKeyIn = (body: Uint8Array) => (isEventKind(kind) ? bodyAppKeyOf(kind, body) : undefined)
  const authenticity = await authenticate(rulesAt(kind, deps), callback, appKeyIn)
  if ('refused' in authenticity) return authenticity
  const { path, query, remoteAddress, receivedAtMs } = callback
  const contentType = callback.header('content-type') ?? null
  const held = { ...authenticity, kind, query, contentType, remoteAddress, receivedAtMs }
  return kind === 'unknown-address' ? { ...held, path } : held
}

// The oldest callbacks are signed in seconds, whatever the others of the app are signed in.
function rulesAt(kind: AddressKind, deps: AuthenticateDeps): AuthenticateDeps {
  return kind === 'public-service' ? { ...deps, rules: { ...deps.rules, callbackTimeUnit: 'any' } } : deps
}
