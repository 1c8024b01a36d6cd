/** What happens to a message callback: verify, read, keep; the answer is for whoever brought it to give. */
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { authenticate, type AuthenticateDeps, type Refusal } from './authenticate.ts'
import type { Buffer, HeldCallback } from './held-callback.ts'
import { storeMessage, type StoreDeps, type Stored } from './store-message.ts'

export type ReceiveDeps = AuthenticateDeps & StoreDeps & { buffer: Buffer | null }

/** Whatever is not refused is stored durably, or safe in the buffer. */
export type Outcome =
  Stored | { outcome: 'buffered'; nonceReused: boolean } | { outcome: 'refused'; reason: Refusal }

/** Rejects when the callback is genuine and could not be stored. */
export async function receiveMessage(deps: ReceiveDeps, callback: ArrivedCallback): Promise<Outcome> {
  const authenticity = authenticate(deps, callback)
  if ('refused' in authenticity) return { outcome: 'refused', reason: authenticity.refused }
  const { query, body, remoteAddress, receivedAtMs } = callback
  const contentType = callback.header('content-type') ?? null
  const held: HeldCallback = {
    ...authenticity,
    kind: 'messages',
    query,
    body,
    contentType,
    remoteAddress,
    receivedAtMs,
  }
  if (await deps.buffer?.(held)) return { outcome: 'buffered', nonceReused: held.nonceReused }
  return storeMessage(deps, held)
}
