/** What happens to a message callback: verify, read, keep; the answer is for whoever brought it to give. */
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import type { AuthenticateDeps, Refusal } from './authenticate.ts'
import type { Buffer } from './held-callback.ts'
import { holdCallback } from './hold-callback.ts'
import { storeCallback, type StoreDeps, type Stored } from './store-callback.ts'

export type ReceiveDeps = AuthenticateDeps & StoreDeps & { buffer: Buffer | null }

/** Whatever is not refused is stored durably, or safe in the buffer. */
export type Outcome =
  Stored | { outcome: 'buffered'; nonceReused: boolean } | { outcome: 'refused'; reason: Refusal }

/** Rejects when the callback is genuine and could not be stored. */
export async function receiveMessage(deps: ReceiveDeps, callback: ArrivedCallback): Promise<Outcome> {
  const held = holdCallback(deps, 'messages', callback)
  if ('refused' in held) return { outcome: 'refused', reason: held.refused }
  if (await deps.buffer?.(held)) return { outcome: 'buffered', nonceReused: held.nonceReused }
  return storeCallback(deps, held)
}
