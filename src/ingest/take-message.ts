/** Makes an archived message of a callback, with what it says of other messages. */
import { changeStatements, changeStatementsOf } from '../archive/changes.ts'
import { foresee, recordMessage, type WhenReplaced } from '../archive/record-message.ts'
import type { Arrival, Message } from '../domain/message.ts'
import { changesOfMessage, packetUnderSameUID } from '../rongcloud/changes/index.ts'
import { readForm } from '../rongcloud/form.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import type { HeldCallback } from './held-callback.ts'
import { toTaken } from './other-text.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'
import { toRecord } from './to-record.ts'

export async function takeMessage(
  deps: StoreDeps,
  { body, appKey, receivedAtMs, nonceReused }: HeldCallback,
  { whenLossy, dryRun = false, asEdit = deps.sameMsgUID === 'edit' && !nonceReused }: HowToTake,
): Promise<Taken> {
  const form = readForm(body)
  const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
  if ('unreadable' in parsed) return { outcome: 'unreadable', detail: parsed.unreadable, messageId: null }
  const { message } = parsed
  const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
  const record = toRecord(deps.templates, message, arrival)
  const alongside = () => [
    ...changeStatementsOf(message, changesOfMessage(message), arrival),
    ...(form.lossy ? (whenLossy?.() ?? []) : []),
  ]
  const result = dryRun
    ? await foresee(deps.store, record)
    : await recordMessage(deps.store, record, alongside(), whenReplaced(message, arrival))
  return toTaken(deps, record, result, { asEdit, dryRun })
}

/** The message had no say yet beside the log's copy, which may be another packet of the same text. */
function whenReplaced(message: Message, arrival: Arrival): WhenReplaced {
  return (content) => {
    const logged = packetUnderSameUID({ ...message, content }, message.content)
    const log = { ...arrival, origin: 'history_log' as const }
    return [
      ...changeStatements(changesOfMessage(message), arrival),
      ...changeStatements(logged ? [logged] : [], log),
    ]
  }
}
