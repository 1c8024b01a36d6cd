/** Whether a callback is RongCloud's: address, signature, age and nonce, before its body is understood. */
import type { Hashing } from '../domain/ports.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { verifySignature, type App, type Refusal as SignatureRefusal } from '../rongcloud/signature.ts'
import type { IsReused } from './nonce-memory.ts'

export type Refusal = SignatureRefusal | 'address_not_allowed' | 'too_old' | 'nonce_reused'

export type CallbackRules = {
  apps: readonly App[]
  /** Seconds the signed time may be away from now, either way; 0 = any. */
  callbackMaxAgeSeconds: number
  callbackNonceReuse: 'flag' | 'refuse'
  isCallbackAddressAllowed: (address: string | null) => boolean
}

export type Authentic = { appKey: string; nonceReused: boolean }
export type Authenticity = Authentic | { refused: Refusal }

export type AuthenticateDeps = { rules: CallbackRules; hashing: Hashing; isNonceReused: IsReused }

/** @param bodyAppKey see {@link verifySignature} */
export function authenticate(
  deps: AuthenticateDeps,
  callback: ArrivedCallback,
  bodyAppKey?: string,
): Authenticity {
  const { rules, hashing } = deps
  if (!rules.isCallbackAddressAllowed(callback.remoteAddress)) return { refused: 'address_not_allowed' }
  const verdict = verifySignature(rules.apps, hashing, callback, bodyAppKey)
  if ('refused' in verdict) return verdict
  if (isTooOld(rules, verdict.signedAtMs, callback.receivedAtMs)) return { refused: 'too_old' }
  const nonceReused = deps.isNonceReused(verdict.signature, hashing.sha256(callback.body))
  if (nonceReused && rules.callbackNonceReuse === 'refuse') return { refused: 'nonce_reused' }
  return { appKey: verdict.appKey, nonceReused }
}

function isTooOld(
  { callbackMaxAgeSeconds }: CallbackRules,
  signedAtMs: number,
  receivedAtMs: number,
): boolean {
  // Written so that a signed time that is no number (NaN) is too old.
  return callbackMaxAgeSeconds > 0 && !(Math.abs(receivedAtMs - signedAtMs) <= callbackMaxAgeSeconds * 1000)
}
