import { z } from 'zod'
import { proveWritable } from '../archive/readiness.ts'
import type { Store } from '../archive/store.ts'
import { ArchiveError } from '../domain/errors.ts'
import type { Deps } from './deps.ts'
import { endpoint } from './endpoint.ts'

// Anybody may ask; the disk is bothered at most once in this time, and to no end four times.
const PROOF_HOLDS_MS = 1000
const FAILURE_HOLDS_MS = 250

const Status = z.object({ status: z.literal('ok') })
const Readiness = Status.extend({
  warnings: z
    .array(z.string())
    .optional()
    .meta({ description: 'What somebody should look at all the same.' }),
})
const about = { method: 'GET', tag: 'running it', access: 'public' } as const

export function healthEndpoints({ store, now, unconfiguredApps }: Deps) {
  const prove = createProof(store, now)

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
      answer: { description: 'Able to store.', schema: Readiness },
      handle: async ({ c }) => {
        await prove()
        const warnings = (await unconfiguredApps()).map(notConfigured)
        return c.json({ status: 'ok', ...(warnings.length > 0 && { warnings }) })
      },
    }),
  ]
}

function notConfigured(appKey: string): string {
  return `app key ${appKey} of the archive is not configured: its callbacks are refused; add it to RONGCLOUD_APPS`
}

/** One proof for all who ask within the time that it holds, begun, done or failed. */
function createProof(store: Store, now: () => number): () => Promise<void> {
  let last = { atMs: Number.NEGATIVE_INFINITY, holdsMs: 0, done: Promise.resolve() }

  return () => {
    // Of a clock that was put back the proof is as old as of one that was put forward.
    if (Math.abs(now() - last.atMs) >= last.holdsMs) begin()
    return last.done
  }

  function begin() {
    const own = { atMs: now(), holdsMs: PROOF_HOLDS_MS, done: proveWritable(store, now()).catch(failed) }
    last = own

    function failed(error: unknown): never {
      Object.assign(own, { atMs: now(), holdsMs: FAILURE_HOLDS_MS })
      return notWritable(error)
    }
  }
}

function notWritable(error: unknown): never {
  if (error instanceof ArchiveError) throw error
  throw new ArchiveError('unavailable', 'nothing can be stored now', { cause: error })
}
