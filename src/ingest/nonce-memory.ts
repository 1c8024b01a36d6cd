/**
 * The signature does not cover the body, so whoever gets hold of a signed URL can send any body with it.
 * This remembers which body each recent signature came with (design §9), in bounded memory.
 */
import { RecentMap } from '../domain/recent-map.ts'

// Some 200 bytes each.
const REMEMBERED_MAX = 50_000

/** True when the signature came before with another body; the same body again is a retry. */
export type IsReused = (signature: string, bodyHash: string) => boolean

export function createNonceMemory(max = REMEMBERED_MAX): IsReused {
  const bodyHashes = new RecentMap<string, string>(max)
  return (signature, bodyHash) => {
    const known = bodyHashes.get(signature)
    if (known !== undefined) return known !== bodyHash
    bodyHashes.set(signature, bodyHash)
    return false
  }
}
