import { receiveMessage } from '../../ingest/receive-message.ts'
import { endpoint } from '../endpoint.ts'
import { answerRongCloud } from '../safe-headers.ts'
import type { Reception } from './reception.ts'

export function messageCallback({ receiveDeps, toCallback, countOutcome, notStored, refuse }: Reception) {
  return endpoint({
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
      const arrival = { c, kind: 'messages', callback: await toCallback(c) } as const
      const failed = (error: unknown) => notStored(arrival, error)
      const outcome = await receiveMessage(receiveDeps, arrival.callback).catch(failed)
      countOutcome(arrival, outcome)
      if (outcome.outcome === 'refused') return refuse(c, outcome)
      return answerRongCloud(c, 'ok', 'text/plain; charset=UTF-8')
    },
  })
}
