/** Makes an archived message of a callback, with what it says of other messages. */
import { changeStatementsOf } from '../archive/changes.ts'
import { foresee, recordMessage } from '../archive/record-message.ts'
import { changesOfMessage } from '../rongcloud/changes/index.ts'
import { readForm } from '../rongcloud/form.ts'
import { parseRoutedMessage } from '../rongcloud/routed-message.ts'
import type { HeldCallback } from './held-callback.ts'
import type { HowToTake, StoreDeps, Taken } from './store-callback.ts'
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
  const alongside = () => [
    ...changeStatementsOf(parsed.message, changesOfMessage(parsed.message), arrival),
    ...(form.lossy ? (whenLossy?.() ?? []) : []),
  ]
  const { outcome, id } = dryRun
    ? await foresee(deps.store, record)
    : await recordMessage(deps.store, record, alongside())
  return { outcome, detail: DETAIL[outcome](id), messageId: id }
}

const DETAIL = {
  recorded: (id: number | null) => (id === null ? 'would become a new message' : `became message ${id}`),
  known: (id: number | null) => `is message ${id} again`,
  conflict: (id: number | null) => `message ${id} has this msgUID and other fields`,
}
