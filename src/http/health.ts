import { z } from 'zod'
import { proveWritable } from '../archive/readiness.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { Deps } from './deps.ts'
import { endpoint } from './endpoint.ts'

// Anybody may ask; the disk is bothered at most once in this time.
const PROOF_HOLDS_MS = 1000

const Status = z.object({ status: z.literal('ok') })
const about = { method: 'GET', tag: 'running it', access: 'public' } as const

export function healthEndpoints({ store, now }: Deps) {
  let provedAtMs = Number.NEGATIVE_INFINITY

  return [
    endpoint({
      ...about,
      path: '/healthz',
      summary: 'The process is alive',
      answer: { description: 'Alive.', schema: Status },
      handle: ({ c }) => c.json({ status: 'ok' }),
    }),
    endpoint({
      ...about,
      path: '/readyz',
      summary: 'A callback could be stored now',
      description: 'Proved by a small commit. 503 when it could not, and `message` says why.',
      answer: { description: 'Able to store.', schema: Status },
      handle: async ({ c }) => {
        // Of a clock that was put back the proof is as old as of one that was put forward.
        if (Math.abs(now() - provedAtMs) >= PROOF_HOLDS_MS) {
          await proveWritable(store, now()).catch(notWritable)
          provedAtMs = now()
        }
        return c.json({ status: 'ok' })
      },
    }),
  ]
}

function notWritable(error: unknown): never {
  if (error instanceof ArchiveError) throw error
  throw new ArchiveError('unavailable', 'nothing can be stored now', { cause: error })
}
