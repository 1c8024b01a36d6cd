import { deleteForMember } from '../../archive/chat-records.ts'
import { ArchiveError } from '../../domain/errors.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { Deleted } from './answers.ts'
import { appKeyOf } from '../app-key.ts'
import { DeleteBody } from './parameters.ts'

export function deleteEndpoint({ store, settings, now }: Deps) {
  return endpoint({
    method: 'POST',
    path: '/chat-records/delete',
    tag: 'chat-records',
    summary: 'Hide a record from its member',
    description: 'The archive keeps the message; the member no longer sees it. Repeating it is harmless.',
    access: { scope: 'delete', orMember: true },
    errorShape: 'result',
    body: DeleteBody,
    answer: { description: 'Hidden, now or before.', schema: Deleted },
    handle: async ({ c, body: { memberId, id, appKey } }) => {
      const deleted = await deleteForMember(
        store,
        { appKey: appKeyOf(settings, appKey), memberId, id },
        now(),
      )
      if (!deleted) throw new ArchiveError('not_found', 'the member has no such record')
      return c.json({ result: 'success', message: 'the record is deleted' })
    },
  })
}
