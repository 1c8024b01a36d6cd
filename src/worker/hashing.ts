import { createHash } from 'node:crypto'
import type { Hashing } from '../domain/ports.ts'

/** By `nodejs_compat`: WebCrypto could not answer at once. */
export const workerHashing: Hashing = {
  sha1: (text) => createHash('sha1').update(text).digest('hex'),
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  startSha256: () => {
    const running = createHash('sha256')
    return { update: (data) => void running.update(data), digest: () => running.digest('hex') }
  },
}
