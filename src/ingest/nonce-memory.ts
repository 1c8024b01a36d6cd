/**
 * The signature does not cover the body, so whoever gets hold of a signed URL can send any body with it.
 * This remembers which body each recent signature came with (design §9), in bounded memory.
 */
// Some 200 bytes each.
const REMEMBERED_MAX = 50_000

/** True when the signature came before with another body; the same body again is a retry. */
export type IsReused = (signature: string, bodyHash: string) => boolean

export function createNonceMemory(max = REMEMBERED_MAX): IsReused {
  const bodyHashes = new Map<string, string>()
  return (signature, bodyHash) => {
    const known = bodyHashes.get(signature)
    if (known !== undefined) return known !== bodyHash
    if (bodyHashes.size >= max) forgetOldest(bodyHashes)
    bodyHashes.set(signature, bodyHash)
    return false
  }
}

function forgetOldest(bodyHashes: Map<string, string>) {
  for (const oldest of bodyHashes.keys()) {
    bodyHashes.delete(oldest)
    return
  }
}
