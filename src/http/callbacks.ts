/** RongCloud's own addresses: outcomes become status codes here and nowhere else. */
import type { Context } from 'hono'
import { receiveMessage, type Outcome } from '../ingest/receive-message.ts'
import { createNonceMemory } from '../ingest/nonce-memory.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { ArchiveError } from '../domain/errors.ts'
import { createCaller, createIsListed } from './addresses.ts'
import type { Deps } from './deps.ts'
import { endpoint } from './endpoint.ts'
import { readBytes } from './parameters.ts'

export function callbackEndpoints(deps: Deps) {
  const { settings, store, hashing, now, count, log } = deps
  const caller = createCaller(deps)
  const isListed = createIsListed(settings.callbackIps)
  const rules = {
    ...settings,
    isCallbackAddressAllowed: (address: string | null) =>
      settings.callbackIps.length === 0 || isListed(address),
  }
  const receiveDeps = {
    store,
    buffer: deps.buffer,
    hashing,
    rules,
    templates: settings.templates,
    isNonceReused: createNonceMemory(),
  }

  return [
    endpoint({
      method: 'POST',
      path: '/callbacks/messages',
      tag: 'callbacks',
      summary: 'Message sync (全量消息路由)',
      description:
        'A form as RongCloud sends it, signed in the query or the headers. 200 means stored durably; a callback ' +
        'that cannot be read is kept aside and answered 200 too. 401: not signed by one of our apps. 503: try again.',
      access: 'rongcloud',
      answer: { description: 'Stored; the body says nothing.', contentType: 'text/plain' },
      handle: async ({ c }) => {
        const callback = await toCallback(c)
        const outcome = await receiveMessage(receiveDeps, callback).catch(notStored)
        countOutcome(outcome)
        if (outcome.outcome === 'refused') return refuse(c, outcome)
        return c.text('ok')
      },
    }),
  ]

  async function toCallback(c: Context): Promise<ArrivedCallback> {
    const { url } = c.req
    const queryAt = url.indexOf('?')
    return {
      query: queryAt < 0 ? '' : url.slice(queryAt + 1),
      header: (name) => c.req.header(name),
      body: await readBytes(c),
      remoteAddress: caller.address(c),
      receivedAtMs: now(),
    }
  }

  function countOutcome(outcome: Outcome) {
    const reason = outcome.outcome === 'refused' ? { reason: outcome.reason } : {}
    count('rongcloud_callbacks_total', { kind: 'messages', outcome: outcome.outcome, ...reason })
    if (outcome.outcome !== 'refused' && outcome.nonceReused)
      count('rongcloud_callback_nonces_reused_total', { kind: 'messages' })
  }

  // Whatever kept it from being stored, RongCloud's next try may find us better.
  function notStored(error: unknown): never {
    count('rongcloud_callbacks_total', { kind: 'messages', outcome: 'not_stored' })
    throw new ArchiveError('unavailable', 'the callback cannot be stored now', { cause: error })
  }

  function refuse(c: Context, { reason }: Outcome & { outcome: 'refused' }): never {
    log.warn('callback refused', { path: c.req.path, reason, address: caller.address(c) })
    if (reason === 'address_not_allowed')
      throw new ArchiveError('forbidden', 'this address may not send callbacks')
    throw new ArchiveError('unauthorized', `the callback is refused: ${reason.replaceAll('_', ' ')}`)
  }
}
