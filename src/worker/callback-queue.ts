/** The burst buffer: a Cloudflare Queue between the answer to RongCloud and D1. */
import { factsOf } from '../domain/errors.ts'
import type { Count, Log } from '../domain/ports.ts'
import type { Tally } from '../http/callbacks/tally.ts'
import type { Buffer, HeldCallback } from '../ingest/held-callback.ts'
import { storeCallback } from '../ingest/store-callback.ts'
import type { StoreDeps } from '../ingest/store-callback.ts'
import { withoutSignature } from '../rongcloud/signature.ts'
import { within } from './d1-failure.ts'

// A queue message holds 128 KB with its envelope; what is larger goes straight to D1.
const HELD_MAX_BYTES = 120_000

// A slow queue must leave time for D1; what arrives by both ways is archived once.
const SEND_MS = 1500

// Cloudflare keeps queued messages for days, so it is patience that saves them, not haste.
const RETRY_FIRST_SECONDS = 10
const RETRY_LAST_SECONDS = 3600
const DEAD_RETRY_SECONDS = 6 * 3600

/** Ends the name of the queue that takes what the first one has given up on, as wrangler.toml has it. */
const DEAD_LETTER_SUFFIX = '-dead'

export function bufferIn(queue: Queue<HeldCallback>, log: Log): Buffer {
  return async (held) => {
    if (held.body.byteLength + held.query.length > HELD_MAX_BYTES) return false
    // It was verified; whoever may look into the queue could send any body with the signature.
    const unsigned = { ...held, query: withoutSignature(held.query) }
    try {
      // v8: a body is bytes, which JSON has no way to say.
      await within(SEND_MS, () => queue.send(unsigned, { contentType: 'v8' }))
      return true
    } catch (error) {
      log.warn('queue refused a callback', factsOf(error))
      return false
    }
  }
}

/**
 * Stores what the queue brings; each callback that cannot be stored comes again later. Twice or out of order
 * is no harm: what it tells is archived once, whatever its place. Those of older versions still have their signatures,
 * which are not kept.
 * @param deps the store should share commits, so that a batch is a few transactions
 */
export async function storeQueued(
  deps: StoreDeps & { log: Log; count: Count; tally: Tally },
  batch: MessageBatch<HeldCallback>,
): Promise<void> {
  const isDead = batch.queue.endsWith(DEAD_LETTER_SUFFIX)
  if (isDead) alert(deps, batch.messages)
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        const outcome = await storeCallback(deps, message.body)
        deps.count('rongcloud_queued_callbacks_total', { outcome })
        const { appKey, kind } = message.body
        if (outcome !== 'recorded') deps.tally.add({ appKey, kind, outcome })
        message.ack()
      } catch (error) {
        deps.log.warn('queued callback not stored', { attempts: message.attempts, ...factsOf(error) })
        message.retry({ delaySeconds: isDead ? DEAD_RETRY_SECONDS : delayAfter(message.attempts) })
      }
    }),
  )
  if (deps.tally.isDue()) await deps.tally.flush()
}

function alert({ log, count }: { log: Log; count: Count }, messages: readonly { attempts: number }[]) {
  log.error('callbacks in the dead-letter queue', { callbacks: messages.length })
  for (const { attempts } of messages) if (attempts === 1) count('rongcloud_dead_letters_total')
}

function delayAfter(attempts: number): number {
  return Math.min(RETRY_FIRST_SECONDS * 2 ** (attempts - 1), RETRY_LAST_SECONDS)
}
