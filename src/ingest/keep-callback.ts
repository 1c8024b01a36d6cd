import type { Buffer, HeldCallback } from './held-callback.ts'
import { storeCallback, type StoreDeps, type StoreOutcome } from './store-callback.ts'

export type KeepDeps = StoreDeps & { buffer: Buffer | null }

/** Stores a callback durably, or has it safe in the buffer. Rejects when neither can be done. */
export async function keepCallback(deps: KeepDeps, held: HeldCallback): Promise<StoreOutcome | 'buffered'> {
  if (await deps.buffer?.(held)) return 'buffered'
  return storeCallback(deps, held)
}
