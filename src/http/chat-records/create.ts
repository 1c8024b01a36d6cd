import { toJsonId } from '../../domain/long-id.ts'
import { writeMessage } from '../../ingest/write-message.ts'
import { configuredAppKeyOf } from '../app-key.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import type { Principal } from '../principal.ts'
import { Created } from './answers.ts'
import { CreateBody } from './parameters.ts'

export function createEndpoint({ store, settings, hashing, now }: Deps) {
  const { templates, customMessageTypes } = settings
  return endpoint({
    method: 'POST',
    path: '/chat-records/create',
    tag: 'chat-records',
    summary: 'Write a message into the archive',
    description:
      'Form or JSON. With an Idempotency-Key header a repeat is harmless: it answers the id of the first. ' +
      'A message written here is archived, not sent through RongCloud.',
    access: { scope: 'write', orMember: true },
    errorShape: 'result',
    body: CreateBody,
    answer: { description: 'Archived.', schema: Created },
    handle: async ({ c, body, principal }) => {
      const appKey = configuredAppKeyOf(settings, body.appKey)
      const byMember = principal?.kind === 'member'
      const sender = byMember ? 'member' : (body.sender ?? 'member')
      const { id } = await writeMessage(
        { store, hashing, templates, customMessageTypes },
        { ...body, appKey, sender, byMember },
        { repeatKey: repeatKeyOf(c.req.header('idempotency-key'), principal), nowMs: now() },
      )
      return c.json({ result: 'success', message: 'the message is archived', id })
    },
  })
}

// Two credentials may choose the same key; each has its own.
function repeatKeyOf(key: string | undefined, principal: Principal | null): string | null {
  if (!key || !principal || principal.kind === 'operator') return null
  const owner =
    principal.kind === 'key' ? ['key', principal.name] : ['member', toJsonId(principal.memberId, 'number')]
  return JSON.stringify([...owner, key])
}
