import { createHash, hash } from 'node:crypto'
import type { Hashing } from '../domain/ports.ts'

export const nodeHashing: Hashing = {
  sha1: (text) => hash('sha1', text),
  sha256: (data) => hash('sha256', data),
  startSha256: () => {
    const running = createHash('sha256')
    return { update: (data) => void running.update(data), digest: () => running.digest('hex') }
  },
}
