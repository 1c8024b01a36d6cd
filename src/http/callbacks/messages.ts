import { endpoint } from '../endpoint.ts'
import { answerRongCloud } from '../safe-headers.ts'
import type { Reception } from './reception.ts'

export function messageCallback({ hold, keep }: Reception) {
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
      await keep(c, await hold(c, 'messages'))
      return answerRongCloud(c, 'ok', 'text/plain; charset=UTF-8')
    },
  })
}
