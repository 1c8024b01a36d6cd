import type { Delivery, KeptAside } from '../archive/deliveries.ts'
import type { Hashing } from '../domain/ports.ts'
import { withoutSignature } from '../rongcloud/signature.ts'
import type { HeldCallback } from './held-callback.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type WhyKept = Pick<KeptAside, 'reason' | 'detail' | 'otherTextOf'>

/** A callback as it is kept whole: its body to the byte, and nothing that would let a reader send another. */
export function deliveryOf(
  hashing: Hashing,
  { body, query, path: _path, unreadable: _why, ...held }: HeldCallback,
  why: WhyKept,
): KeptAside {
  const kept = { ...held, query: withoutSignature(query) }
  return { ...kept, ...why, ...bodyText(body), bodySha256: hashing.sha256(body) }
}

/** The callback that was kept, as it came, its signature left out. */
export function heldCallbackOf(delivery: Delivery): HeldCallback {
  const { appKey, query, contentType, body, bodyEncoding, remoteAddress, nonceReused, receivedAtMs } =
    delivery
  const bytes = bodyEncoding === 'base64' ? fromBase64(body) : new TextEncoder().encode(body)
  // What was written there by deliveryOf.
  const kind = delivery.kind as HeldCallback['kind']
  const held = { appKey, kind, query, contentType, body: bytes, remoteAddress, nonceReused, receivedAtMs }
  return delivery.reason === 'unknown_address' ? { ...held, path: delivery.detail } : held
}

function bodyText(body: Uint8Array): Pick<KeptAside, 'body' | 'bodyEncoding'> {
  try {
    return { body: strict.decode(body), bodyEncoding: 'utf8' }
  } catch {
    return { body: toBase64(body), bodyEncoding: 'base64' }
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
