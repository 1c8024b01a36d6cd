/** Whether a callback is RongCloud's: address, signature and age before its body is read, app and nonce after. */
import type { Hashing, Unpacking } from '../domain/ports.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { verifySignature, type App, type Refusal as SignatureRefusal } from '../rongcloud/signature.ts'
import type { IsReused } from './nonce-memory.ts'
import { unpackBody, type UnpackedBody } from './unpack-body.ts'

export type Refusal = SignatureRefusal | 'address_not_allowed' | 'too_old' | 'nonce_reused'

export type CallbackRules = {
  apps: readonly App[]
  /** Seconds the signed time may be away from now, either way; 0 = any. */
  callbackMaxAgeSeconds: number
  callbackNonceReuse: 'flag' | 'refuse'
  isCallbackAddressAllowed: (address: string | null) => boolean
}

export type Authentic = { appKey: string; nonceReused: boolean } & UnpackedBody
export type Authenticity = Authentic | { refused: Refusal }

export type AuthenticateDeps = {
  rules: CallbackRules
  hashing: Hashing
  unpacking: Unpacking
  isNonceReused: IsReused
}

/**
 * Only the body of what is signed is read. Rejects when it cannot be had.
 * @param appKeyIn app key of a body, see {@link verifySignature}
 */
export async function authenticate(
  deps: AuthenticateDeps,
  callback: ArrivedCallback,
  appKeyIn: (body: Uint8Array) => string | undefined,
): Promise<Authenticity> {
  const { rules, hashing } = deps
  if (!rules.isCallbackAddressAllowed(callback.remoteAddress)) return { refused: 'address_not_allowed' }
  const signed = verifySignature(rules.apps, hashing, callback)
  if ('refused' in signed) return signed
  if (isTooOld(rules, signed.signedAtMs, callback.receivedAtMs)) return { refused: 'too_old' }
  const unpacked = unpackBody(deps.unpacking, await callback.readBody(), callback.header('content-encoding'))
  const { body } = unpacked
  const bodyAppKey = appKeyIn(body)
  const verdict =
    bodyAppKey === undefined ? signed : verifySignature(rules.apps, hashing, callback, bodyAppKey)
  if ('refused' in verdict) return verdict
  const nonceReused = deps.isNonceReused(verdict.signature, hashing.sha256(body))
  if (nonceReused && rules.callbackNonceReuse === 'refuse') return { refused: 'nonce_reused' }
  return { appKey: verdict.appKey, nonceReused, ...unpacked }
}

function isTooOld(
  { callbackMaxAgeSeconds }: CallbackRules,
  signedAtMs: number,
  receivedAtMs: number,
): boolean {
  // Written so that a signed time that is no number (NaN) is too old.
  return callbackMaxAgeSeconds > 0 && !(Math.abs(receivedAtMs - signedAtMs) <= callbackMaxAgeSeconds * 1000)
}
