import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryOf, heldCallbackOf } from '../../src/ingest/delivery.ts'
import type { HeldCallback } from '../../src/ingest/held-callback.ts'

// What it hashes to is of no matter here.
const hashing = {
  sha1: () => '',
  sha256: () => '',
  startSha256: () => ({ update: () => undefined, digest: () => '' }),
}

describe('a callback kept whole', () => {
  it('comes back to the byte', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      fc.constant(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)),
    )
    fc.assert(
      fc.property(bytes, fc.boolean(), (body, nonceReused) => {
        const held: HeldCallback = {
          appKey: 'app',
          kind: 'messages',
          query: 'a=%7E',
          contentType: null,
          body: Uint8Array.from(body),
          remoteAddress: '192.0.2.1',
          nonceReused,
          receivedAtMs: 5,
        }
        const kept = deliveryOf(hashing, held, { reason: 'failed', detail: '' })
        const row = {
          ...kept,
          id: 1,
          replayedAtMs: null,
          replayOutcome: null,
          otherTextOf: null,
          kind: held.kind,
        }
        expect(heldCallbackOf(row)).toEqual(held)
      }),
    )
  })
})
