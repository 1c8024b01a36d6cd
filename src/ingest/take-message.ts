/** Makes an archived message of a callback, with what it says of other messages. */
import { changeStatementsOf, recordChanges } from '../archive/changes.ts'
import { foresee, recordMessage } from '../archive/record-message.ts'
import { changesOfMessage } from '../rongcloud/changes/index.ts'
import { readForm } from '../rongcloud/form.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import type { HeldCallback } from './held-callback.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'
import { DETAIL } from './record-detail.ts'
import { toRecord } from './to-record.ts'

export async function takeMessage(
  deps: StoreDeps,
  { body, appKey, receivedAtMs, nonceReused }: HeldCallback,
  { whenLossy, dryRun = false }: HowToTake,
): Promise<Taken> {
  const form = readForm(body)
  const parsed = parseRoutedMessage(form, { appKey, receivedAtMs, hashing: deps.hashing })
  if ('unreadable' in parsed) return { outcome: 'unreadable', detail: parsed.unreadable, messageId: null }
  const arrival = { receivedAtMs, origin: 'callback' as const, problem: parsed.problem, nonceReused }
  const record = toRecord(deps.templates, parsed.message, arrival)
  const changes = changesOfMessage(parsed.message)
  const alongside = () => [
    ...changeStatementsOf(parsed.message, changes, arrival),
    ...(form.lossy ? (whenLossy?.() ?? []) : []),
  ]
  const result = dryRun
    ? await foresee(deps.store, record)
    : await recordMessage(deps.store, record, alongside())
  const { outcome, id } = result
  // It had no say yet beside what was there.
  if (!dryRun && 'isReplaced' in result) await recordChanges(deps.store, changes, arrival)
  return { outcome, detail: DETAIL[outcome](id), messageId: id }
}
