import type { EventKind } from '../../src/rongcloud/events/index.ts'
import text from '../fixtures/callbacks.ndjson?raw'

/** One callback as RongCloud sends it; names with `-bad-` are signed wrongly on purpose. */
export type Sample = {
  name: string
  kind: string
  query: Record<string, string>
  contentType: string
  body: string
  headers?: Record<string, string>
}

const samples = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)

export const messageSamples = samples.filter(({ kind }) => kind === 'message')

/** As the file of samples names them. */
const EVENT_KIND_OF: Readonly<Record<string, EventKind>> = {
  pre_message: 'pre-messages',
  online_status: 'online-status',
  chatroom_status: 'chatroom-status',
  chatroom_kv: 'chatroom-kv',
  user_deactivation: 'user-deactivations',
  audit_result: 'audit-results',
  message_operation: 'message-operations',
  bot: 'bots',
}

/** Every callback that is no message, its kind as the address has it. */
export const eventSamples = samples
  .filter(({ kind }) => kind !== 'message')
  .map(({ kind: named, name, query, contentType, headers, body }) => {
    const kind = EVENT_KIND_OF[named]
    if (kind === undefined) throw new Error(`no kind for ${named}`)
    return { name, kind, query, contentType, headers, body }
  })
