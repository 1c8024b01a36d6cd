/** A message of the traffic as the archive takes it, without HTTP. */
import { toRecord } from '../src/ingest/to-record.ts'
import { nodeHashing } from '../src/node/hashing.ts'
import { parseRoutedMessage } from '../src/rongcloud/routed-message.ts'
import { readForm } from '../src/rongcloud/form.ts'
import type { Traffic } from './traffic.ts'

export function toArchived({ body, fields }: Traffic) {
  const receivedAtMs = Number(fields.msgTimestamp)
  const form = readForm(new TextEncoder().encode(body))
  const parsed = parseRoutedMessage(form, { appKey: 'uwd1c0sxdlx2', receivedAtMs, hashing: nodeHashing })
  if ('unreadable' in parsed) throw new Error(parsed.unreadable)
  const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused: false }
  return toRecord({ member: '{id}', seller: '{id}' }, parsed.message, arrival)
}
